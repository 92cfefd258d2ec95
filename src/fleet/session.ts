import type { Outcome } from '../delivery/outcome.js';
import type { Destination } from '../pipeline.js';
import { elapsedMs, type Fence, LeaseOver, type Moment, momentNow } from './fence.js';
import type { RunOnQueue } from './options.js';
import { OwnedPartitions, type PartitionGrant } from './owned-partitions.js';
import { partitionCount } from './partition.js';
import { beat } from './scripts/beat.js';
import { exchange } from './scripts/exchange.js';
import { recover } from './scripts/recover.js';
import { release } from './scripts/release.js';
import { type Acknowledgement, readTaken, type TakenEvent, TakenEvents } from './taken-events.js';
import { sleep, within } from './within.js';

/** What a session runs with. */
export interface SessionSettings {
  run: RunOnQueue;
  leaseMs: number;
  userIntervalMs: number;
  repairMs: number;
  maxInFlight: number;
  onRedisError: (thrown: unknown) => void;
}

/** The first lease of a session. */
export interface SessionStart extends PartitionGrant {
  readonly id: string;
}

const maxKeptPerPartition = 10_000;
const maxDeadLetters = 100_000;
const maxPerExchange = 500;
/** A user with a lot of traffic may fill a partition, and is written to once a second. The others have room in any case. */
const maxPartOfOne = 0.5;
const roomOfEach = 50;
/**
 * How many events are in flight at first; it doubles each second. Workers often start together, and the first one hands
 * partitions over only when their events are settled.
 */
const firstInFlight = 500;
/** How often Redis is asked, if there is something to do and if not. */
const busyMs = 5;
const idleMs = 50;

/** Renews a lease, or takes the first one if there is no session yet. `undefined` if the session has ended. @internal */
export async function beatOnce(
  { run, leaseMs, userIntervalMs, repairMs }: SessionSettings,
  session: string,
): Promise<SessionStart | undefined> {
  const reply = await within(leaseMs / 3, run(beat, [session, leaseMs, partitionCount, userIntervalMs, repairMs]));
  const [id, share, ...claims] = Array.isArray(reply) ? reply : [];
  if (id === null || id === undefined) return undefined;
  return {
    id: String(id),
    share: Number(share),
    claims: claims.flatMap((partition, index) =>
      index % 2 === 0 ? [[Number(partition), Number(claims[index + 1])] as const] : [],
    ),
  };
}

/**
 * The time between two ends of a lease: takes events of its partitions, hands them to the destination, and acknowledges
 * each as soon as its outcome is known. The destination keeps the order of each user, merges, and paces.
 */
export class Session {
  readonly #id: string;
  readonly #settings: SessionSettings;
  readonly #fence: Fence;
  readonly #events = new TakenEvents();
  readonly #partitions = new OwnedPartitions();
  /** One for each delivery under way: Node warns of a signal with more than ten listeners. */
  readonly #deliveries = new Set<AbortController>();
  readonly #startedAtMs = performance.now();
  #deliver: (events: readonly TakenEvent[]) => Promise<unknown> = async () => {};
  #turn = 0;
  #isClosing = false;

  constructor(start: SessionStart, settings: SessionSettings, fence: Fence) {
    this.#id = start.id;
    this.#settings = settings;
    this.#fence = fence;
    this.#partitions.take(start);
  }

  /** How long to wait for an answer of Redis. */
  get #answerMs(): number {
    return this.#settings.leaseMs / 3;
  }

  get partitions(): number[] {
    return this.#partitions.all;
  }

  /** An input has its outcome. */
  settle(input: unknown, outcome: Outcome): void {
    this.#events.settle(input, outcome);
  }

  /** Runs until the lease is over or, after {@link close}, everything is settled. */
  async run(destination: Destination, prepare: (input: unknown) => Promise<void>): Promise<void> {
    this.#deliver = async (events) => {
      const delivery = new AbortController();
      this.#deliveries.add(delivery);
      try {
        for (const { input, isRepair } of events) if (isRepair) await prepare(input);
        const inputs = events.map(({ input }) => input);
        await destination.deliver(inputs, { signal: delivery.signal });
      } finally {
        this.#deliveries.delete(delivery);
      }
    };
    await Promise.all([this.#keepLease(), this.#exchangeAll()]);
    this.#fence.end();
    for (const delivery of this.#deliveries) delivery.abort(new LeaseOver());
    // If the lease is over, others may have everything already. If not, they need not wait for its end.
    await this.#release(this.partitions, true).catch(this.#settings.onRedisError);
  }

  /** Takes nothing more. */
  close(): void {
    this.#isClosing = true;
  }

  async #keepLease(): Promise<void> {
    const { leaseMs } = this.#settings;
    let next = momentNow();
    while (!this.#isDone) {
      await sleep(Math.min(50, leaseMs / 20));
      await this.#leaveSome();
      if (elapsedMs(next) < leaseMs / 5) continue;
      next = momentNow();
      await this.#renew(next);
    }
  }

  async #renew(sentAt: Moment): Promise<void> {
    try {
      const renewed = await beatOnce(this.#settings, this.#id);
      if (renewed === undefined) this.#fence.end();
      else {
        this.#fence.renew(sentAt);
        this.#partitions.take(renewed);
      }
    } catch (thrown) {
      this.#settings.onRedisError(thrown);
    }
  }

  /** Ends the session, whether or not everything is settled. */
  end(): void {
    this.#fence.end();
  }

  get #isDone(): boolean {
    return !this.#fence.isHeld || (this.#isClosing && this.#events.size === 0);
  }

  async #exchangeAll(): Promise<void> {
    while (!this.#isDone) {
      const isBusy = await this.#exchangeOnce();
      await sleep(isBusy ? busyMs : idleMs);
    }
  }

  /** Acknowledges and takes events. Returns whether there was something to do. */
  async #exchangeOnce(): Promise<boolean> {
    const acknowledgements = this.#events.takeAcknowledgements();
    const { leaving } = this.#partitions;
    try {
      const reply = await within(this.#answerMs, this.#callExchange(acknowledgements));
      const [isAccepted, ...taken] = Array.isArray(reply) ? reply : [];
      if (Number(isAccepted) !== 1) {
        this.#fence.end();
        return false;
      }
      this.#events.forget(acknowledgements);
      this.#start(readTaken(taken));
      // Not earlier: the exchange before may still have brought events of them.
      for (const partition of leaving) if (this.#events.countOf(partition) === 0) this.#partitions.settled(partition);
      return taken.length > 0 || acknowledgements.length > 0;
    } catch (thrown) {
      this.#settings.onRedisError(thrown);
      this.#events.keepAcknowledgements(acknowledgements);
      await this.#recover();
      return true;
    }
  }

  get #maxInFlight(): number {
    const seconds = (performance.now() - this.#startedAtMs) / 1_000;
    return Math.min(this.#settings.maxInFlight, Math.round(firstInFlight * 2 ** seconds));
  }

  #callExchange(acknowledgements: readonly Acknowledgement[]): Promise<unknown> {
    const { run, repairMs } = this.#settings;
    const most = this.#maxInFlight;
    const room = Math.max(0, most - this.#events.size);
    return run(exchange, [
      this.#id,
      ++this.#turn,
      repairMs,
      maxKeptPerPartition,
      maxDeadLetters,
      this.#isClosing ? 0 : maxPerExchange,
      acknowledgements.length,
      ...acknowledgements.flatMap(({ event, settlement }) => [
        event.partition,
        event.id,
        event.user,
        settlement.kind,
        settlement.detail,
      ]),
      ...this.#partitions.readable(this.#turn).flatMap((partition) => {
        const own = this.#events.countOf(partition);
        return [partition, Math.max(Math.min(room, Math.round(most * maxPartOfOne) - own), roomOfEach - own, 0)];
      }),
    ]);
  }

  #start(events: readonly TakenEvent[]): void {
    for (const event of events) this.#events.add(event);
    if (events.length === 0) return;
    this.#deliver(events).catch(() => {
      // An event that has no outcome, because the delivery was interrupted.
      for (const event of events) this.#events.acknowledge(event, { kind: 'retry', detail: 1_000 });
    });
  }

  /** After an exchange without an answer: what it has taken for this session has to come again. */
  async #recover(): Promise<void> {
    while (this.#fence.isHeld) {
      await sleep(100);
      try {
        const turn = [this.#id, ++this.#turn, partitionCount, ...this.#events.ids];
        const reply = await within(this.#answerMs, this.#settings.run(recover, turn));
        if (!Array.isArray(reply) || Number(reply[0]) !== 1) this.#fence.end();
        return;
      } catch (thrown) {
        this.#settings.onRedisError(thrown);
      }
    }
  }

  /** Another worker has joined: gives it partitions, as soon as their events are settled. */
  async #leaveSome(): Promise<void> {
    this.#partitions.leaveExtra();
    const { left } = this.#partitions;
    if (left.length === 0) return;
    try {
      await this.#release(left, false);
      for (const partition of left) this.#partitions.forget(partition);
    } catch (thrown) {
      this.#settings.onRedisError(thrown);
    }
  }

  async #release(partitions: readonly number[], isEnd: boolean): Promise<void> {
    const { run, repairMs } = this.#settings;
    await within(this.#answerMs, run(release, [this.#id, repairMs, isEnd ? 1 : 0, ...partitions]));
  }
}
