import { Refusal } from './refusal.js';

/**
 * Runs a limited number of pieces of work at the same time. The others wait, first come, first served.
 *
 * @internal
 */
export interface Turns {
  /**
   * Runs one piece of work when it is its turn.
   *
   * @throws {@link Refusal} 503 if its turn does not come within `maxWaitMs`.
   */
  take<Value>(maxWaitMs: number, work: () => Promise<Value>): Promise<Value>;
}

/** @internal */
export function createTurns(maxAtOnce: number): Turns {
  let free = maxAtOnce;
  const waiting = new Set<() => void>();

  const wait = (maxWaitMs: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const begin = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        waiting.delete(begin);
        reject(new Refusal(503, 'The receiver is busy. Send the request again.'));
      }, maxWaitMs);
      waiting.add(begin);
    });
  const pass = (): void => {
    const [next] = waiting;
    if (next === undefined) {
      free += 1;
    } else {
      waiting.delete(next);
      next();
    }
  };

  return {
    async take(maxWaitMs, work) {
      if (free > 0) free -= 1;
      else await wait(maxWaitMs);
      try {
        return await work();
      } finally {
        pass();
      }
    },
  };
}
