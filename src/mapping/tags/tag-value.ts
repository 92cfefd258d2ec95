import { timeOfDate } from '../../segment/timestamp.js';
import type { TagValue } from '../tag-options.js';

/** M6, M7, M8: whether a value is a scalar of JSON. */
export function isTagValue(value: unknown): value is TagValue {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null;
}

/**
 * M7: the value of a field as a scalar of JSON. Callers in the same process may pass a `Date` (Unix seconds) or a
 * bigint (its digits).
 *
 * @returns `undefined` for an invalid `Date`, a function or a symbol.
 */
export function scalarOf(value: unknown): TagValue | undefined {
  if (isTagValue(value)) return value;
  if (typeof value === 'bigint') return String(value);
  const time = timeOfDate(value);
  return time === undefined || Number.isNaN(time) ? undefined : Math.floor(time / 1000);
}

/**
 * M6, M7, M8: a scalar as the value of a tag. `null`, `''` and white space become `''`, which removes the tag.
 *
 * @returns `undefined` for a number that is not finite.
 */
export function textOf(value: TagValue): string | undefined {
  if (typeof value === 'string') return value.trim() === '' ? '' : value;
  if (value === null) return '';
  if (typeof value === 'number' && !Number.isFinite(value)) return undefined;
  return String(value);
}

/** M9: whether a value is an object or array, which a tag cannot hold. A `Date` is a scalar. */
export function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null && timeOfDate(value) === undefined;
}

/** M8: whether a value is absent, `null`, `''` or white space. */
export function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}
