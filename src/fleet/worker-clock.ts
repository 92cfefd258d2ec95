import { type Clock, systemClock } from '../clock.js';

/** A smaller difference may be the time that an answer took. */
const leastDifferenceMs = 1_000;

/** A clock that is not behind that of Redis. */
export interface WorkerClock extends Clock {
  /** Redis has just told its time. */
  follow(redisMs: number): void;
}

/**
 * Events are stored by Redis's clock. To a worker whose clock is slow, they would come from the future, and count as of
 * their delivery, in whatever order that is.
 *
 * @internal
 */
export function createWorkerClock(): WorkerClock {
  let behindMs = 0;
  return {
    ...systemClock,
    now: () => systemClock.now() + behindMs,
    follow(redisMs) {
      const measuredMs = redisMs - systemClock.now();
      if (Math.abs(measuredMs - behindMs) >= leastDifferenceMs) behindMs = Math.max(0, measuredMs);
    },
  };
}
