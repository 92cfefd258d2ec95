import type { OneSignalResponse } from '../../onesignal/transport.js';

/** A longer wait counts as a mistake of the server: a caller that has to wait a day should ask again. */
const maxRetryAfterMs = 24 * 60 * 60 * 1000;

/**
 * Reads `Retry-After`, in seconds or as an HTTP date. Returns milliseconds ≥ 0, or `undefined` if the header is absent
 * or unreadable.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110#name-retry-after | RFC 9110, Retry-After}
 * @internal
 */
export function readRetryAfter(headers: OneSignalResponse['headers']): number | undefined {
  const text = headerOf(headers, 'retry-after')?.trim() ?? '';
  const ms = waitOf(text);
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), maxRetryAfterMs);
}

function waitOf(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  // Engines accept much as a date, even `-5`; the dates of HTTP end in GMT.
  return text.endsWith(' GMT') ? Date.parse(text) - Date.now() : Number.NaN;
}

/** The value of a header, in any case and from any container. One that cannot be read counts as absent. */
function headerOf(headers: OneSignalResponse['headers'], name: string): string | undefined {
  try {
    const pairs: Iterable<readonly [string, unknown]> = Symbol.iterator in headers ? headers : Object.entries(headers);
    for (const [key, value] of pairs) {
      if (String(key).toLowerCase() !== name) continue;
      const first: unknown = Array.isArray(value) ? value[0] : value;
      return typeof first === 'string' || typeof first === 'number' ? String(first) : undefined;
    }
  } catch {
    // A transport is the user's code: what it returns may be anything.
  }
  return undefined;
}

/** Reads a body as JSON, whether the transport parsed it or not. `other` is anything but JSON and nothing. @internal */
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
  return /^\[object (Object|Array)\]$/.test(Object.prototype.toString.call(value));
}
