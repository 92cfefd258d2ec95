import { isRecord } from '../record.js';
import { Refusal } from './refusal.js';

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

/**
 * The events in a body.
 *
 * A webhook sends one event or an array. In the Tracking API the path gives a single event its type, and each event of
 * a batch inherits the `context`, `integrations` and `sentAt` of the batch; its own fields win. Write keys are removed.
 *
 * @throws {@link Refusal} 400 if a batch has no array of events, 404 if the call does not accept events.
 * @internal
 */
export function eventsOf(call: TrackingCall | undefined, body: unknown): { events: unknown[]; isBatch: boolean } {
  if (call === undefined)
    return Array.isArray(body) ? { events: body, isBatch: true } : { events: [body], isBatch: false };
  switch (call.kind) {
    case 'unknown':
      throw new Refusal(404, 'This path does not accept events. Send to /v1/batch, or to a call such as /v1/identify.');
    case 'single':
      return { events: [isRecord(body) ? { ...withoutKey(body), type: call.type } : body], isBatch: false };
    case 'batch':
      return { events: eventsOfBatch(body), isBatch: true };
  }
}

function eventsOfBatch(body: unknown): unknown[] {
  if (!isRecord(body) || !Array.isArray(body.batch)) {
    throw new Refusal(400, 'The body must be an object with an array of events in "batch"');
  }
  const { context, integrations, sentAt } = body;
  return body.batch.map((item: unknown) => {
    if (!isRecord(item)) return item;
    return {
      ...(sentAt === undefined ? {} : { sentAt }),
      ...withoutKey(item),
      ...merged('context', context, item.context),
      ...merged('integrations', integrations, item.integrations),
    };
  });
}

/** Merges a field of the batch into the same field of an event, whose own values win. Only objects can be merged. */
function merged(name: string, shared: unknown, own: unknown): Record<string, unknown> {
  if (!isRecord(shared)) return {};
  // Segment's PHP library writes an empty object as [].
  if (own === undefined || own === null || (Array.isArray(own) && own.length === 0)) return { [name]: shared };
  return isRecord(own) ? { [name]: { ...shared, ...own } } : {};
}

/** The key lets its holder send events, so the destination must not receive it. */
function withoutKey({ writeKey: _, ...fields }: Record<string, unknown>): Record<string, unknown> {
  return fields;
}
