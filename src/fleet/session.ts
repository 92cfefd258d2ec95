import type { Outcome } from '../delivery/outcome.js';
import type { Destination } from '../pipeline.js';
import { EventExchange } from './event-exchange.js';
import { elapsedMs, type Fence, LeaseOver, type Moment, momentNow } from './fence.js';
import { OwnedPartitions, type PartitionGrant } from './owned-partitions.js';
import { partitionCount } from './partition.js';
import { beat } from './scripts/beat.js';
import { release } from './scripts/release.js';
import type { SessionSettings } from './session-settings.js';
import type { TakenEvent } from './taken-events.js';
import { sleep, within } from './within.js';

/** The first lease of a session. */
export interface SessionStart extends PartitionGrant {
  readonly id: string;
}

/** Renews a lease, or takes the first one if there is no session yet. `undefined` if the session has ended. @internal */
export async function beatOnce(
  { run, leaseMs, answerMs, userIntervalMs, repairMs, clock }: SessionSettings,
  session: string,
): Promise<SessionStart | undefined> {
  const reply = await within(answerMs, run(beat, [session, leaseMs, partitionCount, userIntervalMs, repairMs]));
  const [id, redisMs, share, ...claims] = Array.isArray(reply) ? reply : [];
  if (id === null || id === undefined) return undefined;
  clock.follow(Number(redisMs));
  return {
    id: String(id),
    share: Number(share),
    claims: claims.flatMap((partition, index) =>
      index % 2 === 0 ? [[Number(partition), Number(claims[index + 1])] as const] : [],
    ),
  };
}

/**
 * The time between two ends of a lease: keeps the lease, shares partitions with other workers, and hands the events of its
 * own to the destination, which keeps the order of each user, merges, and paces.
 */
export class Session {
  readonly #id: string;
  readonly #settings: SessionSettings;
  readonly #fence: Fence;
  readonly #partitions = new OwnedPartitions();
  readonly #exchange: EventExchange;
  /** One for each delivery under way: Node warns of a signal with more than ten listeners. */
  readonly #deliveries = new Set<AbortController>();

  constructor(start: SessionStart, settings: SessionSettings, fence: Fence) {
    this.#id = start.id;
    this.#settings = settings;
    this.#fence = fence;
    this.#partitions.take(start);
    this.#exchange = new EventExchange({ session: start.id, settings, fence, partitions: this.#partitions });
  }

  get partitions(): number[] {
    return this.#partitions.all;
  }

  /** An input has its outcome. */
  settle(input: unknown, outcome: Outcome): void {
    this.#exchange.settle(input, outcome);
  }

  /** Runs until the lease is over or, after {@link close}, everything is settled. */
  async run(destination: Destination, prepare: (input: unknown) => Promise<void>): Promise<void> {
    const deliver = async (events: readonly TakenEvent[]): Promise<void> => {
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
    await Promise.all([this.#keepLease(), this.#exchange.run(deliver)]);
    this.#fence.end();
    for (const delivery of this.#deliveries) delivery.abort(new LeaseOver());
    // If the lease is over, others may have everything already. If not, they need not wait for its end.
    await this.#release(this.partitions, true).catch(this.#settings.onRedisError);
  }

  /** Takes nothing more. */
  close(): void {
    this.#exchange.close();
  }

  async #keepLease(): Promise<void> {
    const { leaseMs } = this.#settings;
    let next = momentNow();
    while (!this.#exchange.isDone) {
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
      if (renewed === undefined) this.#fence.lose();
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
    const { run, answerMs, repairMs } = this.#settings;
    await within(answerMs, run(release, [this.#id, repairMs, isEnd ? 1 : 0, ...partitions]));
  }
}
