/** `2019-06-21T17:39:06.142929272Z`, `2019-06-21T17:39Z` or `2019-06-21T19:39:06+02:00`. The offset is required. */
const iso8601 = /^(\d{4}-\d\d-\d\dT\d\d:\d\d)(?:(:\d\d)(?:[.,](\d+))?)?(?:Z|([+-](?:[01]\d|2[0-3]))(?::?([0-5]\d))?)$/;
/** The form that Segment writes, on the days that every month has. Such strings sort like their times. */
const usualForm = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])T([01]\d|2[0-3])(:[0-5]\d){2}\.\d{3}Z$/;

/**
 * Reads a time as Unix milliseconds, with the same result in every engine. Returns `undefined` if it cannot be read.
 *
 * Readable: ISO 8601 with a time and an offset, such as `2019-06-21T17:39:06.142Z`, with any fraction (cut to
 * milliseconds); Unix seconds in 10 digits; Unix milliseconds in 13 digits; a `Date`.
 *
 * Unreadable: `2017`, a date without a time, a time without an offset, a day that does not exist (`2023-02-30`).
 *
 * @see {@link https://segment.com/docs/connections/spec/common/#timestamps | Segment Spec: Timestamps}
 */
export function readTime(value: unknown): number | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string') {
    const time = timeOfDate(text);
    return Number.isNaN(time) ? undefined : time;
  }
  if (/^\d{10}(?:\d{3})?$/.test(text)) return Number(text.padEnd(13, '0'));
  return fromIso8601(text);
}

/**
 * The time of an event (D2), in ISO 8601 with milliseconds and in UTC. `undefined` if its `timestamp` cannot be read.
 *
 * A `timestamp` later than `receivedAt` counts as `receivedAt`, since the clock of a client may be ahead.
 */
export function happenedAt(event: { readonly timestamp?: unknown; readonly receivedAt?: unknown }): string | undefined {
  const { timestamp, receivedAt } = event;
  // Nearly every event has this form and needs no conversion.
  if (isUsual(timestamp) && (receivedAt === undefined || (isUsual(receivedAt) && timestamp <= receivedAt)))
    return timestamp;
  const time = readTime(timestamp);
  if (time === undefined) return undefined;
  const text = new Date(Math.min(time, readTime(receivedAt) ?? time)).toISOString();
  // Years outside 0 to 9999 are written with a sign, and such strings do not sort like their times.
  return text.length === 24 ? text : undefined;
}

/**
 * The time of a `Date`, even of one from another realm (`vm`, test runners), which `instanceof` does not recognize.
 *
 * @returns Unix milliseconds, `NaN` for an invalid date, or `undefined` if the value is not a `Date`.
 */
export function timeOfDate(value: unknown): number | undefined {
  // `getTime` is the real check, but it throws for every other object, and the name, which can be forged, is cheaper.
  if (typeof value !== 'object' || Object.prototype.toString.call(value) !== '[object Date]') return undefined;
  try {
    return Date.prototype.getTime.call(value);
  } catch {
    return undefined;
  }
}

function isUsual(value: unknown): value is string {
  return typeof value === 'string' && usualForm.test(value);
}

function fromIso8601(text: string): number | undefined {
  const match = iso8601.exec(text);
  if (match === null) return undefined;
  const [, minute, second = ':00', fraction = '', offsetHour = '+00', offsetMinute = '00'] = match;
  // ECMAScript defines this form exactly, so all engines read it alike.
  const local = `${minute}${second}.${`${fraction}000`.slice(0, 3)}`;
  // 30 February and 24:00 come out as another time, or as none.
  const isReal = new Date(`${local}Z`).toJSON() === `${local}Z`;
  return isReal ? Date.parse(`${local}${offsetHour}:${offsetMinute}`) : undefined;
}
