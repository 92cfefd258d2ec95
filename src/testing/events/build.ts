import { isRecord } from '../../record.js';
import type { SegmentEvent } from '../../segment/event.js';
import { type EventOverrides, merge } from './overrides.js';
import { type Stamp, timesOf } from './stamp.js';

/** Where an event comes from, which shows in its id and its fields. */
export type Origin = 'browser' | 'mobile' | 'engage' | 'deletion';

/** Completes an event: overrides, id, times, and the fields that all events of an origin have. */
export type Build = <Event extends SegmentEvent>(
  origin: Origin,
  event: Event,
  overrides: EventOverrides | undefined,
) => Event;

/** @internal */
export function createBuild(stamp: Stamp): Build {
  return (origin, event, overrides = {}) => {
    if (!isRecord(overrides)) throw new TypeError("Pass the fields to change as an object, such as { userId: 'u1' }.");
    const fields = { ...event, ...envelopeOf(origin) };
    const content = merge(fields, overrides);
    const times = timesOf(overrides.timestamp, stamp.nextTime());
    const stamped = {
      messageId: messageIdOf(origin, stamp.uuid(content), times.timestamp),
      ...times,
      // Engage creates its events on the server, so no client sent them.
      ...(origin === 'engage' ? { sentAt: null } : {}),
    };
    return sameType(event, merge({ ...fields, ...stamped }, overrides));
  };
}

function envelopeOf(origin: Origin): object {
  if (origin === 'deletion') return { channel: 'server', context: null, integrations: null, projectId: 'kW2rT8mXq4' };
  const shared = { anonymousId: '0b8f3c1d-57a2-4e96-8c40-d9e2f6a1b735', projectId: 'kW2rT8mXq4', version: 2 };
  // Engage addresses each destination by itself.
  return origin === 'engage'
    ? { channel: 'server', projectId: 'kW2rT8mXq4', integrations: { All: false, 'OneSignal (New)': true } }
    : { ...shared, channel: origin, integrations: {} };
}

function messageIdOf(origin: Origin, uuid: string, timestamp: unknown): string {
  if (origin === 'browser') return `ajs-next-${Date.parse(String(timestamp))}-${uuid}`;
  if (origin === 'engage') return `personas_${uuid.replaceAll('-', '').slice(0, 27)}`;
  return origin === 'deletion' ? `delete-${uuid}` : uuid;
}

function sameType<Event extends SegmentEvent>(event: Event, merged: object): Event;
function sameType(_event: SegmentEvent, merged: object): object {
  // Overrides have the types of the fields that they replace, which the type system cannot follow through the merge.
  return merged;
}
