import { type Answer, answer, structured } from './answers.js';

/** The ways in which a request can go wrong. */
export type Fault =
  | 'dropBefore'
  | 'dropAfter'
  | 'rateLimited'
  | 'unavailable'
  | 'slow'
  | 'html200'
  | 'html403'
  | 'freshUserHidden';

/** The share of requests that each fault hits, from 0 to 1; together at most 1. */
export type FaultRates = { [Name in Fault]?: number };

const order: readonly Fault[] = [
  'dropBefore',
  'dropAfter',
  'rateLimited',
  'unavailable',
  'slow',
  'html200',
  'html403',
  'freshUserHidden',
];

/** One random number decides, so that the same seed produces the same faults. */
export function drawFault(rates: FaultRates, random: () => number): Fault | undefined {
  let left = random();
  for (const fault of order) {
    left -= rates[fault] ?? 0;
    if (left < 0) return fault;
  }
  return undefined;
}

/** The answer that replaces OneSignal's, for a request that is not applied. */
export function faultAnswer(fault: Fault, random: () => number, isOfUsers: boolean): Answer | undefined {
  if (fault === 'rateLimited') {
    const headers = { 'retry-after': String(1 + Math.floor(random() * 3)) };
    const title = 'API rate limit exceeded';
    return answer(429, isOfUsers ? structured(429, 'Rate Limit Exceeded', title).body : { errors: [title] }, headers);
  }
  if (fault === 'unavailable') return answer(503, { errors: ['Service temporarily unavailable'] });
  if (fault === 'html200') return answer(200, '<!doctype html><title>Sign in to the network</title>');
  if (fault === 'html403') return answer(403, '<!doctype html><title>Request blocked</title>');
  return undefined;
}

/** The error with which `fetch` reports a broken connection. */
export function connectionReset(): TypeError {
  const cause = Object.assign(new Error('the connection was dropped'), { code: 'ECONNRESET' });
  return new TypeError('fetch failed', { cause });
}

/** Waits on the current timers, which a test may have replaced. An abort ends the wait. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
}
