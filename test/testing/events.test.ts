import { describe, expect, test } from 'vitest';
import { mapEvent, parseEvent, type SegmentEvent } from '../../src/index.js';
import {
  alias,
  audience,
  computedTrait,
  computedTraitTrack,
  createEvents,
  deletion,
  exactly,
  group,
  identify,
  journeyStep,
  journeyStepIdentify,
  linkedAudience,
  messagingSubscriptions,
  mobile,
  orderCompleted,
  page,
  screen,
  summaryOf,
  track,
} from '../../src/testing/index.js';

const optIns = {
  subscriptions: { email: true, sms: true, push: true },
  group: true,
  page: 'custom_event',
  screen: 'custom_event',
  alias: { label: 'legacy_id' },
  deleteUsers: true,
  purchases: true,
} as const;

const subscription = { key: 'mira.novak@example.com', type: 'EMAIL', status: 'UNSUBSCRIBED' } as const;
const all: Record<string, () => SegmentEvent> = {
  identify,
  track: () => track('Plan Changed', { properties: { plan: 'team' } }),
  page,
  screen,
  group,
  alias,
  deletion,
  'audience.entered': () => audience.entered('vip'),
  'audience.exited': () => audience.exited('vip'),
  'audience.identifyEntered': () => audience.identifyEntered('vip'),
  'audience.identifyExited': () => audience.identifyExited('vip'),
  computedTrait: () => computedTrait('orders_30_days', 4),
  computedTraitTrack: () => computedTraitTrack('orders_30_days', 4),
  journeyStep: () => journeyStep('welcome__step_2_k3x'),
  journeyStepIdentify: () => journeyStepIdentify('j_o_welcome'),
  linkedAudience: () => linkedAudience('near_a_store'),
  messagingSubscriptions: () => messagingSubscriptions([subscription]),
  orderCompleted,
  ...Object.fromEntries(Object.entries(mobile).map(([name, build]) => [`mobile.${name}`, () => build()])),
};

describe.each(Object.entries(all))('%s', (_, build) => {
  test('is an event as Segment sends it: it can be parsed, and survives a JSON round trip', () => {
    const event = build();
    expect(parseEvent(event)).toMatchObject({ ok: true });
    expect(JSON.parse(JSON.stringify(event))).toEqual(event);
  });

  test('is the same every time, and shares no objects with the next one', () => {
    const [one, other] = [build(), build()];
    expect(one).toEqual(other);
    Object.assign(Object(one.context), { changed: true });
    expect(build()).toEqual(other);
  });

  test('has an id that Segment accepts, and times in chronological order', () => {
    const { messageId = '', ...event } = build();
    expect(messageId).toMatch(/^[\w-]{30,100}$/);
    expect(event).toMatchObject({ receivedAt: expect.any(String), timestamp: expect.any(String) });
    expect(String(event.timestamp) <= String(event.receivedAt)).toBe(true);
  });

  test('maps to this plan', () => {
    expect(summaryOf(mapEvent(build(), optIns))).toMatchSnapshot();
  });
});

test('events with different content have different ids', () => {
  const ids = Object.values(all).map((build) => build().messageId);
  expect(new Set(ids).size).toBe(ids.length);
  expect(identify({ traits: { plan: 'team' } }).messageId).not.toBe(identify().messageId);
});

test('the events have the same fields as the payloads from Segment', () => {
  const { messageId, ...context } = Object(identify());
  expect(Object.keys({ messageId, ...context }).sort()).toEqual(
    [
      ...['anonymousId', 'channel', 'context', 'integrations', 'messageId', 'originalTimestamp', 'projectId'],
      ...['receivedAt', 'sentAt', 'timestamp', 'traits', 'type', 'userId', 'version'],
    ].sort(),
  );
  expect(audience.entered('vip')).toMatchObject({ sentAt: null, integrations: { All: false } });
  expect(deletion()).toMatchObject({ type: 'delete', context: null, integrations: null });
});

describe('overrides', () => {
  test('are merged into traits, properties and context at every level', () => {
    const event = identify({ traits: { address: { city: 'Wien' } }, context: { page: { path: '/' } } });
    expect(event.traits).toMatchObject({ firstName: 'Mira', address: { city: 'Wien', country: 'Austria' } });
    expect(event.context).toMatchObject({ locale: 'en-GB', page: { path: '/', title: 'Pricing' } });
  });

  test('that are undefined remove a field', () => {
    const event = identify({ userId: undefined, traits: { email: undefined, address: { city: undefined } } });
    expect(event).not.toHaveProperty('userId');
    expect(event.traits).not.toHaveProperty('email');
    expect(event.traits).not.toHaveProperty('address.city');
    expect(event.traits).toHaveProperty('address.country');
  });

  test('that are null, arrays or dates replace a field', () => {
    const day = new Date(0);
    const event = identify({ context: null, traits: { plan: null, tags: ['a'], address: day } });
    expect(event).toMatchObject({ context: null, traits: { plan: null, tags: ['a'], address: day } });
    expect(identify({ traits: [] }).traits).toEqual([]);
  });

  test('in exactly() replace all fields', () => {
    expect(identify({ traits: exactly({ plan: 'team' }) }).traits).toEqual({ plan: 'team' });
    expect(identify({ traits: { address: exactly({ city: 'Wien' }) } }).traits).toMatchObject({
      address: { city: 'Wien' },
    });
  });

  test('of the timestamp move the other times, so that the event does not seem received before it happened', () => {
    const event = track('A', { timestamp: '2027-01-01T00:00:00.000Z' });
    expect(event).toMatchObject({ originalTimestamp: '2027-01-01T00:00:00.000Z' });
    expect(mapEvent(track('A', { timestamp: '2027-01-01T00:00:00.000Z', properties: { a: 1 } })).at).toBe(
      '2027-01-01T00:00:00.000Z',
    );
    expect(event.receivedAt?.startsWith('2027-01-01T00:00:00.')).toBe(true);
  });

  test('may have hostile names and values', () => {
    const traits = JSON.parse('{"__proto__": {"polluted": 1}, "constructor": 2}');
    const event = identify({ traits: exactly({ ...traits, huge: 1n }) });
    expect(Object.getPrototypeOf(event)).toBe(Object.prototype);
    expect(event.traits).toMatchObject({ constructor: 2, huge: 1n });
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    expect(identify({ traits: exactly({ circle }) }).messageId).toMatch(/^ajs-next-/);
  });
});

describe('createEvents', () => {
  test('makes events that are each later than the one before, with their own ids', () => {
    const events = createEvents({ startAt: '2026-05-01T12:00:00Z', everyMs: 60_000 });
    const [one, other] = [events.identify(), events.identify()];
    expect([one.timestamp, other.timestamp]).toEqual(['2026-05-01T12:00:00.000Z', '2026-05-01T12:01:00.000Z']);
    expect(one.messageId).not.toBe(other.messageId);
  });

  test('starts over each time it is called', () => {
    expect(createEvents().identify()).toEqual(createEvents().identify());
    expect(createEvents().identify()).not.toEqual(createEvents({ startAt: 1_780_000_000_000 }).identify());
  });

  test('refuses to build an Engage event without a key', () => {
    const { audience, computedTrait, computedTraitTrack, journeyStep, journeyStepIdentify, linkedAudience } =
      createEvents();
    const { entered, exited, identifyEntered, identifyExited } = audience;
    const withKey = [entered, exited, identifyEntered, identifyExited, computedTrait, computedTraitTrack];
    for (const build of [...withKey, journeyStep, journeyStepIdentify, linkedAudience])
      for (const key of [undefined, '', { userId: 'u1' }])
        expect(() => Reflect.apply(build, undefined, [key])).toThrow(
          new TypeError("An Engage event needs a key: pass it first, as in audience.entered('vip')."),
        );
  });

  test('refuses to build a track without a name, and fields that are not an object', () => {
    const { identify, track } = createEvents();
    for (const args of [[], [{ userId: 'u1' }]])
      expect(() => Reflect.apply(track, undefined, args)).toThrow(
        new TypeError("A track needs the name of its event: pass it first, as in track('Signed Up')."),
      );
    for (const fields of ['u1', null, []])
      expect(() => Reflect.apply(identify, undefined, [fields])).toThrow(
        new TypeError("Pass the fields to change as an object, such as { userId: 'u1' }."),
      );
  });

  test('refuses a start that is not a time, and an interval that is not a duration', () => {
    const refused = (option: string) => expect.objectContaining({ name: 'ConfigurationError', option });
    expect(() => createEvents({ startAt: 'tomorrow' })).toThrow(refused('startAt'));
    for (const everyMs of [-1, Number.NaN]) expect(() => createEvents({ everyMs })).toThrow(refused('everyMs'));
  });
});
