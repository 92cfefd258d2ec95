import type { SegmentEvent } from '../segment/event.js';
import { fieldsOf } from './fields.js';
import type { Settings } from './settings.js';

/** Events of OneSignal's Segment source, in the spellings of both OneSignal's and Segment's docs. */
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
  if (event.event === 'Violation Generated') return true;
  if (event.event === undefined || !oneSignalEvents.has(event.event)) return false;
  const { fields } = fieldsOf(event);
  return oneSignalProperties.some((property) => Object.hasOwn(fields, property));
}
