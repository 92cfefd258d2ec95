import { Refusal } from '../receiving/refusal.js';
import { isRecord, recordOf, type UnknownRecord } from '../record.js';
import { correctTimes } from './correct-times.js';

/**
 * A call of Segment's Tracking API: a batch of events, a single event of one type, or a call that does not accept
 * events.
 */
export type TrackingCall = { kind: 'batch' } | { kind: 'single'; type: string } | { kind: 'unknown' };

/** The last part of the path. Analytics.js and the mobile libraries use the single letters. */
const calls: Readonly<Record<string, string>> = {
  batch: 'batch',
  b: 'batch',
  import: 'batch',
  identify: 'identify',
  i: 'identify',
  track: 'track',
  t: 'track',
  page: 'page',
  p: 'page',
  screen: 'screen',
  s: 'screen',
  group: 'group',
  g: 'group',
  alias: 'alias',
  a: 'alias',
};

/**
 * The Tracking API call of a path, under any prefix (`/v1/batch`, `/segment/v1/identify`), or `undefined` for a webhook
 * path.
 *
 * A prefix may itself contain `/v1/`, so `/api/v1/segment` is a webhook path; but every path that begins with `/v1/`
 * belongs to the Tracking API.
 *
 * @internal
 */
export function trackingCallOf(pathname: string): TrackingCall | undefined {
  const name = /\/v1\/([a-z]+)\/?$/.exec(pathname)?.[1] ?? '';
  const type = Object.hasOwn(calls, name) ? calls[name] : undefined;
  if (type === undefined) return pathname.startsWith('/v1/') ? { kind: 'unknown' } : undefined;
  return type === 'batch' ? { kind: 'batch' } : { kind: 'single', type };
}

/** The events of a request, completed. */
export interface ReceivedEvents {
  events: unknown[];
  isBatch: boolean;
}

/** The data that completes events, and the limit on their number. */
export interface Reception {
  /** Maximum number of events in one body. */
  maxEvents: number;
  /** When the request arrived, in Unix milliseconds. */
  receivedAt: number;
}

/**
 * The events in a body.
 *
 * A webhook sends one event or an array. In the Tracking API the path gives a single event its type, and each event of
 * a batch inherits the `context`, `integrations` and `sentAt` of the batch; its own fields win. Write keys are removed,
 * and times are corrected as Segment does it.
 *
 * @throws {@link Refusal} 400 if a batch has no array of events, 404 if the call does not accept events, 413 if there
 * are too many events.
 * @internal
 */
export function eventsOf(
  call: TrackingCall | undefined,
  body: unknown,
  { maxEvents, receivedAt }: Reception,
): ReceivedEvents {
  if (call?.kind === 'unknown') {
    throw new Refusal(404, 'This path does not accept events. Send to /v1/batch, or to a call such as /v1/identify.');
  }
  if (call?.kind === 'single') {
    const event = isRecord(body) ? correctTimes({ ...withoutKey(body), type: call.type }, receivedAt) : body;
    return { events: [event], isBatch: false };
  }
  const items = call === undefined ? (Array.isArray(body) ? body : undefined) : itemsOfBatch(body);
  if (items === undefined) return { events: [body], isBatch: false };
  // Comes before the events are completed, because that copies each of them.
  if (items.length > maxEvents) {
    throw new Refusal(
      413,
      `The body contains more than ${maxEvents} events. Send smaller batches, or raise maxEvents.`,
    );
  }
  return { events: call === undefined ? items : completed(items, body, receivedAt), isBatch: true };
}

function itemsOfBatch(body: unknown): unknown[] {
  if (isRecord(body) && Array.isArray(body.batch)) return body.batch;
  throw new Refusal(400, 'The body must be an object with an array of events in "batch"');
}

function completed(items: readonly unknown[], body: unknown, receivedAt: number): unknown[] {
  const { context, integrations, sentAt } = recordOf(body);
  return items.map((item) => {
    if (!isRecord(item)) return item;
    const event = {
      ...withoutKey(item),
      ...(isAbsent(item.sentAt) && !isAbsent(sentAt) ? { sentAt } : {}),
      ...merged('context', context, item.context),
      ...merged('integrations', integrations, item.integrations),
    };
    return correctTimes(event, receivedAt);
  });
}

/** Merges a field of the batch into the same field of an event, whose own values win. Only objects can be merged. */
function merged(name: string, shared: unknown, own: unknown): UnknownRecord {
  if (!isRecord(shared)) return {};
  // Segment's PHP library writes an empty object as [].
  if (isAbsent(own) || (Array.isArray(own) && own.length === 0)) return { [name]: shared };
  return isRecord(own) ? { [name]: { ...shared, ...own } } : {};
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

/** The key lets its holder send events, so the destination must not receive it. */
function withoutKey({ writeKey: _, ...fields }: UnknownRecord): UnknownRecord {
  return fields;
}
