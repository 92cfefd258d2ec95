import type { SegmentEvent } from '../segment/event.js';
import { fieldsOf } from './fields.js';
import type { Settings } from './settings.js';

/** What OneSignal sends to Segment as a source, in OneSignal's spelling and in Segment's. */
const oneSignalEvents = new Set([
  'Push Sent',
  'Push Received',
  'Push Clicked',
  'In-App Message Displayed',
  'In-App Message Impression',
  'In-App Message Clicked',
  'In-App Message Page Displayed',
  'Email Sent',
  'Email Received',
  'Email Opened',
  'Email Link Clicked',
  'Email Unsubscribed',
  'Email Reported As Spam',
  'Email Bounced',
  'Email Failed',
  'Email Suppressed',
  'SMS Sent',
  'SMS Delivered',
  'SMS Failed',
  'SMS Undelivered',
]);
/** The names above are plain enough for a shop's own events; these properties are OneSignal's. */
const oneSignalProperties = ['subscription_id', 'message_name', 'subscription_type', 'subscription_device_type'];

/**
 * M19: whether a track is OneSignal's own (sending it back would start a loop), or Protocols' report of a violation.
 *
 * @see {@link https://segment.com/docs/connections/sources/catalog/cloud-apps/onesignal/ | Segment: OneSignal source}
 */
export function isLoop(event: SegmentEvent, { loops }: Settings): boolean {
  if (loops === 'allow' || event.type !== 'track') return false;
  if (event.event === 'Violation Generated') return true;
  if (event.event === undefined || !oneSignalEvents.has(event.event)) return false;
  const { fields } = fieldsOf(event);
  return oneSignalProperties.some((property) => Object.hasOwn(fields, property));
}
