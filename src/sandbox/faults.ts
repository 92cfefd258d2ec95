import type { OneSignalRequest } from '../onesignal/transport.js';
import { answerJson, familyOf, rateLimited } from './answers.js';
import type { DropFault, Fault, StatusFault } from './options.js';

/** What goes wrong with one request. */
export interface Trouble {
  delayMs: number;
  end?: DropFault | StatusFault;
}

/** The faults that are set. */
export interface Faults {
  add(fault: Fault): () => void;
  /** Draws for this request; the request is made only if a fault wants to see it. */
  meet(request: () => OneSignalRequest): Trouble;
}

export function createFaults(seed: number): Faults {
  const random = createRandom(seed);
  // A set of entries, not of faults: the same fault may be set twice.
  const entries = new Set<{ fault: Fault; left: number }>();
  return {
    add(fault) {
      // Fails here, at whoever sets it, and not in the middle of a request.
      if ('status' in fault) answerFault(fault, '/');
      const entry = { fault, left: fault.times ?? Infinity };
      entries.add(entry);
      return () => void entries.delete(entry);
    },
    meet(request) {
      const trouble: Trouble = { delayMs: 0 };
      for (const entry of entries) {
        const { fault } = entry;
        if (fault.when !== undefined && !fault.when(request())) continue;
        if (fault.rate !== undefined && random() >= fault.rate) continue;
        if (entry.left <= 0) continue;
        entry.left -= 1;
        if (entry.left <= 0) entries.delete(entry);
        if ('delayMs' in fault) trouble.delayMs += fault.delayMs;
        else {
          trouble.end = fault;
          break;
        }
      }
      return trouble;
    },
  };
}

/** The answer that a fault puts in place of OneSignal's. */
export function answerFault({ status, headers, body }: StatusFault, path: string): Response {
  if (body === undefined) return withHeaders(usualAnswer(status, path), headers);
  // docs/onesignal.md 6: Retry-After is "always emitted on 429".
  const fields = headers ?? (status === 429 ? { 'retry-after': '1' } : {});
  if (typeof body === 'string') return withHeaders(new Response(body, { status }), fields);
  return withHeaders(answerJson(status, body), fields);
}

function usualAnswer(status: number, path: string): Response {
  if (status === 429) return rateLimited(familyOf(path), 1);
  if (status === 503) return answerJson(503, { errors: ['Service temporarily unavailable'] });
  return new Response(null, { status });
}

/** Headers that somebody gives replace `Retry-After` even by not naming it: a 429 without one happens behind proxies. */
function withHeaders(response: Response, headers: Record<string, string> | undefined): Response {
  if (headers === undefined) return response;
  response.headers.delete('retry-after');
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return response;
}

/** What `fetch` rejects with when a connection is reset; `toNodeListener` cuts the connection for it. */
export function connectionReset(): TypeError {
  const cause = Object.assign(new Error('The sandbox dropped the connection.'), { code: 'ECONNRESET' });
  return new TypeError('fetch failed', { cause });
}

/** Waits, and leaves no timer behind when the request is aborted. */
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
    if (signal.aborted) stop();
  });
}

/** Mulberry32: small, and good enough to spread faults. */
function createRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
