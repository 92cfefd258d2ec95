import { isRecord } from '../record.js';
import { Refusal } from './refusal.js';

/** A call of Segment's Tracking API: many events, one of a type, or none that takes events. */
export type TrackingCall = { kind: 'batch' } | { kind: 'single'; type: string } | { kind: 'unknown' };

/** The last part of the path. Single letters are what analytics.js and the mobile libraries send. */
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
 * Which call of the Tracking API a path is, wherever the handler is mounted: `/v1/batch`, `/segment/v1/identify`. Any other path is a webhook's, and so is
 * `/api/v1/segment`; but all that begins with `/v1/` is the Tracking API.
 *
 * @see {@link https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/ | Segment: HTTP Tracking API}
 * @internal
 */
export function trackingCallOf(pathname: string): TrackingCall | undefined {
  const name = /\/v1\/([a-z]+)\/?$/.exec(pathname)?.[1] ?? '';
  const type = Object.hasOwn(calls, name) ? calls[name] : undefined;
  if (type === undefined) return pathname.startsWith('/v1/') ? { kind: 'unknown' } : undefined;
  return type === 'batch' ? { kind: 'batch' } : { kind: 'single', type };
}

/**
 * The events of a call: the type comes from the path; what a batch says for all (`context`, `integrations`, `sentAt`) goes into each, whose own fields
 * win; the write key stays here.
 *
 * @throws {@link Refusal} 400 where a batch has no list of events, 404 where the call takes none.
 * @see {@link https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/#batch | Segment: HTTP Tracking API, Batch}
 * @internal
 */
export function eventsOf(call: TrackingCall, body: unknown): unknown[] {
  if (call.kind === 'unknown')
    throw new Refusal(404, 'this call takes no events: use /v1/batch, /v1/identify, /v1/track …');
  if (call.kind === 'single') return [isRecord(body) ? { ...withoutKey(body), type: call.type } : body];
  if (!isRecord(body) || !Array.isArray(body.batch)) {
    throw new Refusal(400, 'the body must be an object with the events in "batch": [...]');
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

/** What one event says of itself beats what the batch says for all; only objects can be merged. */
function merged(name: string, shared: unknown, own: unknown): Record<string, unknown> {
  if (!isRecord(shared)) return {};
  // Segment's own emptiness: PHP writes an empty object as [].
  if (own === undefined || own === null || (Array.isArray(own) && own.length === 0)) return { [name]: shared };
  return isRecord(own) ? { [name]: { ...shared, ...own } } : {};
}

/** Whoever receives the event must not get the key that lets others send. */
function withoutKey({ writeKey: _, ...fields }: Record<string, unknown>): Record<string, unknown> {
  return fields;
}
