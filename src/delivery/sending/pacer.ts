import type { SharedWork } from '../shared-work.js';

/** The limits of the whole app. */
export interface PacerOptions {
  /** Maximum number of requests in flight. */
  concurrency: number;
  /** Maximum number of requests that start in any second. */
  requestsPerSecond: number;
}

/** Permission to have one request in flight. Release it once; releasing it again does nothing. */
export class Slot {
  #giveBack: (() => void) | undefined;

  constructor(giveBack: () => void) {
    this.#giveBack = giveBack;
  }

  /** Whether it was not released yet. */
  get isHeld(): boolean {
    return this.#giveBack !== undefined;
  }

  release(): void {
    const giveBack = this.#giveBack;
    this.#giveBack = undefined;
    giveBack?.();
  }
}

/** Hands out slots, first come, first served, within the limits of the whole app. */
export interface Pacer {
  /** `undefined` if the work was cancelled before there was room. */
  acquire(work: SharedWork): Slot | undefined | Promise<Slot | undefined>;
}

interface Waiter {
  readonly start: () => void;
  isGone: boolean;
}

const secondMs = 1000;
/** Under lasting overload the queue is never empty. Served waiters are cut off in pieces, at little cost for each. */
const compactAt = 4096;

/**
 * A sliding window, not a token bucket: no second, wherever it begins, sees more starts than OneSignal allows.
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

  /** Milliseconds until the window has room. A start in the future predates a clock change and no longer counts. */
  const roomInMs = (): number => {
    const oldest = starts[next];
    const now = Date.now();
    return oldest === undefined || oldest > now ? 0 : Math.max(oldest + secondMs - now, 0);
  };
  const take = (): Slot => {
    inFlight++;
    if (Number.isFinite(requestsPerSecond)) {
      starts[next] = Date.now();
      next = (next + 1) % requestsPerSecond;
    }
    return new Slot(giveBack);
  };
  const giveBack = (): void => {
    inFlight--;
    pump();
  };
  const pump = (): void => {
    for (let waiter = waiters[head]; waiter !== undefined; waiter = waiters[head]) {
      if (head >= compactAt) {
        waiters = waiters.slice(head);
        head = 0;
      }
      if (waiter.isGone) {
        head++;
        continue;
      }
      if (inFlight >= concurrency) return;
      const waitMs = roomInMs();
      if (waitMs > 0) {
        timer ??= setTimeout(() => {
          timer = undefined;
          pump();
        }, waitMs);
        return;
      }
      head++;
      waiter.start();
    }
    waiters = [];
    head = 0;
    clearTimeout(timer);
    timer = undefined;
  };

  return {
    acquire(work) {
      if (work.isCancelled) return undefined;
      if (waiters.length === 0 && inFlight < concurrency && roomInMs() === 0) return take();
      return new Promise((resolve) => {
        const waiter: Waiter = {
          isGone: false,
          start() {
            dispose();
            resolve(take());
          },
        };
        const dispose = work.onCancel(() => {
          waiter.isGone = true;
          dispose();
          resolve(undefined);
          pump();
        });
        waiters.push(waiter);
        pump();
      });
    },
  };
}
