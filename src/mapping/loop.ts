import { recordOf, type UnknownRecord } from '../record.js';
import type { SegmentEvent } from '../segment/event.js';
import { fieldsOf } from './fields.js';
import type { Settings } from './settings.js';

/** Prefixes and endings of event names: `Push ` and `Sent` for `Push Sent`. */
type Names = Readonly<Record<string, readonly string[]>>;

/** Events of OneSignal's Segment source and Event Streams, in all spellings of OneSignal's and Segment's docs. */
const oneSignalEvents = /* @__PURE__ */ namesOf({
  Push: ['Sent', 'Received', 'Clicked', 'Failed', 'Unsubscribed'],
  'In-App Message': ['Displayed', 'Impression', 'Clicked', 'Page Displayed'],
  'In-App': ['Impression', 'Clicked', 'Page Displayed'],
  Email: [
    'Sent',
    'Received',
    'Opened',
    'Link Clicked',
    'Unsubscribed',
    'Reported As Spam',
    'Bounced',
    'Hardbounced',
    'Failed',
    'Suppressed',
  ],
  SMS: ['Sent', 'Delivered', 'Failed', 'Undelivered'],
  'Live Activity': ['Sent', 'Delivered', 'Unsubscribed', 'Failed', 'Clicked'],
});
/** Names of Segment's Spec for the same events. Any sender uses them. */
const specEvents = new Set([
  'Push Notification Received',
  'Push Notification Tapped',
  'Push Notification Bounced',
  'Email Delivered',
  'Email Marked as Spam',
  'Unsubscribed',
]);
/** Your own events can have the names above. Only OneSignal's have these properties. */
const oneSignalProperties = ['subscription_id', 'message_name', 'subscription_type', 'subscription_device_type'];

/**
 * M19: whether OneSignal sent the track to Segment, so that sending it back would start a loop, or it is a violation
 * report of Segment Protocols.
 *
 * @see {@link https://segment.com/docs/connections/sources/catalog/cloud-apps/onesignal/ | Segment: OneSignal source}
 */
export function isLoop(event: SegmentEvent, { loops }: Settings): boolean {
  if (loops === 'allow' || event.type !== 'track') return false;
  if (event.event === 'Violation Generated' || isFromOneSignal(event)) return true;
  if (event.event === undefined) return false;
  if (oneSignalEvents.has(event.event)) return hasAny(fieldsOf(event).fields, oneSignalProperties);
  return specEvents.has(event.event) && isMarkedClearly(fieldsOf(event).fields);
}

/** Segment asks its partners to put their names here. */
function isFromOneSignal({ context }: SegmentEvent): boolean {
  const { name } = recordOf(recordOf(context).integration);
  return typeof name === 'string' && name.length === 9 && name.toLowerCase() === 'onesignal';
}

/** `Unsubscribed` with a `subscription_id` alone can be the end of a paid subscription. */
function isMarkedClearly(fields: UnknownRecord): boolean {
  return (
    Object.hasOwn(fields, 'subscription_device_type') ||
    (Object.hasOwn(fields, 'subscription_id') && Object.hasOwn(fields, 'message_name'))
  );
}

function hasAny(fields: UnknownRecord, names: readonly string[]): boolean {
  return names.some((name) => Object.hasOwn(fields, name));
}

function namesOf(names: Names): ReadonlySet<string> {
  return new Set(Object.entries(names).flatMap(([prefix, endings]) => endings.map((ending) => `${prefix} ${ending}`)));
}
