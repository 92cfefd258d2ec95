/** Remembers when each user was last written to, for as long as that matters. */
export interface UserClock {
  /** Milliseconds until the user may be written to again. */
  waitMs(user: string): number;
  /** A write starts now. */
  start(user: string, nowMs: number): void;
}

/**
 * Forgets by itself: once an interval the starts of the interval before are let go as a whole. No timer, no search, and no memory of users at rest.
 *
 * @see {@link https://documentation.onesignal.com/reference/rate-limits | OneSignal: Rate limits, one request a second per user}
 * @internal
 */
export function createUserClock(intervalMs: number): UserClock {
  let starts = new Map<string, number>();
  let before = new Map<string, number>();
  let since = 0;
  return {
    waitMs(user) {
      const start = starts.get(user) ?? before.get(user);
      const now = Date.now();
      // A start in the future is of a clock that was set back since: nobody waits until it has caught up.
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
