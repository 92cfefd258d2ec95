import type { Clock } from '../../clock.js';
import { pause, type SharedWork } from '../shared-work.js';

/** Schedules the reads of users, one after the other. */
export interface ViewSlots {
  /**
   * Waits for the next free time. Resolves with `0` when it has come, with the milliseconds until it comes if that is
   * after the deadline, and with `undefined` if the work was cancelled.
   */
  take(work: SharedWork): Promise<number | undefined>;
}

const intervalMs = 1_000;

/**
 * Books reads for the whole app, one per second (D8): every caller learns at once whether its turn comes in time.
 *
 * @internal
 */
export function createViewSlots(clock: Clock): ViewSlots {
  let bookedAt = 0;
  let nextAt = 0;
  return {
    async take(work) {
      const now = clock.now();
      // After the clock was set back, bookings made by the old time would block reads until then.
      const slotAt = now < bookedAt ? now : Math.max(now, nextAt);
      if (work.isCancelled) return undefined;
      if (slotAt >= work.deadlineAt) return Math.max(slotAt - now, 1);
      bookedAt = now;
      nextAt = slotAt + intervalMs;
      return slotAt === now || (await pause(slotAt - now, work, clock)) ? 0 : undefined;
    },
  };
}
