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
      const now = Date.now();
      // A start in the future is of a clock that was set back since: nobody waits until it has caught up.
      return start === undefined || start > now ? 0 : Math.max(start + intervalMs - now, 0);
    },
    start(user, nowMs) {
      for (const [known, start] of starts) {
        if (start <= nowMs && start + intervalMs > nowMs) break;
        starts.delete(known);
      }
      starts.delete(user);
      if (intervalMs > 0) starts.set(user, nowMs);
    },
  };
}
