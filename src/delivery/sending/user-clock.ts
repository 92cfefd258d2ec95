import type { Clock } from '../../clock.js';

/**
 * Remembers when each user was last written to, so that a user is written to at most once a second (`userIntervalMs`).
 * The pace of all requests of the app together is kept in app-pacer.ts.
 */
export interface UserClock {
  /** Milliseconds until the user may be written to again. */
  waitMs(user: string): number;
  /** Records that a write to the user started. */
  start(user: string, nowMs: number): void;
}

/**
 * Keeps the starts of two intervals and drops the older ones as a whole: no timer, no search, and no memory of idle
 * users (D7).
 *
 * @internal
 */
export function createUserClock(intervalMs: number, clock: Clock): UserClock {
  let starts = new Map<string, number>();
  let before = new Map<string, number>();
  let since = 0;
  return {
    waitMs(user) {
      const start = starts.get(user) ?? before.get(user);
      const now = clock.now();
      // A start in the future predates a clock change; it must not block the user until the clock has caught up.
      return start === undefined || start > now ? 0 : Math.max(start + intervalMs - now, 0);
    },
    start(user, nowMs) {
      if (intervalMs === 0) return;
      if (Math.abs(nowMs - since) >= intervalMs) {
        before = starts;
        starts = new Map();
        since = nowMs;
      }
      starts.set(user, nowMs);
    },
  };
}
