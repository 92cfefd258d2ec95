import { recordOf } from '../../record.js';
import { readTime } from '../../segment/timestamp.js';

/** Events that arrive together. */
export interface ArrivingEvents {
  readonly atMs: number;
  /** Indexes of the events. */
  readonly indexes: number[];
}

/** For streams in which no event has a time. */
const usualStartMs = Date.UTC(2026, 2, 2, 9);

/**
 * The times at which events arrive: when Segment received them, or else when they happened, and never before the event
 * before them in the array. An event without a time arrives together with the one before it.
 *
 * @internal
 */
export function arrivalsOf(events: readonly unknown[]): ArrivingEvents[] {
  const times = events.map((event) => {
    const { receivedAt, timestamp } = recordOf(event);
    return readTime(receivedAt) ?? readTime(timestamp);
  });
  const startMs = times.find((time) => time !== undefined) ?? usualStartMs;
  const arrivals: ArrivingEvents[] = [];
  times.forEach((time = startMs, index) => {
    const last = arrivals.at(-1);
    if (last !== undefined && time <= last.atMs) last.indexes.push(index);
    else arrivals.push({ atMs: time, indexes: [index] });
  });
  return arrivals;
}
