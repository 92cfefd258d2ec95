import { deadlineOf, type Flight, pause } from '../shared-work.js';

/** Reads of users, one after the other. */
export interface ViewSlots {
  /** Waits for the next free slot; `false` where there is none before the deadline, or nobody waits any more. */
  take(flight: Flight): Promise<boolean>;
}

const intervalMs = 1_000;

/**
 * Books the reads of users for the whole app. Those who come get the next slot and know at once whether it is in time.
 *
 * @see {@link https://documentation.onesignal.com/reference/rate-limits | OneSignal: Rate limits, View user one request a second per app}
 * @internal
 */
export function createViewSlots(): ViewSlots {
  let bookedAt = 0;
  let nextAt = 0;
  return {
    async take(flight) {
      const now = Date.now();
      // The clock was set back: what was booked by the other time would block reads until then.
      const slotAt = now < bookedAt ? now : Math.max(now, nextAt);
      if (flight.cancelled || slotAt >= deadlineOf(flight)) return false;
      bookedAt = now;
      nextAt = slotAt + intervalMs;
      return slotAt === now || pause(slotAt - now, flight);
    },
  };
}
