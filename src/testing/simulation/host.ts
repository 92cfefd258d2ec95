import type { Outcome } from '../../delivery/outcome.js';
import type { Deliverer } from '../../pipeline.js';
import type { ArrivingEvents } from './arrivals.js';
import { createPromiseSettler } from './settle-promises.js';
import type { VirtualClock } from './virtual-clock.js';

export interface HostOptions {
  readonly events: readonly unknown[];
  readonly arrivals: readonly ArrivingEvents[];
  readonly destination: Deliverer;
  /** How often a retryable event is delivered again. */
  readonly redeliveries: number;
  readonly clock: VirtualClock;
  /** Whether a request is in flight that does not wait for the clock. */
  readonly isBusy: () => boolean;
}

/** A queue waits at least this long before a redelivery. */
const minRedeliveryMs = 1_000;

/**
 * Delivers events when they arrive, and retryable ones again as a queue would. Advances the clock until every event has
 * its last outcome.
 *
 * @returns The last outcome of each event.
 * @internal
 */
export async function playHost(options: HostOptions): Promise<Outcome[]> {
  const { events, arrivals, destination, redeliveries, clock, isBusy } = options;
  const startMs = clock.now();
  const outcomes: Outcome[] = [];
  let open = arrivals.length;
  let failure: { thrown: unknown } | undefined;

  const deliver = async (indexes: readonly number[], number: number): Promise<void> => {
    const delivered = await destination.deliver(indexes.map((index) => events[index]));
    delivered.forEach((outcome, place) => {
      const index = indexes[place] ?? 0;
      outcomes[index] = outcome;
      if (outcome.status !== 'retryable' || number > redeliveries) return;
      open++;
      clock.after(Math.max(outcome.retryAfterMs ?? 0, minRedeliveryMs), () => start([index], number + 1));
    });
    open--;
  };
  const start = (indexes: readonly number[], number: number): void => {
    deliver(indexes, number).catch((thrown: unknown) => {
      failure = { thrown };
    });
  };
  for (const { atMs, indexes } of arrivals) clock.after(atMs - startMs, () => start(indexes, 1));

  const promises = createPromiseSettler();
  try {
    while (open > 0) {
      do await promises.settled();
      while (isBusy());
      if (failure !== undefined) throw failure.thrown;
      if (open > 0) clock.runNext();
    }
  } finally {
    promises.close();
  }
  return outcomes;
}
