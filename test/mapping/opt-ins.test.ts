import { describe, expect, test } from 'vitest';
import { audienceToSegment } from '../../src/mapping/calls/audience-to-segment.js';
import { computedTraitToTags } from '../../src/mapping/calls/computed-trait-to-tags.js';
import { identifyToTags } from '../../src/mapping/calls/identify-to-tags.js';
import { trackToTags } from '../../src/mapping/calls/track-to-tags.js';
import { createMapper, mapEvent } from '../../src/mapping/map-event.js';
import type { MappingOptions } from '../../src/mapping/options.js';
import type { OneSignalCustomEvent } from '../../src/onesignal/operation.js';
import type { IdentifyEvent, SegmentEvent, TrackEvent } from '../../src/segment/event.js';

const replace: MappingOptions = { customEvents: { tags: 'replace' } };
const track = (properties: Record<string, unknown>, more: Partial<TrackEvent> = {}): TrackEvent => ({
  type: 'track',
  userId: 'u1',
  messageId: 'm1',
  event: 'Order Started',
  properties,
  ...more,
});
const tagPaths = (event: SegmentEvent, mapping?: MappingOptions) => createMapper(mapping).map(event).tagPaths();
const eventOf = (event: SegmentEvent, mapping = replace): OneSignalCustomEvent => {
  const events = mapEvent(event, mapping).operations.flatMap((one) =>
    one.type === 'send_custom_events' ? one.events : [],
  );
  if (events[0] === undefined) throw new Error('there is no custom event');
  return events[0];
};

describe('customEvents as a function', () => {
  const pricey = (event: TrackEvent) => Number(Object(event.properties).total) > 100;

  test('chooses events one by one', () => {
    const types = (total: number, mapping: MappingOptions) =>
      mapEvent(track({ total }), mapping).operations.map(({ type }) => type);
    for (const customEvents of [pricey, { only: pricey }] as const) {
      expect(types(200, { customEvents })).toEqual(['update_user', 'send_custom_events']);
      expect(types(50, { customEvents })).toEqual(['update_user']);
    }
    expect(types(200, { customEvents: { only: pricey, tags: 'replace' } })).toEqual(['send_custom_events']);
  });

  const throwing = (): never => {
    throw new Error('ada@example.com');
  };
  test.each<[string, () => unknown]>([
    ['throws', throwing],
    ['is asynchronous, because a promise would count as true', async () => true],
    ['returns a number', () => 1],
  ])('fails the plan if it %s', (_, choose) => {
    const plan = mapEvent(track({ total: 1 }), { customEvents: choose as () => boolean });
    expect(plan).toMatchObject({ status: 'failed', error: { code: 'hook_failed' }, operations: [] });
    expect(JSON.stringify(plan)).not.toContain('ada@');
  });
});

describe('the properties of a custom event', () => {
  test('are plain JSON, whatever an in-process caller passes', () => {
    class Cart {
      readonly items = [1, undefined, () => 1];
      readonly total = 5n;
      toJSON() {
        throw new Error('never called');
      }
    }
    const properties = {
      cart: new Cart(),
      at: new Date(0),
      never: new Date(Number.NaN),
      nan: Number.NaN,
      minusZero: -0,
      big: 12n,
      absent: undefined,
      sparse: Array.from({ length: 2 }),
      map: new Map([['a', 1]]),
    };
    const { properties: sent } = eventOf(track(properties));
    expect(sent).toStrictEqual({
      cart: { items: [1, null, null], total: '5' },
      at: '1970-01-01T00:00:00.000Z',
      never: null,
      nan: null,
      minusZero: 0,
      big: '12',
      sparse: [null, null],
      map: {},
    });
    expect(JSON.parse(JSON.stringify(sent))).toStrictEqual(sent);
  });

  test('that JSON cannot hold are dropped as invalid_value', () => {
    const plan = mapEvent(track({ callback: () => 1, sign: Symbol('x'), absent: undefined, plan: 'pro' }), {
      customEvents: true,
    });
    expect(plan.dropped).toEqual([
      { path: 'properties.callback', reason: 'invalid_value' },
      { path: 'properties.sign', reason: 'invalid_value' },
    ]);
  });

  test.each<[string, () => Record<string, unknown>]>([
    [
      'that contain themselves',
      () => {
        const own: Record<string, unknown> = {};
        own.own = own;
        return own;
      },
    ],
    [
      'that contain themselves twice at every level',
      () => {
        const own: Record<string, unknown> = {};
        own.a = own;
        own.b = own;
        return own;
      },
    ],
    [
      'in an array that contains itself',
      () => {
        const list: unknown[] = [];
        list.push(list);
        return { list };
      },
    ],
    [
      'nested deeper than the call stack',
      () => Array.from({ length: 100_000 }).reduce<Record<string, unknown>>((inner) => ({ inner }), {}),
    ],
    [
      'in arrays nested deeper than the call stack',
      () => ({ list: Array.from({ length: 100_000 }).reduce<unknown[]>((inner) => [inner], []) }),
    ],
    [
      'with a huge number of names',
      () => Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`n${index}`, null])),
    ],
    ['with an endless array', () => ({ list: Array.from({ length: 2_000_000 }) })],
  ])('%s are too large, and nothing else of the event is lost', (_, make) => {
    expect(mapEvent(track({ plan: 'pro', nested: make() }), { customEvents: true })).toMatchObject({
      status: 'failed',
      error: { code: 'event_too_large' },
      operations: [{ type: 'update_user', tags: { plan: 'pro' } }],
      dropped: [{ path: 'properties.nested', reason: 'nested' }],
    });
  });

  test.each(['a', 'ü', '漢', '😀', '"', '\ud800'])('fill 2,024 bytes of UTF-8 to the last one (%j)', (character) => {
    const bytesOf = (text: string) => Buffer.byteLength(JSON.stringify(text)) - 2;
    const empty = Buffer.byteLength(JSON.stringify(eventOf(track({ text: '' }))));
    const count = Math.floor((2_024 - empty) / bytesOf(character));
    const fitting = character.repeat(count) + 'x'.repeat(2_024 - empty - count * bytesOf(character));
    expect(Buffer.byteLength(JSON.stringify(eventOf(track({ text: fitting }))))).toBe(2_024);
    expect(mapEvent(track({ text: `${fitting}x` }), replace)).toMatchObject({ error: { code: 'event_too_large' } });
  });
});

describe('the idempotency key of a custom event', () => {
  const keyOf = (event: SegmentEvent) => eventOf(event).idempotency_key;

  test('is the UUID v5 of only the messageId, user and name', () => {
    expect(keyOf(track({ a: 1 }))).toBe('6c8c0d97-108b-5d8d-88d3-3bd428b0351e');
    expect(keyOf(track({ a: 2 }, { timestamp: 1631210063 }))).toBe(keyOf(track({ a: 1 })));
    const others = [track({}, { messageId: 'm2' }), track({}, { userId: 'u2' }), track({}, { event: 'Order Ended' })];
    expect(new Set([track({}), ...others].map(keyOf)).size).toBe(4);
  });

  test('does not confuse the parts', () => {
    expect(keyOf(track({}, { messageId: 'a', userId: 'b","c', event: 'd' }))).not.toBe(
      keyOf(track({}, { messageId: 'a","b', userId: 'c', event: 'd' })),
    );
  });

  test.each([undefined, null, ''])('without a messageId (%j) depends on everything in the event', (messageId) => {
    const bare = (properties: Record<string, unknown>, more: Partial<TrackEvent> = {}) => {
      const { messageId: _, ...event } = track(properties, more);
      return messageId === undefined ? event : { ...event, messageId };
    };
    expect(keyOf(bare({ a: 1, b: { c: 1, d: 2 } }))).toBe(keyOf(bare({ b: { d: 2, c: 1 }, a: 1 })));
    const events = [
      bare({ a: 1 }),
      bare({ a: 2 }),
      bare({ a: 1 }, { receivedAt: '2017' }),
      bare({ a: [1] }),
      bare({ a: '1' }),
    ];
    expect(new Set(events.map(keyOf)).size).toBe(events.length);
  });

  test('without a messageId, for an event too large or deep to be read whole, depends on its custom event', () => {
    const { messageId: _, ...event } = track({ a: 1 });
    const context: Record<string, unknown> = {};
    context.own = context;
    expect(keyOf({ ...event, context })).toMatch(/^[\da-f-]{36}$/);
    expect(keyOf({ ...event, context })).toBe(keyOf({ ...event, context: { more: 'x'.repeat(200_000) } }));
    expect(keyOf({ ...event, context })).not.toBe(keyOf({ ...event, context, properties: { a: 2 } }));
  });
});

describe('the functions that mapEvent chooses among', () => {
  const mapping: MappingOptions = {
    customEvents: true,
    purchases: true,
    profile: true,
    subscriptions: { email: true, push: true },
  };
  const context = { locale: 'de', device: { type: 'android', token: 'cafe' } };
  const identify: IdentifyEvent = {
    type: 'identify',
    userId: 'u1',
    traits: { vips: true, email: 'ada@example.com' },
    context,
  };
  const order = track({ vips: true, revenue: 5 }, { event: 'Order Completed', context });
  const of = (computation_class: string) => ({
    context: { ...context, personas: { computation_class, computation_key: 'vips' } },
  });

  test.each(Object.entries(mapping))('refuse %s, an option of mapEvent', (name, value) => {
    // The compiler would refuse the option by its name.
    const options: object = { [name]: value };
    const plans = [
      identifyToTags(identify, options),
      trackToTags(order, options),
      audienceToSegment({ ...identify, ...of('audience') }, options),
      computedTraitToTags({ ...identify, ...of('trait') }, options),
    ];
    for (const plan of plans) {
      expect(plan).toMatchObject({ status: 'failed', error: { code: 'invalid_mapping' }, operations: [], dropped: [] });
      expect(plan).toHaveProperty(
        'error.message',
        expect.stringMatching(/Opt-ins such as customEvents belong to mapEvent\.$/),
      );
    }
  });

  test('map the same tags and segments as mapEvent without opt-ins', () => {
    expect(identifyToTags(identify)).toEqual(mapEvent(identify));
    expect(trackToTags(order)).toEqual(mapEvent(order));
    for (const event of [identify, order]) {
      const audience = { ...event, ...of('audience') };
      expect(audienceToSegment(audience)).toEqual(mapEvent(audience));
      const trait = { ...event, ...of('trait') };
      expect(computedTraitToTags(trait)).toEqual(mapEvent(trait));
    }
  });

  test('check consent', () => {
    const consent = { consent: ['marketing'] };
    const plans = [
      identifyToTags(identify, consent),
      trackToTags(order, consent),
      audienceToSegment({ ...identify, ...of('audience') }, consent),
      computedTraitToTags({ ...identify, ...of('trait') }, consent),
    ];
    for (const plan of plans) expect(plan).toMatchObject({ status: 'skipped', reason: 'no_consent' });
  });
});

describe('tagPaths', () => {
  test('has the paths of the profile', () => {
    const event: IdentifyEvent = {
      type: 'identify',
      userId: 'u1',
      timestamp: '2024-05-06T07:08:09.123Z',
      traits: { plan: 'pro', Created_At: '2020-01-02', address: { country: 'AT' } },
      context: { locale: 'de', location: { latitude: -0 } },
    };
    expect(Object.fromEntries(tagPaths(event, { profile: true }))).toEqual({
      plan: 'traits.plan',
      Created_At: 'traits.Created_At',
      'profile/language': 'context.locale',
      'profile/country': 'traits.address.country',
      'profile/lat': 'context.location.latitude',
      'profile/first_active': 'traits.Created_At',
      'profile/last_active': 'timestamp',
    });
  });

  test('has the paths of subscriptions, by type and token, of an alias and of purchases', () => {
    const token = 'c0ffee'.repeat(10).concat('cafe');
    const identify: IdentifyEvent = {
      type: 'identify',
      userId: 'u1',
      traits: { Email: 'Ada@Example.com', phone: '+43 664 1234567' },
      context: {
        device: { type: 'ios', token },
        messaging_subscriptions: [
          { key: 'ada@example.com', type: 'EMAIL', status: 'SUBSCRIBED' },
          { key: 'work@example.com', type: 'EMAIL', status: 'UNSUBSCRIBED' },
        ],
      },
    };
    const subscriptions = { email: true, sms: true, push: true };
    expect(Object.fromEntries(tagPaths(identify, { subscriptions }))).toEqual({
      'subscription/Email/ada@example.com': 'traits.Email',
      'subscription/SMS/+436641234567': 'traits.phone',
      'subscription/Email/work@example.com': 'context.messaging_subscriptions.1',
      [`subscription/iOSPush/${token}`]: 'context.device.token',
    });
    const alias: SegmentEvent = { type: 'alias', userId: 'u1', previousId: 'jen' };
    expect(Object.fromEntries(tagPaths(alias, { alias: { label: 'legacy_id' } }))).toEqual({
      'alias/legacy_id': 'previousId',
    });
    const products = [{ sku: 'hat', price: 9.5 }];
    const order = (properties: Record<string, unknown>) =>
      tagPaths(track(properties, { event: 'Order Completed' }), { purchases: true });
    expect(order({ products }).get('purchases')).toBe('properties.products');
    expect(order({ total: 5 }).get('purchases')).toBe('properties.total');
    expect(order({ total: 'x' }).has('purchases')).toBe(false);
  });

  test('has the paths of the tags of an event whose custom event cannot be sent', () => {
    const event = track({ plan: 'pro', text: 'x'.repeat(2_024) });
    expect([...tagPaths(event, { customEvents: true }).keys()]).toEqual(['plan', 'text']);
    expect([...tagPaths(event, replace).keys()]).toEqual([]);
  });
});

test('dates that an in-process caller passes as Date become seconds without the option', () => {
  const event: IdentifyEvent = { type: 'identify', userId: 'u1', traits: { ends: new Date(1_500) } };
  for (const dates of ['auto', ['ends']] as const)
    expect(identifyToTags(event, { dates }).operations).toMatchObject([{ tags: { ends: '1' } }]);
});

test('a profile has no -0, because JSON has none', () => {
  const [operation] = mapEvent(
    { type: 'identify', userId: 'u1', context: { location: { latitude: -0 } } },
    { profile: ['lat'] },
  ).operations;
  expect(operation).toStrictEqual({
    type: 'update_user',
    user: { label: 'external_id', id: 'u1' },
    tags: {},
    profile: { lat: 0 },
  });
});

test('properties that throw when they are read fail the plan', () => {
  const properties = Object.defineProperty({}, 'boom', {
    enumerable: true,
    get: () => {
      throw new Error('ada@example.com');
    },
  });
  const plan = mapEvent({ type: 'track', userId: 'u1', event: 'A', properties: { nested: properties } }, replace);
  expect(plan).toMatchObject({ status: 'failed', error: { code: 'invalid_event' } });
  expect(JSON.stringify(plan)).not.toContain('ada@');
});

test('purchases and push tokens need an event with a name and a device with a type', () => {
  const context = { device: { token: 'cafe', type: 7 } };
  const mapping: MappingOptions = { purchases: true, subscriptions: { push: true } };
  const { event: _, ...unnamed } = track({ revenue: 5 });
  expect(mapEvent({ ...unnamed, context }, mapping).operations.map(({ type }) => type)).toEqual(['update_user']);
  expect(mapEvent({ type: 'identify', userId: 'u1', context }, mapping).dropped).toEqual([
    { path: 'context.device.token', reason: 'invalid_value' },
  ]);
});
