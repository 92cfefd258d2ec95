import type { Clock } from '../clock.js';
import type { OneSignalRequest } from '../onesignal/transport.js';
import { accessDenied, answerJson, familyOf, rateLimited } from './answers.js';
import type { DropFault, Fault, StatusFault } from './options.js';

/** The combined effect of the faults that hit one request. */
export interface FaultEffect {
  delayMs: number;
  end?: DropFault | StatusFault;
}

/** The faults that are set at the moment. */
export interface Faults {
  /** Sets a fault, and returns a function that removes it. */
  add(fault: Fault): () => void;
  /** Decides which faults hit a request. `request` is called only if a fault has a `when`. */
  drawFor(request: () => OneSignalRequest): FaultEffect;
}

export function createFaults(seed: number): Faults {
  const random = createRandom(seed);
  // Entries and not the faults themselves, because the same fault may be set twice.
  const entries = new Set<{ fault: Fault; left: number }>();
  return {
    add(fault) {
      // An invalid header throws here, where the fault is set, and not in the middle of a request.
      if (fault.status !== undefined) answerFault(fault, '/');
      const entry = { fault, left: fault.times ?? Infinity };
      entries.add(entry);
      return () => void entries.delete(entry);
    },
    drawFor(request) {
      const effect: FaultEffect = { delayMs: 0 };
      for (const entry of entries) {
        const { fault } = entry;
        if (fault.when !== undefined && !fault.when(request())) continue;
        if (fault.rate !== undefined && random() >= fault.rate) continue;
        if (entry.left <= 0) continue;
        entry.left -= 1;
        if (entry.left <= 0) entries.delete(entry);
        if (fault.delayMs !== undefined) effect.delayMs += fault.delayMs;
        else {
          effect.end = fault;
          break;
        }
      }
      return effect;
    },
  };
}

/** The answer that a fault gives in place of OneSignal's. */
export function answerFault({ status, headers, body }: StatusFault, path: string): Response {
  if (body === undefined) return withHeaders(usualAnswer(status, path), headers);
  // docs/onesignal.md 6: Retry-After is "always emitted on 429".
  const fields = headers ?? (status === 429 ? { 'retry-after': '1' } : {});
  if (typeof body === 'string') return withHeaders(new Response(body, { status }), fields);
  return withHeaders(answerJson(status, body), fields);
}

function usualAnswer(status: number, path: string): Response {
  if (status === 403) return accessDenied();
  if (status === 429) return rateLimited(familyOf(path), 1);
  if (status === 503) return answerJson(503, { errors: ['Service temporarily unavailable'] });
  return new Response(null, { status });
}

/** A fault's own headers also remove `Retry-After`, because behind a proxy a 429 may lack it. */
function withHeaders(response: Response, headers: Record<string, string> | undefined): Response {
  if (headers === undefined) return response;
  response.headers.delete('retry-after');
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return response;
}

/** The error with which `fetch` reports a reset connection. `toNodeListener` cuts the connection when it sees it. */
export function connectionReset(): TypeError {
  const cause = Object.assign(new Error('The sandbox dropped the connection'), { code: 'ECONNRESET' });
  return new TypeError('fetch failed', { cause });
}

/** Waits. An abort rejects at once and clears the timer. */
export function delayAnswer(ms: number, signal: AbortSignal, clock: Clock): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      cancel();
      reject(signal.reason);
    };
    const cancel = clock.after(ms, () => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
}

/** Mulberry32, a small generator that is good enough to spread faults. */
export function createRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
