import type { Clock } from '../../clock.js';
import { pause, type SharedWork, unlessCancelled } from '../shared-work.js';

/** Permission for one read. */
export interface ViewSlot {
  /** The read was answered, or is not needed any more. */
  end(): void;
}

/** Schedules the reads of users, one after the other. */
export interface ViewSlots {
  /**
   * Waits for its turn. Resolves with the milliseconds until the turn can come if that is after the deadline, and with
   * `undefined` if the work was cancelled.
   */
  take(work: SharedWork): Promise<ViewSlot | number | undefined>;
}

const intervalMs = 1_000;

/**
 * One read per second for the whole app (D8), counted from the answer to the one before: OneSignal received that at
 * some time before it answered. Callers whose turn cannot come in time learn it at once.
 *
 * @internal
 */
export function createViewSlots(clock: Clock): ViewSlots {
  let nextAt = 0;
  let open = 0;
  let last = Promise.resolve();

  const untilNextMs = (): number => {
    const ms = nextAt - clock.now();
    // After the clock was set back, an answer by the old time would block reads until then.
    return ms > intervalMs ? 0 : Math.max(ms, 0);
  };
  return {
    async take(work) {
      if (work.isCancelled) return undefined;
      const earliestMs = untilNextMs() + open * intervalMs;
      if (clock.now() + earliestMs >= work.deadlineAt) return Math.max(earliestMs, 1);
      open++;
      const before = last;
      let next: () => void = () => {};
      last = new Promise((resolve) => {
        next = resolve;
      });
      const leave = (): void => {
        open--;
        void before.then(next);
      };
      if ((await unlessCancelled(before, work)) === undefined || !(await pause(untilNextMs(), work, clock))) {
        leave();
        return undefined;
      }
      return {
        end() {
          nextAt = clock.now() + intervalMs;
          leave();
        },
      };
    },
  };
}
