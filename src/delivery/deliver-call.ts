import type { Clock } from '../clock.js';
import { maxTimerMs } from './max-timer-ms.js';
import type { Outcome } from './outcome.js';
import { type CallOfInput, PendingInput, type PendingInputStart } from './pending-input.js';

/** The bounds of one `deliver` call, and its observer. */
export interface CallOptions {
  clock: Clock;
  signal: AbortSignal | undefined;
  deadlineMs: number;
  /** Called once per input, as soon as its outcome is known. */
  onOutcome: (index: number, outcome: Outcome) => void;
}

/** One `deliver` call in progress. */
export interface Call {
  /** Starts an input whose outcome is not known yet. */
  begin(start: PendingInputStart): PendingInput;
  /** Gives an input its outcome. */
  settle(index: number, outcome: Outcome): void;
}

/**
 * Runs one call: resolves with one outcome per input, rejects when aborted, and leaves no timer or listener behind.
 *
 * @internal
 */
export function runCall(size: number, options: CallOptions, start: (call: Call) => void): Promise<Outcome[]> {
  const { clock, deadlineMs, signal, onOutcome } = options;
  if (signal?.aborted) return Promise.reject(signal.reason);
  if (size === 0) return Promise.resolve([]);

  return new Promise((resolve, reject) => {
    const deadlineAt = clock.now() + deadlineMs;
    const outcomes: Outcome[] = [];
    const underWay = new Set<PendingInput>();
    /** Kept for an abort only: without a signal, finished inputs need not stay in memory until the call ends. */
    const settled: PendingInput[] | undefined = signal === undefined ? undefined : [];
    let open = size;
    let isOver = false;

    const end = (): void => {
      isOver = true;
      cancelExpiry();
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
      // Finished inputs too: their outcomes get lost, so the host delivers them again.
      for (const input of [...underWay, ...(settled ?? [])]) input.leave();
      reject(signal?.reason);
    };
    const expire = (): void => {
      for (const input of underWay) input.expire();
    };
    signal?.addEventListener('abort', abort, { once: true });
    const cancelExpiry = clock.after(Math.min(deadlineMs, maxTimerMs), expire);

    const call: CallOfInput = {
      clock,
      deadlineAt,
      get isOver() {
        return isOver;
      },
      settled(input, outcome) {
        underWay.delete(input);
        settled?.push(input);
        settle(input.index, outcome);
      },
    };
    start({
      begin(given) {
        const input = new PendingInput(given, call);
        underWay.add(input);
        return input;
      },
      settle,
    });
    // A deadline of zero and a negative one leave no time to send anything.
    if (!isOver && deadlineMs <= 0) expire();
  });
}
