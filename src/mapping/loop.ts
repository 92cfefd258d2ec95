import { isRecord } from '../segment/recognise.js';

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
export function isLoop(name: unknown, properties: unknown): boolean {
  if (name === 'Violation Generated') return true;
  if (typeof name !== 'string' || !oneSignalEvents.has(name) || !isRecord(properties)) return false;
  return oneSignalProperties.some((property) => Object.hasOwn(properties, property));
}
