import { isRecord, type UnknownRecord } from '../record.js';
import { isPersonas, isTimestamp } from './recognise.js';
import { readTime } from './timestamp.js';

const types = new Set(['identify', 'track', 'page', 'screen', 'group', 'alias', 'delete', 'other']);

/**
 * What real payloads get wrong without harm, put right in a shallow copy; the input stays as it is.
 *
 * An unknown type becomes `other`, a `null` event name is absent, a number as `messageId` becomes text, an unusable
 * `timestamp` or `receivedAt` is absent, a number or `Date` as `receivedAt` becomes ISO-8601, an unusable `personas` is
 * absent: the event is worth more than its mark, and without the mark it is an ordinary call.
 *
 * @see {@link https://segment.com/docs/connections/spec/common/ | Segment Spec: Common fields}
 */
export function normalise(input: UnknownRecord, type: string): UnknownRecord {
  const event: Record<string, unknown> = { ...input };
  if (!types.has(type) || (type === 'other' && typeof input.originalType !== 'string')) {
    event.type = 'other';
    event.originalType = type;
  }
  if (event.event === null) delete event.event;
  if (typeof event.messageId === 'number') event.messageId = String(event.messageId);
  if (!isTimestamp(event.timestamp)) delete event.timestamp;
  if (typeof event.receivedAt !== 'string') normaliseReceivedAt(event);
  if (isRecord(event.context) && !isPersonas(event.context.personas)) event.context = usableContext(event.context);
  return event;
}

function normaliseReceivedAt(event: Record<string, unknown>): void {
  const time = readTime(event.receivedAt);
  if (time === undefined) delete event.receivedAt;
  else event.receivedAt = new Date(time).toISOString();
}

/** Keeps what can be used of `personas`: one bad name of three does not take the audience away. */
function usableContext(context: UnknownRecord): UnknownRecord {
  const { personas, ...rest } = context;
  if (!isRecord(personas)) return rest;
  const kept: Record<string, unknown> = { ...personas };
  for (const name of ['computation_class', 'computation_key', 'audience_key'])
    if (typeof kept[name] !== 'string') delete kept[name];
  return { ...rest, personas: kept };
}
