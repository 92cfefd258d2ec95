import { timeOfDate } from '../../segment/timestamp.js';

/** Thrown and caught in this file. */
const tooLarge = Symbol('too large');

/** Far below the size of the stack, and deeper than any real value. */
const deepest = 500;

/**
 * Copies an object as plain JSON, or returns `undefined` if it is larger than `maxSize` or contains itself.
 *
 * Follows `JSON.stringify`: a value that JSON cannot hold is left out of objects and becomes `null` in arrays, as does
 * a number that is not finite. A `Date` becomes ISO 8601, a bigint its digits. No method of the object is called.
 *
 * @param maxSize - Characters of JSON. The count is never too high, so that an object that fits is never refused.
 */
export function plainJson(object: object, maxSize: number): Record<string, unknown> | undefined {
  let room = maxSize;
  const spend = (size: number): void => {
    room -= size;
    if (room < 0) throw tooLarge;
  };
  const copyFields = (fields: object, depth: number): Record<string, unknown> => {
    spend(depth > deepest ? Number.POSITIVE_INFINITY : 2);
    return Object.fromEntries(
      Object.entries(fields).flatMap(([name, field]) => {
        if (!isJson(field)) return [];
        spend(name.length + 3);
        return [[name, copy(field, depth)]];
      }),
    );
  };
  const copyItems = (items: readonly unknown[], depth: number): unknown[] => {
    spend(depth > deepest ? Number.POSITIVE_INFINITY : items.length + 1);
    return Array.from(items, (item) => (isJson(item) ? copy(item, depth) : null));
  };
  const copy = (source: unknown, depth: number): unknown => {
    const value = jsonScalar(source);
    if (typeof value === 'string') spend(value.length + 2);
    if (typeof value !== 'object' || value === null) return value;
    return Array.isArray(value) ? copyItems(value, depth + 1) : copyFields(value, depth + 1);
  };
  try {
    return copyFields(object, 0);
  } catch (thrown) {
    if (thrown === tooLarge) return undefined;
    throw thrown;
  }
}

/**
 * An object as JSON with sorted keys: the same string for the same content. `undefined` if the object is larger than
 * `maxSize` or contains itself.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc8785#name-sorting-of-object-propertie | RFC 8785: Sorting of object properties}
 */
export function canonicalJson(object: object, maxSize: number): string | undefined {
  return JSON.stringify(plainJson(object, maxSize), (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
}

/** A scalar as JSON has it. Objects and arrays are returned as they are. */
function jsonScalar(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  // Adding 0 turns -0, which JSON does not have, into 0.
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : null;
  const time = timeOfDate(value);
  if (time === undefined) return value;
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

function isJson(value: unknown): boolean {
  return value !== undefined && typeof value !== 'function' && typeof value !== 'symbol';
}
