import { isRecord, type UnknownRecord } from '../record.js';
import { isPersonas, isTimestamp } from './recognize.js';
import { readTime } from './timestamp.js';

const types = new Set(['identify', 'track', 'page', 'screen', 'group', 'alias', 'delete', 'other']);

/**
 * Corrects common mistakes in real payloads, in a shallow copy.
 *
 * - An unknown type becomes `other`.
 * - An event name that is `null` is removed.
 * - A `messageId` that is a number becomes a string.
 * - A `timestamp` or `receivedAt` that cannot be used is removed. A `receivedAt` that is a number or `Date` becomes ISO
 *   8601.
 * - Fields of `personas` that cannot be used are removed. The event is still useful without the audience.
 */
export function normalize(input: UnknownRecord, type: string): UnknownRecord {
  const event = copyOf(input);
  if (!types.has(type) || (type === 'other' && typeof input.originalType !== 'string')) {
    event.type = 'other';
    event.originalType = type;
  }
  if (event.event === null) delete event.event;
  if (typeof event.messageId === 'number') event.messageId = String(event.messageId);
  if (!isTimestamp(event.timestamp)) delete event.timestamp;
  if (typeof event.receivedAt !== 'string') normalizeReceivedAt(event);
  if (isRecord(event.context) && !isPersonas(event.context.personas)) event.context = usableContext(event.context);
  return event;
}

/** Key by key: engines spread an object of thousands of fields much more slowly, each of them, than a small one. */
function copyOf(input: UnknownRecord): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(input))
    if (key === '__proto__')
      Object.defineProperty(copy, key, { value: input[key], configurable: true, enumerable: true, writable: true });
    else copy[key] = input[key];
  return copy;
}

function normalizeReceivedAt(event: Record<string, unknown>): void {
  const time = readTime(event.receivedAt);
  if (time === undefined) delete event.receivedAt;
  else event.receivedAt = new Date(time).toISOString();
}

/** Keeps the fields of `personas` that can be used: one of them is enough to name the audience. */
function usableContext(context: UnknownRecord): UnknownRecord {
  const { personas, ...rest } = context;
  if (!isRecord(personas)) return rest;
  const kept: Record<string, unknown> = { ...personas };
  for (const name of ['computation_class', 'computation_key', 'audience_key'])
    if (typeof kept[name] !== 'string') delete kept[name];
  return { ...rest, personas: kept };
}
