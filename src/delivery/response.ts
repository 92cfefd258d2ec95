import type { OneSignalResponse } from '../onesignal/transport.js';

/** Longer waits are taken for a mistake of the server's: whoever has to wait a day should ask again. */
const maxRetryAfterMs = 24 * 60 * 60 * 1000;

/**
 * How long the server asks to wait: `Retry-After` as seconds or as an HTTP date, in milliseconds, never negative.
 *
 * @returns `undefined` where the header is absent or unreadable.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110#name-retry-after | RFC 9110, Retry-After}
 * @internal
 */
export function readRetryAfter(headers: OneSignalResponse['headers']): number | undefined {
  const text = headerOf(headers, 'retry-after')?.trim();
  if (text === undefined || text === '') return undefined;
  const ms = /^\d+(\.\d+)?$/.test(text) ? Math.ceil(Number(text) * 1000) : Date.parse(text) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), maxRetryAfterMs);
}

/** A header's value, whatever the case of its name and whatever holds it. */
function headerOf(headers: OneSignalResponse['headers'] | undefined, name: string): string | undefined {
  if (typeof headers !== 'object' || headers === null) return undefined;
  const pairs: Iterable<readonly [string, unknown]> = Symbol.iterator in headers ? headers : Object.entries(headers);
  for (const [key, value] of pairs) {
    if (String(key).toLowerCase() !== name) continue;
    const first: unknown = Array.isArray(value) ? value[0] : value;
    return typeof first === 'string' || typeof first === 'number' ? String(first) : undefined;
  }
  return undefined;
}

/**
 * The body as JSON, however the transport handed it over, or as what it was: nothing, or text that is none.
 *
 * @internal
 */
export function readJson(body: unknown): { kind: 'empty' } | { kind: 'json'; value: unknown } | { kind: 'other' } {
  if (body === undefined || body === null) return { kind: 'empty' };
  if (typeof body === 'object') return { kind: 'json', value: body };
  if (typeof body !== 'string') return { kind: 'other' };
  if (body.trim() === '') return { kind: 'empty' };
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? { kind: 'json', value } : { kind: 'other' };
  } catch {
    return { kind: 'other' };
  }
}
