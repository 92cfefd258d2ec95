/**
 * Time and chance, as delivery and the sandbox see them. A simulation passes a virtual clock, so that hours pass in
 * milliseconds without a patch of the globals that the rest of the process uses.
 */
export interface Clock {
  /** Unix milliseconds. */
  now(): number;
  /** Calls back after this many milliseconds, unless the returned function is called before. */
  after(ms: number, callback: () => void): () => void;
  /** A number ≥ 0 and < 1, for jitter. */
  random(): number;
}

/** Looks the globals up for each call, because fake timers replace them. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};
