import { describe, expect, test } from 'vitest';
import { createEventStreamHandler, type EventStreamTrack } from '../../src/event-stream/index.js';
import { createDestination, createOneSignalTransport, mapEvent } from '../../src/index.js';
import { createSandbox } from '../../src/sandbox/index.js';
import { goldenPairs } from './golden-pairs.js';

const loop = expect.objectContaining({ status: 'skipped', reason: 'loop', operations: [] });
/** Options that turn a track into everything it can become. */
const everything = { customEvents: true, profile: true, purchases: true, audienceProperties: 'tags' } as const;

describe.each(['onesignal', 'spec'] as const)("this library's tracks, with the names of %s", (names) => {
  test.each(goldenPairs.map((pair) => [pair.kind, pair[names]] as const))(
    '%s comes back from Segment and stops',
    (_, track) => {
      expect(mapEvent(track)).toEqual(loop);
      expect(mapEvent(track, everything)).toEqual(loop);
      expect(mapEvent(track, { integrations: 'respect' })).toMatchObject({
        status: 'skipped',
        reason: 'integration_off',
      });
      // Something between Segment and this library may keep only the properties.
      const { context: _context, integrations: _integrations, ...rest } = track;
      expect(mapEvent(rest, everything)).toEqual(loop);
    },
  );
});

/** The names of OneSignal's page, of Segment's page, and of Segment's page from October to December 2023. */
const sourceNames = {
  push: ['Push Sent', 'Push Received', 'Push Clicked'],
  'in-app': [
    'In-App Message Impression',
    'In-App Message Displayed',
    'In-App Message Clicked',
    'In-App Message Page Displayed',
  ],
  email: [
    ...[
      'Email Sent',
      'Email Received',
      'Email Opened',
      'Email Link Clicked',
      'Email Unsubscribed',
      'Email Reported As Spam',
    ],
    ...['Email Bounced', 'Email Hardbounced', 'Email Failed', 'Email Suppressed'],
  ],
  SMS: ['SMS Sent', 'SMS Failed', 'SMS Delivered', 'SMS Undelivered'],
};

describe("tracks of OneSignal's own source", () => {
  const names = Object.entries(sourceNames).flatMap(([type, list]) => list.map((name) => [name, type] as const));

  test.each(names)('%s stops, with the properties of either page', (event, message_type) => {
    const common = { messageId: 'm1', campaign_id: 'm1', message_name: 'promo', template_id: 't1', message_type };
    for (const properties of [
      { ...common, subscription_id: 's1', subscription_device_type: 'iOS', language: 'en' },
      { ...common, subscription_type: 'iOSPush', onesignal_id: 'o1' },
      // An expired message has neither name nor template.
      { messageId: 'm1', subscription_id: 's1', subscription_device_type: 'iOS' },
    ]) {
      expect(mapEvent({ type: 'track', userId: 'u1', event, properties }, everything)).toEqual(loop);
    }
  });

  test.each(['onesignal', 'OneSignal', 'ONESIGNAL'])('any name stops with context.integration.name %s', (name) => {
    const context = { integration: { name, version: '2.0.0' } };
    expect(mapEvent({ type: 'track', userId: 'u1', event: 'Anything', properties: { a: 1 }, context })).toEqual(loop);
  });
});

test('what the receiver sends to Segment, and Segment sends on to a destination, writes nothing to OneSignal', async () => {
  const sandbox = createSandbox({ unknownUsers: 'known' });
  const transport = createOneSignalTransport({ apiKey: 'key', fetch: sandbox.fetch });
  const destination = createDestination({
    appId: '3f1f9c1e-6d52-4c3b-9d0e-5f2b8a7c6d10',
    transport,
    mapping: everything,
  });
  const tracks: EventStreamTrack[] = [];
  for (const names of ['onesignal', 'spec'] as const) {
    const handler = createEventStreamHandler({
      segment: async (track) => tracks.push(track),
      secrets: ['shh'],
      names,
      kinds: 'all',
    });
    for (const { body } of goldenPairs) {
      const headers = { authorization: 'Bearer shh' };
      const request = new Request('http://receiver.test/', { method: 'POST', headers, body: JSON.stringify(body) });
      expect((await handler(request)).status).toBe(200);
    }
  }
  const outcomes = await destination.deliver(tracks);
  expect(outcomes).toHaveLength(2 * goldenPairs.length);
  expect(new Set(outcomes.map((outcome) => outcome.status === 'skipped' && outcome.reason))).toEqual(new Set(['loop']));
  expect(sandbox.requests()).toEqual([]);
});
