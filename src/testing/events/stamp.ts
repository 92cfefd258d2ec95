import { uuidV5 } from '../../onesignal/uuid.js';
import { readTime } from '../../segment/timestamp.js';

/** Gives events ids and times, as Segment does. */
export interface Stamp {
  /** A UUID that is the same whenever the same test runs. */
  uuid(content: unknown): string;
  /** The time of the event, in Unix milliseconds. */
  nextTime(): number;
}

/** Any UUID serves, as long as it stays the same. */
const namespace = 'a4c1b6de-2f63-4d0e-9d5a-6f0f6f3d8b17';
const usualTimeMs = Date.UTC(2026, 2, 2, 9);
/** Segment receives a call a moment after it was made. */
const sendingMs = 120;
const travelMs = 85;

/** The id depends on the content only and the time is always the same, so that tests do not depend on each other. */
export const fixedStamp: Stamp = {
  uuid: (content) => uuidV5(textOf(content), namespace),
  nextTime: () => usualTimeMs,
};

/** Options of `createEvents`. */
export interface EventsOptions {
  /**
   * Time of the first event.
   *
   * @defaultValue '2026-03-02T09:00:00.000Z'
   */
  readonly startAt?: string | number | Date | undefined;
  /**
   * Time between two events in milliseconds.
   *
   * @defaultValue 1_000
   */
  readonly everyMs?: number | undefined;
}

/** Every event is later than the one before it, and has an id of its own. */
export function createRunningStamp({ startAt, everyMs = 1_000 }: EventsOptions): Stamp {
  const startMs = readTime(startAt) ?? usualTimeMs;
  let count = 0;
  return {
    // Content as well as number: events of two streams must not look like repeats of each other.
    uuid: (content) => uuidV5(`${count} ${textOf(content)}`, namespace),
    nextTime: () => startMs + everyMs * count++,
  };
}

/** The four times of a call. They follow `timestamp`, since a time after `receivedAt` would count as `receivedAt`. */
export function timesOf(timestamp: unknown, usualMs: number): Record<string, string> {
  const atMs = readTime(timestamp) ?? usualMs;
  const at = (ms: number) => new Date(ms).toISOString();
  return {
    originalTimestamp: at(atMs),
    sentAt: at(atMs + sendingMs),
    timestamp: at(atMs),
    receivedAt: at(atMs + sendingMs + travelMs),
  };
}

/** Tests also use hostile values: one that JSON cannot hold must not make the builder throw. */
function textOf(content: unknown): string {
  try {
    return JSON.stringify(content, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)) ?? '';
  } catch {
    return String(content);
  }
}
