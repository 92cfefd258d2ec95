import { readTime } from '../segment/timestamp.js';
import type { Settings } from './settings.js';

const day = /^\d{4}-\d\d-\d\d$/;

/**
 * S8, option `dates`: a date as Unix seconds if its field is one you named, any other value unchanged.
 *
 * `'auto'` converts only values that cannot be anything else: a full ISO 8601 time with an offset.
 *
 * @param name - The name that Segment sends. For a flattened value its joined name, `plan_since`.
 *
 * @see {@link https://documentation.onesignal.com/docs/time-operators | OneSignal: Time operators, Unix seconds}
 */
export function secondsOfDate(name: string, value: unknown, { dates }: Settings): unknown {
  if (dates === undefined) return value;
  if (dates === 'auto') return typeof value === 'string' && value[4] === '-' ? (unixSeconds(value) ?? value) : value;
  return dates.has(name) ? (unixSeconds(dayStart(value)) ?? value) : value;
}

/** A time as whole Unix seconds, or `undefined` if it cannot be read. */
export function unixSeconds(value: unknown): number | undefined {
  const time = readTime(value);
  return time === undefined ? undefined : Math.floor(time / 1000);
}

/** Midnight UTC of a date without a time, any other value unchanged. */
export function dayStart(value: unknown): unknown {
  return typeof value === 'string' && day.test(value) ? `${value}T00:00Z` : value;
}
