import { readTime } from '../segment/timestamp.js';
import type { Settings } from './settings.js';

const day = /^\d{4}-\d\d-\d\d$/;

/**
 * S8, option `dates`: a field's value as unix seconds where it is a date and you asked for it; the value itself otherwise.
 *
 * A named key takes ISO-8601, a day alone (its midnight in UTC) and unix milliseconds; `'auto'` takes only what cannot be
 * anything else, a full ISO-8601 time with an offset.
 *
 * @param name - The name that Segment sends; of a leaf its joined name, `plan_since`.
 *
 * @see {@link https://documentation.onesignal.com/docs/time-operators | OneSignal: Time operators, unix seconds}
 */
export function secondsOfDate(name: string, value: unknown, { dates }: Settings): unknown {
  if (dates === undefined) return value;
  if (dates === 'auto') return typeof value === 'string' && value[4] === '-' ? (seconds(value) ?? value) : value;
  return dates.has(name) ? (seconds(dayStart(value)) ?? value) : value;
}

/**
 * A time as whole unix seconds; `undefined` where it cannot be read.
 *
 * @see {@link https://documentation.onesignal.com/reference/update-user | OneSignal: Update user, first_active}
 */
export function seconds(value: unknown): number | undefined {
  const time = readTime(value);
  return time === undefined ? undefined : Math.floor(time / 1000);
}

/**
 * A day alone as its midnight in UTC, anything else as it is.
 *
 * @see {@link https://segment.com/docs/connections/spec/identify/#traits | Segment Spec: Identify, dates among the traits}
 */
export function dayStart(value: unknown): unknown {
  return typeof value === 'string' && day.test(value) ? `${value}T00:00Z` : value;
}
