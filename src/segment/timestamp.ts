/** `2019-06-21T17:39:06.142929272Z`, `2019-06-21T17:39Z`, `2019-06-21T19:39:06+02:00`: date, time and offset are all required. */
const iso8601 = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::(\d\d)(?:[.,](\d+))?)?(?:Z|([+-])(\d\d)(?::?(\d\d))?)$/;
/** What Segment writes; of equal length, so that such texts compare like the times that they name. */
const usualForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const unixDigits = /^\d{10}(?:\d{3})?$/;
const daysOfMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const fourCenturiesMs = 146_097 * 86_400_000;
const yearZeroMs = -62_167_219_200_000;
const endOfYear9999Ms = 253_402_300_799_999;

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
  if (typeof value === 'string') return unixDigits.test(value) ? fromUnix(value) : fromIso8601(value);
  if (typeof value === 'number') return readTime(String(value));
  return writable(timeOfDate(value));
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
  if (isUsual(timestamp) && isUsual(receivedAt) && timestamp <= receivedAt) return timestamp;
  const time = readTime(timestamp);
  if (time === undefined) return undefined;
  const received = readTime(receivedAt);
  return new Date(received === undefined ? time : Math.min(time, received)).toISOString();
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
  return typeof value === 'string' && usualForm.test(value) && isReal(value) && twoDigits(value, 17) < 60;
}

function fromUnix(digits: string): number {
  return digits.length === 10 ? Number(digits) * 1000 : Number(digits);
}

function fromIso8601(text: string): number | undefined {
  const match = iso8601.exec(text);
  if (match === null || !isReal(text)) return undefined;
  const [, second = '0', fraction = '', sign = '+', offsetHour = '0', offsetMinute = '0'] = match;
  if (Number(second) > 59 || Number(offsetHour) > 23 || Number(offsetMinute) > 59) return undefined;
  const offsetMs = (Number(offsetHour) * 60 + Number(offsetMinute)) * 60_000;
  // Date.UTC takes the years 0 to 99 for 1900 to 1999; the calendar repeats after 400 years.
  const shifted = Date.UTC(
    yearOf(text) + 400,
    twoDigits(text, 5) - 1,
    twoDigits(text, 8),
    twoDigits(text, 11),
    twoDigits(text, 14),
    Number(second),
    Number(fraction.slice(0, 3).padEnd(3, '0')),
  );
  return writable(shifted - fourCenturiesMs - (sign === '+' ? offsetMs : -offsetMs));
}

/** Month, day, hour and minute exist; the digits are known to stand where they belong. */
function isReal(text: string): boolean {
  const year = yearOf(text);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  const isLeapYear = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const lastDay = month === 2 && isLeapYear ? 29 : (daysOfMonth[month - 1] ?? 0);
  return day >= 1 && day <= lastDay && twoDigits(text, 11) < 24 && twoDigits(text, 14) < 60;
}

function yearOf(text: string): number {
  return twoDigits(text, 0) * 100 + twoDigits(text, 2);
}

function twoDigits(text: string, at: number): number {
  return (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;
}

/** Outside the years 0 to 9999 ISO-8601 needs a sign, and such texts no longer compare like the times that they name. */
function writable(time: number | undefined): number | undefined {
  return time !== undefined && time >= yearZeroMs && time <= endOfYear9999Ms ? time : undefined;
}
