import { type Clock, systemClock } from '../../clock.js';
import type { OneSignalResponse } from '../../onesignal/transport.js';

/** A year. A longer wait is a server's mistake, and later arithmetic must not overflow. */
const maxRetryAfterMs = 365 * 24 * 60 * 60 * 1000;

const wait = String.raw`\d+(?:\.\d+)?|[A-Za-z]{3,9}, [^,]{6,30} GMT`;
const listOfWaits = new RegExp(String.raw`^\s*(?:${wait})(?:\s*,\s*(?:${wait}))*\s*$`);

/**
 * Reads `Retry-After`, in seconds or as an HTTP date; of several values the longest wait, so that nothing is retried
 * sooner than asked. Returns milliseconds ≥ 0, or `undefined` if the header is absent or unreadable.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110#name-retry-after | RFC 9110, Retry-After}
 * @internal
 */
export function readRetryAfter(
  headers: OneSignalResponse['headers'],
  { now }: Pick<Clock, 'now'> = systemClock,
): number | undefined {
  const waits = headerOf(headers, 'retry-after')
    .filter((text) => listOfWaits.test(text))
    .flatMap((text) => text.match(new RegExp(wait, 'g')) ?? [])
    .map((text) => waitOf(text, now()))
    .filter((ms) => !Number.isNaN(ms));
  return waits.length === 0 ? undefined : Math.min(Math.max(...waits, 0), maxRetryAfterMs);
}

function waitOf(text: string, nowMs: number): number {
  return text.endsWith('GMT') ? Date.parse(text) - nowMs : Math.ceil(Number(text) * 1000);
}

/** The values of a header, in any case and from any container. One that cannot be read counts as absent. */
function headerOf(headers: OneSignalResponse['headers'], name: string): string[] {
  try {
    const pairs: Iterable<readonly [string, unknown]> = Symbol.iterator in headers ? headers : Object.entries(headers);
    return [...pairs]
      .filter(([key]) => String(key).toLowerCase() === name)
      .flatMap(([, value]): unknown[] => (Array.isArray(value) ? value : [value]))
      .flatMap((value) => (typeof value === 'string' || typeof value === 'number' ? [String(value)] : []));
  } catch {
    // A transport is the user's code: what it returns may be anything.
    return [];
  }
}

/** Reads a body as JSON, whether or not the transport has parsed it. `other` is neither JSON nor empty. @internal */
export function readJson(body: unknown): { kind: 'empty' } | { kind: 'json'; value: object } | { kind: 'other' } {
  if (body === undefined || body === null) return { kind: 'empty' };
  if (typeof body === 'string') return body.trim() === '' ? { kind: 'empty' } : parseJson(body);
  return isJson(body) ? { kind: 'json', value: body } : { kind: 'other' };
}

function parseJson(text: string): { kind: 'json'; value: object } | { kind: 'other' } {
  try {
    const value: unknown = JSON.parse(text);
    return isJson(value) ? { kind: 'json', value } : { kind: 'other' };
  } catch {
    return { kind: 'other' };
  }
}

/** Decided by tag, not prototype: objects of another realm (test runners make some) count, bytes and streams do not. */
function isJson(value: unknown): value is object {
  return Array.isArray(value) || Object.prototype.toString.call(value) === '[object Object]';
}
