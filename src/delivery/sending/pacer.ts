import type { Flight } from '../shared-work.js';

/** How fast to go. */
export interface PacerOptions {
  /** Requests in flight at a time. */
  concurrency: number;
  /** Requests that may start in any second. */
  requestsPerSecond: number;
}

/** Keeps the limits of the whole app: how many requests are in flight, and how many start in a second. */
export interface Pacer {
  /** Takes a place and starts; `false` if the work was cancelled while it waited. First come, first served. */
  acquire(flight: Flight): boolean | Promise<boolean>;
  /** Gives the place back. */
  release(): void;
}

interface Waiter {
  start(): void;
  gone: boolean;
}

const secondMs = 1000;
/** Under lasting overload the queue is never empty: what was served is cut off in pieces, at little cost for each. */
const compactAt = 4096;

/**
 * A sliding window, not a bucket that is refilled: no second, wherever it begins, sees more starts than OneSignal allows.
 *
 * @see {@link https://documentation.onesignal.com/reference/rate-limits | OneSignal: Rate limits, 1,000 requests a second per app}
 * @internal
 */
export function createPacer({ concurrency, requestsPerSecond }: PacerOptions): Pacer {
  /** The times of the last starts, as a ring: the oldest one is where the next goes. */
  const starts: number[] = [];
  let next = 0;
  let inFlight = 0;
  let waiters: Waiter[] = [];
  let head = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  /** Milliseconds until the window has room; a start in the future is of a clock that was set back since, and counts no more. */
  const roomIn = (): number => {
    const oldest = starts[next];
    const now = Date.now();
    return oldest === undefined || oldest > now ? 0 : Math.max(oldest + secondMs - now, 0);
  };
  const start = (): void => {
    inFlight++;
    if (!Number.isFinite(requestsPerSecond)) return;
    starts[next] = Date.now();
    next = (next + 1) % requestsPerSecond;
  };
  const pump = (): void => {
    for (let waiter = waiters[head]; waiter !== undefined; waiter = waiters[head]) {
      if (head >= compactAt) {
        waiters = waiters.slice(head);
        head = 0;
      }
      if (waiter.gone) {
        head++;
        continue;
      }
      if (inFlight >= concurrency) return;
      const waitMs = roomIn();
      if (waitMs > 0) {
        timer ??= setTimeout(() => {
          timer = undefined;
          pump();
        }, waitMs);
        return;
      }
      head++;
      start();
      waiter.start();
    }
    waiters = [];
    head = 0;
    clearTimeout(timer);
    timer = undefined;
  };

  return {
    acquire(flight) {
      if (flight.cancelled) return false;
      if (waiters.length === 0 && inFlight < concurrency && roomIn() === 0) {
        start();
        return true;
      }
      return new Promise((resolve) => {
        const waiter: Waiter = {
          gone: false,
          start() {
            flight.cancel = undefined;
            resolve(true);
          },
        };
        flight.cancel = () => {
          waiter.gone = true;
          resolve(false);
          pump();
        };
        waiters.push(waiter);
        pump();
      });
    },
    release() {
      inFlight--;
      pump();
    },
  };
}
