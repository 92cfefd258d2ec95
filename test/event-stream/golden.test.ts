import { describe, expect, test } from 'vitest';
import { eventToTrack } from '../../src/event-stream/index.js';
import { eventKinds } from '../../src/onesignal/event-kinds.js';
import { goldenPairs } from './golden-pairs.js';

test('there is a golden pair for every kind', () => {
  expect(goldenPairs.map(({ kind }) => kind).sort()).toEqual([...eventKinds].sort());
});

describe.each(goldenPairs)('$kind', ({ body, onesignal, spec }) => {
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
  const skipped = goldenPairs.filter(({ body }) => eventToTrack(body).status === 'skipped');
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
