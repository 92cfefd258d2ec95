import type { Outcome } from '../delivery/outcome.js';
import type { Fence } from './fence.js';
import type { OwnedPartitions } from './owned-partitions.js';
import { partitionCount } from './partition.js';
import { exchange } from './scripts/exchange.js';
import { recover } from './scripts/recover.js';
import type { SessionSettings } from './session-settings.js';
import { deadWith } from './settlement.js';
import { type Acknowledgement, readTaken, type TakenEvent, TakenEvents } from './taken-events.js';
import { sleep, within } from './within.js';

const maxKeptPerPartition = 10_000;
const maxDeadLetters = 100_000;
const maxPerExchange = 500;
/** Real events take a few kB, but anyone who has the webhook's secret can send events of several megabytes. */
const maxBytesPerExchange = 4_000_000;
const maxBytesInFlight = 64_000_000;
/**
 * How many events are in flight at first; it doubles each second. Workers often start together, and the first one hands
 * partitions over only when their events are settled.
 */
const firstInFlight = 500;
/** How often Redis is asked, if there is something to do and if not. */
const busyMs = 5;
const idleMs = 50;

/** What an {@link EventExchange} belongs to. */
export interface ExchangeStart {
  readonly session: string;
  readonly settings: SessionSettings;
  readonly fence: Fence;
  readonly partitions: OwnedPartitions;
}

/** Takes events of a session's partitions from Redis, and acknowledges each as soon as its outcome is known. */
export class EventExchange {
  readonly #session: string;
  readonly #settings: SessionSettings;
  readonly #fence: Fence;
  readonly #partitions: OwnedPartitions;
  readonly #events = new TakenEvents();
  readonly #startedAtMs = performance.now();
  #turn = 0;
  #isClosing = false;

  constructor({ session, settings, fence, partitions }: ExchangeStart) {
    this.#session = session;
    this.#settings = settings;
    this.#fence = fence;
    this.#partitions = partitions;
  }

  /** Whether the lease is over or, after {@link close}, everything is settled. */
  get isDone(): boolean {
    return !this.#fence.isHeld || (this.#isClosing && this.#events.size === 0);
  }

  /** Takes nothing more. */
  close(): void {
    this.#isClosing = true;
  }

  /** An input has its outcome. */
  settle(input: unknown, outcome: Outcome): void {
    this.#events.settle(input, outcome, this.#settings.clock.now());
  }

  /** Runs until it is done. */
  async run(deliver: (events: readonly TakenEvent[]) => Promise<unknown>): Promise<void> {
    while (!this.isDone) {
      const isBusy = await this.#exchangeOnce(deliver);
      await sleep(isBusy ? busyMs : idleMs);
    }
  }

  /** Acknowledges and takes events. Returns whether there was something to do. */
  async #exchangeOnce(deliver: (events: readonly TakenEvent[]) => Promise<unknown>): Promise<boolean> {
    const acknowledgements = this.#events.takeAcknowledgements();
    const { leaving } = this.#partitions;
    try {
      const reply = await within(this.#settings.answerMs, this.#callExchange(acknowledgements));
      const [isAccepted, ...taken] = Array.isArray(reply) ? reply : [];
      if (Number(isAccepted) !== 1) {
        this.#fence.lose();
        return false;
      }
      this.#events.forget(acknowledgements);
      this.#start(readTaken(taken), deliver);
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

  #callExchange(acknowledgements: readonly Acknowledgement[]): Promise<unknown> {
    const { run, repairMs } = this.#settings;
    return run(exchange, [
      this.#session,
      ++this.#turn,
      repairMs,
      maxKeptPerPartition,
      maxDeadLetters,
      this.#isClosing ? 0 : Math.max(0, Math.min(maxPerExchange, this.#most - this.#events.size)),
      Math.max(0, Math.min(maxBytesPerExchange, maxBytesInFlight - this.#events.bytes)),
      acknowledgements.length,
      ...acknowledgements.flatMap(({ event, settlement }) => [
        event.partition,
        event.id,
        event.user,
        settlement.kind,
        settlement.detail,
      ]),
      ...this.#roomByPartition(),
    ]);
  }

  /** How many events may be in flight now. */
  get #most(): number {
    const seconds = (performance.now() - this.#startedAtMs) / 1_000;
    return Math.min(this.#settings.maxInFlight, Math.round(firstInFlight * 2 ** seconds));
  }

  /**
   * Each partition to read, with the number of events that it may bring. One half of what may be in flight is divided
   * evenly among the partitions; the other half is for those that need more, such as that of a user with a lot of traffic.
   */
  #roomByPartition(): number[] {
    const counts = this.#partitions
      .readable(this.#turn)
      .map((partition) => [partition, this.#events.countOf(partition)] as const);
    const half = Math.floor(this.#most / 2);
    const own = Math.max(1, Math.floor(half / Math.max(counts.length, 1)));
    const shared = counts.reduce((left, [, count]) => left - Math.max(0, count - own), half);
    return counts.flatMap(([partition, count]) => [partition, Math.max(0, own - count) + Math.max(0, shared)]);
  }

  #start(events: readonly TakenEvent[], deliver: (events: readonly TakenEvent[]) => Promise<unknown>): void {
    for (const event of events) {
      this.#events.add(event);
      if (event.problem !== undefined) this.#events.acknowledge(event, deadWith(event.problem));
    }
    const readable = events.filter(({ problem }) => problem === undefined);
    const [first] = readable;
    if (first === undefined) return;
    this.#settings.onTaken(first);
    deliver(readable).catch(() => {
      // An event that has no outcome, because the delivery was interrupted.
      for (const event of readable) this.#events.acknowledge(event, { kind: 'retry', detail: 1_000 });
    });
  }

  /** After an exchange without an answer: what it has taken for this session has to come again. */
  async #recover(): Promise<void> {
    while (this.#fence.isHeld) {
      await sleep(100);
      try {
        const turn = [this.#session, ++this.#turn, partitionCount, ...this.#events.ids];
        const reply = await within(this.#settings.answerMs, this.#settings.run(recover, turn));
        if (!Array.isArray(reply) || Number(reply[0]) !== 1) this.#fence.lose();
        return;
      } catch (thrown) {
        this.#settings.onRedisError(thrown);
      }
    }
  }
}
