import type { EventStreamKind } from '../onesignal/event-kinds.js';
import type { EventStreamProperties } from './track.js';

/** What the events of a kind are called, and by whom. */
export interface KindFacts {
  /** The name that OneSignal's own Segment source gives it. */
  name: string;
  /** The name of Segment's Spec, if it has one for such events. */
  specName?: string;
  messageType: EventStreamProperties['message_type'];
  /** OneSignal's own Segment source does not send it. */
  isExtra?: true;
}

/**
 * The names that OneSignal gave to its source's events in December 2023; OneSignal's own page still has older ones for
 * some.
 *
 * @see {@link https://segment.com/docs/connections/sources/catalog/cloud-apps/onesignal/ | Segment: OneSignal source}
 * @see {@link https://segment.com/docs/connections/spec/email/ | Segment Spec: Email}
 * @see {@link https://segment.com/docs/connections/spec/mobile/ | Segment Spec: Mobile}
 */
const facts: Readonly<Record<EventStreamKind, KindFacts>> = {
  'message.push.sent': { name: 'Push Sent', messageType: 'push' },
  'message.push.received': { name: 'Push Received', specName: 'Push Notification Received', messageType: 'push' },
  'message.push.clicked': { name: 'Push Clicked', specName: 'Push Notification Tapped', messageType: 'push' },
  'message.push.failed': {
    name: 'Push Failed',
    specName: 'Push Notification Bounced',
    messageType: 'push',
    isExtra: true,
  },
  'message.push.unsubscribed': { name: 'Push Unsubscribed', messageType: 'push', isExtra: true },
  'message.iam.impression': { name: 'In-App Message Impression', messageType: 'in-app' },
  'message.iam.clicked': { name: 'In-App Message Clicked', messageType: 'in-app' },
  'message.iam.page_displayed': { name: 'In-App Message Page Displayed', messageType: 'in-app' },
  'message.email.sent': { name: 'Email Sent', messageType: 'email' },
  'message.email.received': { name: 'Email Received', specName: 'Email Delivered', messageType: 'email' },
  'message.email.opened': { name: 'Email Opened', specName: 'Email Opened', messageType: 'email' },
  'message.email.clicked': { name: 'Email Link Clicked', specName: 'Email Link Clicked', messageType: 'email' },
  'message.email.unsubscribed': { name: 'Email Unsubscribed', specName: 'Unsubscribed', messageType: 'email' },
  'message.email.reported_as_spam': {
    name: 'Email Reported As Spam',
    specName: 'Email Marked as Spam',
    messageType: 'email',
  },
  'message.email.bounced': { name: 'Email Bounced', specName: 'Email Bounced', messageType: 'email' },
  'message.email.failed': { name: 'Email Failed', messageType: 'email' },
  'message.email.suppressed': { name: 'Email Suppressed', messageType: 'email' },
  'message.sms.sent': { name: 'SMS Sent', messageType: 'SMS' },
  'message.sms.failed': { name: 'SMS Failed', messageType: 'SMS' },
  'message.sms.delivered': { name: 'SMS Delivered', messageType: 'SMS' },
  'message.sms.undelivered': { name: 'SMS Undelivered', messageType: 'SMS' },
  'message.live_activity.sent': { name: 'Live Activity Sent', messageType: 'live-activity', isExtra: true },
  'message.live_activity.delivered': { name: 'Live Activity Delivered', messageType: 'live-activity', isExtra: true },
  'message.live_activity.unsubscribed': {
    name: 'Live Activity Unsubscribed',
    messageType: 'live-activity',
    isExtra: true,
  },
  'message.live_activity.failed': { name: 'Live Activity Failed', messageType: 'live-activity', isExtra: true },
  'message.live_activity.clicked': { name: 'Live Activity Clicked', messageType: 'live-activity', isExtra: true },
};

/** Older spellings of OneSignal's pages, which streams that were set up long ago may still send. */
const formerKinds: Readonly<Record<string, EventStreamKind>> = {
  'message.iam.displayed': 'message.iam.impression',
  'message.iam.pagedisplayed': 'message.iam.page_displayed',
  'message.email.hardbounced': 'message.email.bounced',
  'message.email.supressed': 'message.email.suppressed',
};

/** The kind that a text names, in any of its spellings. */
export function kindOf(text: string): EventStreamKind | undefined {
  // OneSignal's samples have stray spaces: `message. iam.clicked`.
  const kind = text.replace(/\s/g, '');
  if (isKind(kind)) return kind;
  return Object.hasOwn(formerKinds, kind) ? formerKinds[kind] : undefined;
}

export function factsOf(kind: EventStreamKind): KindFacts {
  return facts[kind];
}

function isKind(text: string): text is EventStreamKind {
  return Object.hasOwn(facts, text);
}
