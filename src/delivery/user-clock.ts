/** Remembers when each user was last written to, for as long as that matters. */
export interface UserClock {
  /** Milliseconds until the user may be written to again. */
  waitMs(user: string): number;
  /** A write starts now. */
  start(user: string, nowMs: number): void;
}

/**
 * Forgets by itself: in order of their starts, those that are over stand in front, and each new start removes them. No timer, and no memory of users at rest.
 *
 * @see {@link https://documentation.onesignal.com/reference/rate-limits | OneSignal: Rate limits, one request a second per user}
 * @internal
 */
export function createUserClock(intervalMs: number): UserClock {
  const starts = new Map<string, number>();
  return {
    waitMs(user) {
      const start = starts.get(user);
      // The clock may have been set back: nobody waits longer than the interval.
      return start === undefined ? 0 : Math.min(Math.max(start + intervalMs - Date.now(), 0), intervalMs);
    },
    start(user, nowMs) {
      for (const [known, start] of starts) {
        if (start + intervalMs > nowMs) break;
        starts.delete(known);
      }
      starts.delete(user);
      if (intervalMs > 0) starts.set(user, nowMs);
    },
  };
}
