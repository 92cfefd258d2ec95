import type { UnknownRecord } from '../record.js';
import { readTime } from '../segment/timestamp.js';

/**
 * Corrects the times of an event by the clock of its sender, as Segment does when it receives one (W1).
 *
 * `receivedAt` becomes the time of this server, and `timestamp` becomes `receivedAt − (sentAt − originalTimestamp)`.
 * `originalTimestamp` is the time that the sender gave: the field of that name, else `timestamp`. If a time of the
 * formula cannot be read, `timestamp` stays as it is, or takes `originalTimestamp` if it cannot be read itself. An
 * event with a readable `receivedAt` has been through Segment already and keeps all of its times.
 *
 * @see {@link https://segment.com/docs/connections/spec/common/#timestamps | Segment Spec: Timestamps}
 * @internal
 */
export function correctTimes(event: UnknownRecord, receivedAt: number): UnknownRecord {
  if (readTime(event.receivedAt) !== undefined) return event;
  const stamped = { ...event, receivedAt: new Date(receivedAt).toISOString() };

  const timestamp = readTime(event.timestamp);
  const original = readTime(event.originalTimestamp);
  const happenedAt = original ?? timestamp;
  const sentAt = readTime(event.sentAt);
  if (happenedAt !== undefined && sentAt !== undefined) {
    const corrected = isoTime(receivedAt - (sentAt - happenedAt));
    const originalTimestamp = original === undefined ? event.timestamp : event.originalTimestamp;
    if (corrected !== undefined) return { ...stamped, originalTimestamp, timestamp: corrected };
  }
  return timestamp === undefined && original !== undefined
    ? { ...stamped, timestamp: event.originalTimestamp }
    : stamped;
}

/** `undefined` beyond the years 0 to 9999, which only clocks that are centuries apart lead to. */
function isoTime(time: number): string | undefined {
  const text = new Date(time).toISOString();
  return text.length === 24 ? text : undefined;
}
