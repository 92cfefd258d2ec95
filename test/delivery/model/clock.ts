/** Virtual time for a destination and its backend. Only timers and `Date.now` are faked: promises run at full speed. */
export interface Clock {
  now(): number;
  /** Lets this much time pass. */
  pass(ms: number): Promise<void>;
  /** Lets time pass until the condition holds, at most this long. Returns whether it holds. */
  until(condition: () => boolean, limitMs: number): Promise<boolean>;
  /** Goes back to real time. */
  restore(): void;
}

interface Timer {
  readonly id: number;
  readonly at: number;
  readonly call: () => void;
}

/**
 * Starts virtual time at this moment, in Unix milliseconds. Timers of the same moment fire in the order of their start.
 */
export function createClock(startMs: number): Clock {
  const real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout, now: Date.now };
  const timers = new Map<number, Timer>();
  let now = startMs;
  let lastId = 0;
  const setTimer = (call: () => void, ms = 0): number => {
    lastId++;
    timers.set(lastId, { id: lastId, at: now + Math.max(0, ms), call });
    return lastId;
  };
  const fakes = { setTimeout: setTimer, clearTimeout: (id: number | undefined) => void timers.delete(id ?? 0) };
  Object.assign(globalThis, fakes);
  Date.now = () => now;

  // `setImmediate` is real: when it fires, no promise is left to settle.
  const flush = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const fireNext = (): void => {
    let next: Timer | undefined;
    for (const timer of timers.values()) if (next === undefined || timer.at < next.at) next = timer;
    if (next === undefined) return;
    timers.delete(next.id);
    now = Math.max(now, next.at);
    next.call();
  };
  const until = async (condition: () => boolean, limitMs: number): Promise<boolean> => {
    let isOver = false;
    const timer = setTimer(() => {
      isOver = true;
    }, limitMs);
    await flush();
    while (!isOver && !condition()) {
      fireNext();
      await flush();
    }
    timers.delete(timer);
    return condition();
  };
  return {
    now: () => now,
    until,
    pass: async (ms) => void (await until(() => false, ms)),
    restore() {
      Object.assign(globalThis, { setTimeout: real.setTimeout, clearTimeout: real.clearTimeout });
      Date.now = real.now;
    },
  };
}
