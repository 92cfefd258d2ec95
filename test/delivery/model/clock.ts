import { vi } from 'vitest';

/** Virtual time for a destination and its backend. Only timers and `Date` are faked, so promises run at full speed. */
export interface Clock {
  now(): number;
  /** Lets everything happen that is due, without letting time pass. */
  flush(): Promise<void>;
  /** Lets this much time pass. */
  pass(ms: number): Promise<void>;
  /** Lets time pass until the condition holds, at most this long. Returns whether it holds. */
  until(condition: () => boolean, limitMs: number): Promise<boolean>;
}

/** Starts fake time at this moment, in unix milliseconds. Call `vi.useRealTimers()` at the end. */
export function createClock(startMs: number, isBusy: () => boolean): Clock {
  vi.useFakeTimers({ now: startMs, toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  const flush = async (): Promise<void> => {
    // `setImmediate` is real: when it fires, no promise is left to settle, except those that wait for the backend.
    do await new Promise((resolve) => setImmediate(resolve));
    while (isBusy());
  };
  const until = async (condition: () => boolean, limitMs: number): Promise<boolean> => {
    let isOver = false;
    const timer = setTimeout(() => {
      isOver = true;
    }, limitMs);
    await flush();
    while (!isOver && !condition()) {
      vi.advanceTimersToNextTimer();
      await flush();
    }
    clearTimeout(timer);
    return condition();
  };
  return {
    now: () => Date.now(),
    flush,
    until,
    pass: async (ms) => void (await until(() => false, ms)),
  };
}
