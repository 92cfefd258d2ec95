import { DeliveryError } from '../errors.js';
import type { Plan } from '../onesignal/plan.js';
import { maxTimerMs } from './max-timer-ms.js';
import type { Outcome } from './outcome.js';
import { come, type Entry, outcomeOf, type UserWrite } from './pending-input.js';
import { leave } from './shared-work.js';

/** What a call is bounded by. */
export interface CallLimits {
  /** How many inputs it has. */
  size: number;
  deadlineMs: number;
  signal: AbortSignal | undefined;
  onOutcome: (index: number, outcome: Outcome) => void;
}

/** One call of `deliver` under way. */
export interface Call {
  /** Puts an input under way. */
  enter(
    index: number,
    plan: Plan,
    writes: UserWrite[],
    atMs: number | undefined,
    pathOf: (key: string) => string,
  ): Entry;
  /** Gives an input its outcome. */
  settle(index: number, outcome: Outcome): void;
}

/**
 * Runs one call: resolves with one outcome per input, rejects when aborted, and leaves neither timer nor listener behind.
 *
 * @internal
 */
export function createCall(limits: CallLimits, start: (call: Call) => void): Promise<Outcome[]> {
  const { size, deadlineMs, signal, onOutcome } = limits;
  if (signal?.aborted) return Promise.reject(signal.reason);
  if (size === 0) return Promise.resolve([]);

  return new Promise((resolve, reject) => {
    const deadlineAt = Date.now() + deadlineMs;
    const outcomes: Outcome[] = [];
    const underWay = new Set<Entry>();
    let open = size;
    let isOver = false;

    const end = (): void => {
      isOver = true;
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
    const settle = (index: number, outcome: Outcome): void => {
      outcomes[index] = outcome;
      onOutcome(index, outcome);
      open--;
      if (open > 0) return;
      end();
      resolve(outcomes);
    };
    const abort = (): void => {
      end();
      for (const entry of underWay) leave(entry);
      reject(signal?.reason);
    };
    const expire = (): void => {
      const message = `the deadline of the call (${deadlineMs} ms) passed before everything was done: deliver the event again`;
      for (const entry of underWay) {
        leave(entry);
        come(entry, { status: 'retryable', error: new DeliveryError('deadline', message) });
        entry.settle(entry);
      }
    };
    signal?.addEventListener('abort', abort, { once: true });
    const timer = setTimeout(expire, Math.min(deadlineMs, maxTimerMs));

    start({
      enter(index, plan, writes, atMs, pathOf) {
        const entry: Entry = {
          plan,
          atMs,
          pathOf,
          writes,
          deadlineAt,
          applied: new Set(),
          dropped: [...plan.dropped],
          warnings: [],
          result: { status: 'delivered' },
          // A hook that was told of an earlier input may have aborted the call.
          gone: isOver,
          flights: [],
          stopped: false,
          withoutSegment: false,
          open: 1,
          settle(settled) {
            underWay.delete(settled);
            settle(index, outcomeOf(settled));
          },
        };
        underWay.add(entry);
        return entry;
      },
      settle,
    });
    // No time at all: nothing was sent yet, and nothing is.
    if (!isOver && !(deadlineMs > 0)) expire();
  });
}
