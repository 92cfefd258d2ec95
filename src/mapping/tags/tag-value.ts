import { timeOfDate } from '../../segment/timestamp.js';
import type { TagValue } from '../options.js';

/**
 * M6, M7, M8: whether a value is one of those that JSON has and that can be a tag's.
 *
 * @see {@link https://documentation.onesignal.com/docs/add-user-data-tags | OneSignal: Tags, all values are strings}
 */
export function isTagValue(value: unknown): value is TagValue {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null;
}

/**
 * M7: a field's value as a scalar; in-process callers may bring a `Date` (unix seconds) or a bigint (its digits).
 *
 * @returns `undefined` for what has no text: an invalid `Date`, a function, a symbol.
 *
 * @see {@link https://documentation.onesignal.com/docs/add-user-data-tags | OneSignal: Tags, all values are strings}
 */
export function scalarOf(value: unknown): TagValue | undefined {
  if (isTagValue(value)) return value;
  if (typeof value === 'bigint') return String(value);
  const time = timeOfDate(value);
  return time === undefined || Number.isNaN(time) ? undefined : Math.floor(time / 1000);
}

/**
 * M6, M7, M8: a scalar as a tag's text; `null`, `''` and white space become `''`, which removes the tag.
 *
 * @returns `undefined` for a number that is not finite.
 *
 * @see {@link https://segment.com/docs/connections/destinations/catalog/onesignal-new/#faqs | Segment: OneSignal, blank or null values}
 */
export function textOf(value: TagValue): string | undefined {
  if (typeof value === 'string') return value.trim() === '' ? '' : value;
  if (value === null) return '';
  if (typeof value === 'number' && !Number.isFinite(value)) return undefined;
  return String(value);
}

/**
 * M9: whether a value is an object or array, which a tag cannot hold; a `Date` is a scalar.
 *
 * @see {@link https://segment.com/docs/connections/destinations/catalog/onesignal-new/#identify | Segment: OneSignal doesn't accept nested objects or arrays}
 */
export function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null && timeOfDate(value) === undefined;
}

/**
 * M8: whether a value says nothing: absent, `null`, `''` or white space.
 *
 * @see {@link https://segment.com/docs/connections/destinations/catalog/onesignal-new/#faqs | Segment: OneSignal, blank or null values}
 */
export function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}
