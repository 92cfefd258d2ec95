import { describe, expect, test } from 'vitest';
import { audienceToSegment } from '../../src/mapping/calls/audience-to-segment.js';
import { computedTraitToTags } from '../../src/mapping/calls/computed-trait-to-tags.js';
import { identifyToTags } from '../../src/mapping/calls/identify-to-tags.js';
import { trackToTags } from '../../src/mapping/calls/track-to-tags.js';
import { mapEvent } from '../../src/mapping/map-event.js';
import type { IdentifyEvent, TrackEvent } from '../../src/segment/event.js';

const identify: IdentifyEvent = { type: 'identify', userId: 'u1', traits: { vips: true } };
const track: TrackEvent = { type: 'track', userId: 'u1', event: 'Audience Entered', properties: { vips: true } };
const ofAudience = { context: { personas: { computation_class: 'audience', computation_key: 'vips' } } };
const ofTrait = { context: { personas: { computation_class: 'trait', computation_key: 'vips' } } };
const update = { type: 'update_user', user: { label: 'external_id', id: 'u1' }, tags: { vips: 'true' } };
const segment = {
  type: 'ensure_segment',
  name: 'vips',
  filters: [{ field: 'tag', key: 'vips', relation: '=', value: 'true' }],
};

describe('the four functions that mapEvent chooses among', () => {
  test('identifyToTags maps all traits, whatever the source of the event', () => {
    expect(identifyToTags(identify)).toEqual(mapEvent(identify));
    expect(identifyToTags({ ...identify, ...ofAudience }).operations).toEqual([update]);
  });

  test('trackToTags maps all properties, whatever the source of the event', () => {
    expect(trackToTags(track)).toEqual(mapEvent(track));
    expect(trackToTags({ ...track, ...ofAudience }).operations).toEqual([update]);
  });

  test.each([identify, track])(
    'audienceToSegment turns an audience into a tag and a segment, and skips other events',
    (event) => {
      expect(audienceToSegment({ ...event, ...ofAudience }).operations).toEqual([update, segment]);
      expect(audienceToSegment({ ...event, ...ofAudience })).toEqual(mapEvent({ ...event, ...ofAudience }));
      for (const other of [event, { ...event, ...ofTrait }])
        expect(audienceToSegment(other)).toStrictEqual({
          status: 'skipped',
          reason: 'unsupported_type',
          operations: [],
          dropped: [],
        });
    },
  );

  test.each([identify, track])(
    'computedTraitToTags turns a computed trait into tags, and skips other events',
    (event) => {
      expect(computedTraitToTags({ ...event, ...ofTrait })).toEqual(mapEvent({ ...event, ...ofTrait }));
      expect(computedTraitToTags({ ...event, ...ofTrait }).operations).toEqual([update]);
      for (const other of [event, { ...event, ...ofAudience }])
        expect(computedTraitToTags(other)).toMatchObject({ status: 'skipped', reason: 'unsupported_type' });
    },
  );

  test('each accepts options, and skips the events that mapEvent skips', () => {
    const options = { prefix: 'seg_', integrations: 'respect' } as const;
    const calls = [
      () => identifyToTags({ ...identify, integrations: { All: false } }, options),
      () => trackToTags({ ...track, integrations: { All: false } }, options),
      () => audienceToSegment({ ...track, ...ofAudience, integrations: { All: false } }, options),
      () => computedTraitToTags({ ...track, ...ofTrait, integrations: { All: false } }, options),
    ];
    for (const call of calls) expect(call()).toMatchObject({ status: 'skipped', reason: 'integration_off' });
    expect(identifyToTags(identify, options).operations).toMatchObject([{ tags: { seg_vips: 'true' } }]);
    expect(trackToTags({ ...track, userId: 'NA' })).toMatchObject({ reason: 'blocked_user_id' });
  });
});

describe('an event is skipped for', () => {
  test.each([
    ['all: false', { all: false }],
    ['All: false', { All: false }],
  ])('integrations with %s', (_, integrations) => {
    expect(mapEvent({ ...identify, integrations }, { integrations: 'respect' })).toMatchObject({
      status: 'skipped',
      reason: 'integration_off',
    });
  });

  test('an integration named OneSignal, but for no other name, even one of nine letters', () => {
    const from = (name: unknown) => ({ ...track, properties: { a: 1 }, context: { integration: { name } } });
    expect(mapEvent(from('OneSignal'))).toMatchObject({ status: 'skipped', reason: 'loop' });
    for (const name of ['Amplitude', 'OneSignals', 9, undefined]) expect(mapEvent(from(name)).status).toBe('planned');
  });
});

describe('the key of an audience', () => {
  const keyed = (personas: object, properties: object) =>
    mapEvent(
      {
        ...track,
        properties: { ...properties },
        context: { personas: { computation_class: 'audience', ...personas } },
      },
      { exclude: ['vips'] },
    );

  test.each([
    ['context.personas.computation_key', { computation_key: 'vips' }, {}],
    ['context.personas.audience_key', { audience_key: 'vips' }, {}],
    ['properties.audience_key', {}, { audience_key: 'vips' }],
    ['context.personas.audience_key', { computation_key: ' ', audience_key: 'vips' }, {}],
  ])('is reported as %s if it alone names the audience', (path, personas, properties) => {
    expect(keyed(personas, properties).dropped).toContainEqual({ path, reason: 'excluded' });
  });
});

test('an event that cannot be read fails with a message that says what to pass', () => {
  const unreadable = new Proxy(identify, {
    get() {
      throw new Error('ada@example.com');
    },
  });
  expect(mapEvent(unreadable)).toMatchObject({
    status: 'failed',
    error: { code: 'invalid_event', message: expect.stringContaining('Pass plain JSON data.'), issues: [] },
  });
});
