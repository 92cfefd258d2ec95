import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type EventStreamTrack, eventToTrack } from '../../src/event-stream/index.js';
import { eventKinds } from '../../src/onesignal/event-kinds.js';

interface Golden {
  kind: string;
  body: unknown;
  onesignal: EventStreamTrack;
  spec: EventStreamTrack;
}

const channels = ['push', 'iam', 'email', 'sms', 'live-activity'];
const golden = channels.flatMap((channel): Golden[] =>
  JSON.parse(readFileSync(new URL(`../fixtures/event-stream/${channel}.json`, import.meta.url), 'utf8')),
);

test('there is a golden pair for every kind', () => {
  expect(golden.map(({ kind }) => kind).sort()).toEqual([...eventKinds].sort());
});

describe.each(golden)('$kind', ({ body, onesignal, spec }) => {
  test("becomes the track that OneSignal's own source would send", () => {
    expect(eventToTrack(body, { kinds: 'all' })).toEqual({ status: 'mapped', track: onesignal, warnings: [] });
  });

  test("becomes the track of Segment's Spec", () => {
    expect(eventToTrack(body, { kinds: 'all', names: 'spec' })).toEqual({
      status: 'mapped',
      track: spec,
      warnings: [],
    });
  });
});

test("kinds that OneSignal's own source does not send are skipped by default", () => {
  const skipped = golden.filter(({ body }) => eventToTrack(body).status === 'skipped');
  expect(skipped.map(({ kind }) => kind)).toEqual([
    'message.push.failed',
    'message.push.unsubscribed',
    'message.live_activity.sent',
    'message.live_activity.delivered',
    'message.live_activity.unsubscribed',
    'message.live_activity.failed',
    'message.live_activity.clicked',
  ]);
  expect(eventToTrack(skipped[0]?.body)).toEqual({ status: 'skipped', reason: 'kind_off' });
});
