/**
 * Kind of an event in OneSignal's Event Streams: `event.kind`.
 *
 * A minor release may add kinds: give a `switch` over them a `default`.
 *
 * @see {@link https://documentation.onesignal.com/docs/en/event-streams-data | OneSignal: Event Stream data}
 */
export type EventStreamKind =
  | 'message.push.sent'
  | 'message.push.received'
  | 'message.push.clicked'
  | 'message.push.failed'
  | 'message.push.unsubscribed'
  | 'message.iam.impression'
  | 'message.iam.clicked'
  | 'message.iam.page_displayed'
  | 'message.email.sent'
  | 'message.email.received'
  | 'message.email.opened'
  | 'message.email.clicked'
  | 'message.email.unsubscribed'
  | 'message.email.reported_as_spam'
  | 'message.email.bounced'
  | 'message.email.failed'
  | 'message.email.suppressed'
  | 'message.sms.sent'
  | 'message.sms.failed'
  | 'message.sms.delivered'
  | 'message.sms.undelivered'
  | 'message.live_activity.sent'
  | 'message.live_activity.delivered'
  | 'message.live_activity.unsubscribed'
  | 'message.live_activity.failed'
  | 'message.live_activity.clicked';

/** All kinds, in the order of OneSignal's page. @internal */
export const eventKinds: readonly EventStreamKind[] = [
  'message.push.sent',
  'message.push.received',
  'message.push.clicked',
  'message.push.failed',
  'message.push.unsubscribed',
  'message.iam.impression',
  'message.iam.clicked',
  'message.iam.page_displayed',
  'message.email.sent',
  'message.email.received',
  'message.email.opened',
  'message.email.clicked',
  'message.email.unsubscribed',
  'message.email.reported_as_spam',
  'message.email.bounced',
  'message.email.failed',
  'message.email.suppressed',
  'message.sms.sent',
  'message.sms.failed',
  'message.sms.delivered',
  'message.sms.undelivered',
  'message.live_activity.sent',
  'message.live_activity.delivered',
  'message.live_activity.unsubscribed',
  'message.live_activity.failed',
  'message.live_activity.clicked',
];
