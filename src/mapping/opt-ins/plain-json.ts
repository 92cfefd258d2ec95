import { timeOfDate } from '../../segment/timestamp.js';

/** Thrown and caught here: the value is larger than asked for. */
const tooLarge = Symbol('too large');

/**
 * A copy of an object as plain JSON; `undefined` where it is larger than `maxSize`, or has no end.
 *
 * As `JSON.stringify` has it: what JSON cannot hold is left out of objects and `null` in arrays, a number that is not
 * finite is `null`. A `Date` is ISO-8601, a bigint its digits. No method of the object is called.
 *
 * @param maxSize - About the characters of its JSON; never more than there are, so that nothing that fits is refused.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc8259 | RFC 8259: JSON}
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
  const copyList = (list: readonly unknown[], depth: number): unknown[] => {
    spend(depth > deepest ? Number.POSITIVE_INFINITY : list.length + 1);
    return Array.from(list, (item) => (isJson(item) ? copy(item, depth) : null));
  };
  const copy = (source: unknown, depth: number): unknown => {
    const scalar = scalarOf(source);
    if (typeof scalar === 'string') spend(scalar.length + 2);
    if (typeof scalar !== 'object' || scalar === null) return scalar;
    return Array.isArray(scalar) ? copyList(scalar, depth + 1) : copyFields(scalar, depth + 1);
  };
  try {
    return copyFields(object, 0);
  } catch (thrown) {
    if (thrown === tooLarge) return undefined;
    throw thrown;
  }
}

/** What JSON calls a scalar, as such; lists and objects as they are. */
function scalarOf(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  // JSON has no -0.
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : null;
  const time = timeOfDate(value);
  if (time === undefined) return value;
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

/** Far from what a stack holds, and deeper than anything real. */
const deepest = 500;

/**
 * An object as JSON with all keys sorted: the same text for the same content, in whatever order it was written; `undefined`
 * where it is larger than `maxSize`, or has no end.
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

function isJson(value: unknown): boolean {
  return value !== undefined && typeof value !== 'function' && typeof value !== 'symbol';
}
