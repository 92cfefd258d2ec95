import type { EventStreamTrack, EventToTrackResult } from '../../src/event-stream/index.js';

/** The rendered body of a push click, from OneSignal's docs. */
export const pushClick = {
  'event.kind': 'message.push.clicked',
  'event.id': 'a1b2c3d4-e5f6-7890-abcd-ef1234567890',
  'event.timestamp': 1708559115,
  'event.datetime': '2024-02-21T23:45:15.228Z',
  'event.app_id': 'your-onesignal-app-id',
  'event.subscription_device_type': 'iOS',
  'event.subscription_id': 'b2c3d4e5-f6a7-8901-bcde-f12345678901',
  'event.onesignal_id': 'c3d4e5f6-a7b8-9012-cdef-123456789012',
  'event.external_id': 'user_12345',
  'event.data.page_name': '',
  'event.data.page_id': '',
  'event.data.target_name': '',
  'event.data.target_id': '',
  'event.data.failure_reason': '',
  'message.id': 'f3c9cd09-10d7-4f59-b9bc-66e16607f1d5',
  'message.name': 'weekly-promo-push',
  'message.title': "{'en':'Flash Sale: 50% Off Today'}",
  'message.contents': "{'en':'Shop now and save on select items'}",
  'message.template_id': 'a1b2c3d4-e5f6-7890-abcd-ef1234567890',
  'message.url': 'https://example.com/sale',
  'message.app_url': '',
  'message.web_url': '',
};

/** The track of that push click. */
export const pushClicked: EventStreamTrack = {
  type: 'track',
  event: 'Push Clicked',
  userId: 'user_12345',
  messageId: 'a1b2c3d4-e5f6-7890-abcd-ef1234567890',
  timestamp: '2024-02-21T23:45:15.228Z',
  properties: {
    messageId: 'f3c9cd09-10d7-4f59-b9bc-66e16607f1d5',
    campaign_id: 'f3c9cd09-10d7-4f59-b9bc-66e16607f1d5',
    message_name: 'weekly-promo-push',
    message_title: 'Flash Sale: 50% Off Today',
    message_contents: 'Shop now and save on select items',
    template_id: 'a1b2c3d4-e5f6-7890-abcd-ef1234567890',
    subscription_id: 'b2c3d4e5-f6a7-8901-bcde-f12345678901',
    subscription_device_type: 'iOS',
    message_type: 'push',
  },
  context: {
    integration: { name: 'onesignal', version: '1.0.0' },
    onesignal_id: 'c3d4e5f6-a7b8-9012-cdef-123456789012',
  },
  integrations: { OneSignal: false, 'OneSignal New': false, 'OneSignal (New)': false },
};

/** The track of a result that must have one. */
export function trackOf(result: EventToTrackResult): EventStreamTrack {
  if (result.status === 'mapped') return result.track;
  throw new Error(result.status === 'failed' ? result.error.message : result.reason);
}
