import type { Clock } from '../../clock.js';
import { createExpiringMap } from '../expiring-map.js';

const maxArrivals = 10_000;
const arrivalMs = 4 * 60 * 60 * 1000;

/** The times of events, as far as the clocks that wrote them can be believed. */
export interface Arrivals {
  /**
   * The time that an event counts as of. A time in the future means a clock that runs ahead: it counts as the event's
   * first arrival, however often it is delivered, or it would block every write until then.
   *
   * @param event - Key of the event; `undefined` if a redelivery cannot be recognized.
   */
  timeOf(event: string | undefined, happenedMs: number): number;
}

/** @internal */
export function createArrivals(clock: Clock): Arrivals {
  const arrivals = createExpiringMap<number>(maxArrivals, clock);
  return {
    timeOf(event, happenedMs) {
      const first = event === undefined ? undefined : arrivals.get(event);
      if (first !== undefined) return Math.min(first, happenedMs);
      const now = clock.now();
      if (happenedMs <= now) return happenedMs;
      if (event !== undefined) arrivals.set(event, now, arrivalMs);
      return now;
    },
  };
}
