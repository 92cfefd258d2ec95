/** `2019-06-21T17:39:06.142929272Z`, `2019-06-21T17:39Z`, `2019-06-21T19:39:06+02:00`: date, time and offset are all required. */
const iso8601 = /^(\d{4}-\d\d-\d\dT\d\d:\d\d)(?:(:\d\d)(?:[.,](\d+))?)?(?:Z|([+-](?:[01]\d|2[0-3]))(?::?([0-5]\d))?)$/;
/** What Segment writes, any real time but on 29 February; such texts, being of one length, compare like the times that they name. */
const usualForm =
  /^\d{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)T(?:[01]\d|2[0-3])(?::[0-5]\d){2}\.\d{3}Z$/;

/**
 * Reads a time, strictly and alike in every engine: unix milliseconds, or `undefined` where it cannot be read.
 *
 * Shape: `'2019-06-21T17:39:06.142Z'`, the same with any fraction (cut to milliseconds) and any offset, `1561138746` and
 * `'1561138746'` (10 digits: seconds), `1561138746142` (13 digits: milliseconds), a `Date`. Unreadable: `'2017'`, a date
 * without a time, a time without an offset (nobody knows where it was taken), days that do not exist (`2023-02-30`),
 * Go's own format.
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
 * When an event happened, as ISO-8601 in UTC with milliseconds; absent where its `timestamp` cannot be read.
 *
 * A client's clock may be ahead: a `timestamp` later than a readable `receivedAt` counts as `receivedAt`.
 *
 * @see {@link https://segment.com/docs/connections/spec/common/#timestamps | Segment Spec: Timestamps}
 */
export function happenedAt(event: { readonly timestamp?: unknown; readonly receivedAt?: unknown }): string | undefined {
  const { timestamp, receivedAt } = event;
  // Nearly every event comes in this form and needs no arithmetic.
  if (isUsual(timestamp) && (receivedAt === undefined || (isUsual(receivedAt) && timestamp <= receivedAt)))
    return timestamp;
  const time = readTime(timestamp);
  if (time === undefined) return undefined;
  const text = new Date(Math.min(time, readTime(receivedAt) ?? time)).toISOString();
  // Other years than 0 to 9999 are written with a sign, and such texts no longer compare like the times that they name.
  return text.length === 24 ? text : undefined;
}

/**
 * The time of a `Date`, also of one made in another realm (`vm`, test runners), which `instanceof` does not recognise.
 *
 * @returns Unix milliseconds, `NaN` for an invalid date, `undefined` for anything that is no `Date`.
 *
 * @see {@link https://tc39.es/ecma262/#sec-date.prototype.gettime | ECMAScript: Date.prototype.getTime}
 */
export function timeOfDate(value: unknown): number | undefined {
  // The name can be forged, the internal slot cannot; asking for the slot at once would throw for every plain object.
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
  // The one form that ECMAScript defines to the letter, so that engines agree on it.
  const local = `${minute}${second}.${`${fraction}000`.slice(0, 3)}`;
  // 30 February and 24 o'clock come out as another time than went in, or as none.
  const isReal = new Date(`${local}Z`).toJSON() === `${local}Z`;
  return isReal ? Date.parse(`${local}${offsetHour}:${offsetMinute}`) : undefined;
}
