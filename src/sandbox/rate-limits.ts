import type { Clock } from '../clock.js';
import { Refused, rateLimited } from './answers.js';

const WINDOW_MS = 1000;
/** docs/onesignal.md 6. */
const WRITES_PER_APP = 1000;
const WRITES_PER_USER = 1;
const VIEWS_PER_APP = 1;
/**
 * The number of users above which idle ones are removed, so that a long soak test does not keep every user it has seen.
 */
const SWEEP_AT = 10_000;

/**
 * OneSignal's requests per second (docs/onesignal.md 6). Segments and custom events are not limited, because their
 * limits are not published.
 */
export interface RateLimits {
  /** Counts a request that changes a user or a subscription, or refuses it. Each of the names identifies the user. */
  write(names: readonly string[]): void;
  /** Counts a request that reads a user, or refuses it. */
  view(): void;
}

export function createRateLimits(clock: Clock): RateLimits {
  const app: number[] = [];
  const views: number[] = [];
  const byUser = new Map<string, number[]>();

  return {
    write(names) {
      const now = clock.now();
      if (byUser.size > SWEEP_AT)
        for (const [key, times] of byUser) if ((times.at(-1) ?? 0) <= now - WINDOW_MS) byUser.delete(key);
      const own = names.map((name) => {
        const times = byUser.get(name) ?? [];
        byUser.set(name, times);
        return times;
      });
      // All are checked before any is counted, because a refused request does not count.
      for (const times of own) checkWindow(times, WRITES_PER_USER, now);
      checkWindow(app, WRITES_PER_APP, now);
      for (const times of [...own, app]) times.push(now);
    },
    view() {
      const now = clock.now();
      checkWindow(views, VIEWS_PER_APP, now);
      views.push(now);
    },
  };
}

/** A sliding window: no second, wherever it begins, may hold more requests than the limit. */
function checkWindow(times: number[], limit: number, now: number): void {
  const current = times.findIndex((time) => time > now - WINDOW_MS);
  if (current !== 0) times.splice(0, current === -1 ? times.length : current);
  const oldest = times[0];
  if (oldest !== undefined && times.length >= limit)
    throw new Refused(rateLimited('users', Math.max(1, Math.ceil((oldest + WINDOW_MS - now) / 1000))));
}
