import type { Clock } from '../../clock.js';
import type { SharedWork } from '../shared-work.js';

/** The limits of the whole app. How often one user may be written to is kept in user-clock.ts. */
export interface AppPacerOptions {
  /** Maximum number of requests in flight. */
  concurrency: number;
  /** Maximum number of requests that OneSignal receives in any second. */
  requestsPerSecond: number;
}

/** Permission to have one request in flight. Release it once; releasing it again does nothing. */
export class Slot {
  #giveBack: ((wasUsed: boolean) => void) | undefined;
  #isUsed = false;

  constructor(giveBack: (wasUsed: boolean) => void) {
    this.#giveBack = giveBack;
  }

  /** Whether it was not released yet. */
  get isHeld(): boolean {
    return this.#giveBack !== undefined;
  }

  /** A request is being sent with it, so it counts towards the rate. */
  use(): void {
    this.#isUsed = true;
  }

  release(): void {
    const giveBack = this.#giveBack;
    this.#giveBack = undefined;
    giveBack?.(this.#isUsed);
  }
}

/** Hands out slots, first come, first served, within the limits of the whole app. */
export interface AppPacer {
  /** `undefined` if the work was cancelled before there was room. */
  acquire(work: SharedWork): Slot | undefined | Promise<Slot | undefined>;
}

interface Waiter {
  readonly start: () => void;
  isGone: boolean;
}

const secondMs = 1000;
/**
 * Served waiters and old answers are removed in bulk, because removing them one by one would copy the rest each time.
 */
const compactAt = 4096;

/**
 * A request counts towards `requestsPerSecond` from the moment its slot is handed out until one second after its
 * answer. OneSignal received it somewhere in between, so no one-second window has more requests than allowed, even if a
 * request took long or this process stalled.
 *
 * @see {@link https://documentation.onesignal.com/reference/rate-limits | OneSignal: Rate limits, 1,000 requests a second per app}
 * @internal
 */
export function createAppPacer({ concurrency, requestsPerSecond }: AppPacerOptions, clock: Clock): AppPacer {
  const isLimited = Number.isFinite(requestsPerSecond);
  /** When requests were answered, oldest first; those older than a second are skipped from `oldest` on. */
  let answered: number[] = [];
  let oldest = 0;
  let inFlight = 0;
  let waiters: Waiter[] = [];
  let head = 0;
  let cancelPump: (() => void) | undefined;

  /** Milliseconds until the rate has room; `undefined` until a request is answered. */
  const roomInMs = (): number | undefined => {
    if (!isLimited) return 0;
    const now = clock.now();
    for (let at = answered[oldest]; at !== undefined; at = answered[oldest]) {
      // An answer in the future predates a clock change and no longer counts.
      if (at > now - secondMs && at <= now) break;
      oldest++;
    }
    if (oldest >= compactAt) {
      answered = answered.slice(oldest);
      oldest = 0;
    }
    const counting = answered.length - oldest + inFlight;
    if (counting < requestsPerSecond) return 0;
    const next = answered[oldest + counting - requestsPerSecond];
    return next === undefined ? undefined : next + secondMs - now;
  };
  const giveBack = (wasUsed: boolean): void => {
    inFlight--;
    if (wasUsed && isLimited) answered.push(clock.now());
    pump();
  };
  const take = (): Slot => {
    inFlight++;
    return new Slot(giveBack);
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
      if (waitMs === undefined) return;
      if (waitMs > 0) {
        cancelPump ??= clock.after(waitMs, () => {
          cancelPump = undefined;
          pump();
        });
        return;
      }
      head++;
      waiter.start();
    }
    waiters = [];
    head = 0;
    cancelPump?.();
    cancelPump = undefined;
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
