import { describe, expect, test } from 'vitest';
import { createMapper, mapEvent } from '../../src/mapping/map-event.js';
import { plainJson } from '../../src/mapping/opt-ins/plain-json.js';
import type { MappingOptions } from '../../src/mapping/options.js';
import { maxNameCharacters, maxTokenCharacters } from '../../src/onesignal/limits.js';
import type { Purchase, Subscription } from '../../src/onesignal/operation.js';
import type { SegmentEvent } from '../../src/segment/event.js';

const identify = (more: object): SegmentEvent => ({ type: 'identify', userId: 'u1', ...more });
const track = (event: string, properties: object, more = {}): SegmentEvent => ({
  type: 'track',
  userId: 'u1',
  event,
  properties: { ...properties },
  ...more,
});

const profileOf = (event: SegmentEvent) =>
  mapEvent(event, { profile: true }).operations.flatMap((one) => (one.type === 'update_user' ? [one.profile] : []))[0];
const subscriptionsOf = (event: SegmentEvent, subscriptions: MappingOptions['subscriptions']): Subscription[] =>
  mapEvent(event, { subscriptions }).operations.flatMap((one) =>
    one.type === 'add_subscription' ? [one.subscription] : [],
  );
const purchasesOf = (properties: object): Purchase[] =>
  mapEvent(track('Order Completed', properties), { purchases: true }).operations.flatMap((one) =>
    one.type === 'add_purchases' ? one.purchases : [],
  );
const dropsOf = (event: SegmentEvent, mapping?: MappingOptions) =>
  mapEvent(event, mapping).dropped.map(({ path, reason }) => `${path}: ${reason}`);

describe('the quantity of a product', () => {
  test.each([
    [undefined, 1],
    [null, 1],
    [1, 1],
    ['7', 7],
    ['123456789', 123456789],
    [2 ** 31 - 1, 2 ** 31 - 1],
  ])('%j is %j', (quantity, count) => {
    expect(purchasesOf({ products: [{ sku: 's1', price: 2, quantity }] })).toMatchObject([{ sku: 's1', count }]);
  });

  test.each([0, -1, 1.5, 2 ** 31, '', '0', 'x3', '3x', '1.5', '1234567890', true, [], ['3'], {}])(
    '%j makes the product unusable',
    (quantity) => {
      expect(purchasesOf({ products: [{ sku: 's1', price: 2, quantity }] })).toEqual([]);
    },
  );
});

test('the total of an order is used if the revenue is null', () => {
  expect(purchasesOf({ revenue: null, total: 10 })).toMatchObject([{ sku: 'order', amount: '10' }]);
});

describe('the location of a user', () => {
  test.each([
    ['48.2', 48.2],
    ['+48', 48],
    ['-48.25', -48.25],
    [90, 90],
    [-90, -90],
    [-0, 0],
  ])('the latitude %j is %j', (latitude, lat) => {
    expect(profileOf(identify({ context: { location: { latitude } } }))?.lat).toBe(lat);
  });

  test.each([90.1, -90.1, 'x48.2', '48.2x', '48.', '.5', '', true, [48], Number.NaN])(
    'the latitude %j cannot be used',
    (latitude) => {
      const event = identify({ context: { location: { latitude } } });
      expect(profileOf(event)?.lat).toBeUndefined();
      expect(dropsOf(event, { profile: true })).toContain('context.location.latitude: invalid_value');
    },
  );

  test.each([['AT'], 43, 'AUT', 'A', 'Österreich'])('the country %j cannot be used', (country) => {
    const event = identify({ context: { location: { country } } });
    expect(dropsOf(event, { profile: true })).toContain('context.location.country: invalid_value');
  });

  test('is not read from the traits of a track', () => {
    expect(profileOf(track('Seen', { plan: 'pro' }, { traits: { country: 'AT' } }))?.country).toBeUndefined();
  });

  test('has the path of the trait that it came from', () => {
    const { tagPaths } = createMapper({ profile: true }).map(identify({ traits: { country: 'AT' } }));
    expect(tagPaths().get('profile/country')).toBe('traits.country');
  });
});

describe('the first activity of a user', () => {
  test.each([
    ['1970-01-01T00:00:00Z', 0],
    ['2038-01-19T03:14:07Z', 2 ** 31 - 1],
  ])('the trait %j is %j', (createdAt, seconds) => {
    expect(profileOf(identify({ traits: { createdAt } }))?.first_active).toBe(seconds);
  });

  test.each(['1969-12-31T23:59:59Z', '2038-01-19T03:14:08Z', 'soon', {}, ['2020-01-01']])(
    'the trait %j cannot be used',
    (createdAt) => {
      expect(profileOf(identify({ traits: { createdAt } }))?.first_active).toBeUndefined();
    },
  );

  test.each([
    ['created_at', 0],
    ['CREATED_AT', 0],
    ['_created_at_', undefined],
  ])('in the trait %s is %j', (name, seconds) => {
    expect(profileOf(identify({ traits: { [name]: '1970-01-01T00:00:00Z' } }))?.first_active).toBe(seconds);
  });
});

test.each(['xen', 'eng', 'e', 'n', 'ar az', `en-${'x'.repeat(83)}`])('the locale %s has no language', (locale) => {
  expect(profileOf(identify({ context: { locale } }))?.language).toBeUndefined();
});

test('a locale may be as long as the longest that exists', () => {
  expect(profileOf(identify({ context: { locale: `en-${'x'.repeat(82)}` } }))?.language).toBe('en');
});

describe('a push subscription', () => {
  const device = (fields: object, more: object = {}) => identify({ context: { device: fields, ...more } });

  test('may have a token of at most 4,096 characters', () => {
    const tokens = [maxTokenCharacters, maxTokenCharacters + 1].map((length) => 'x'.repeat(length));
    const counts = tokens.map((token) => subscriptionsOf(device({ type: 'android', token }), { push: true }).length);
    expect(counts).toEqual([1, 0]);
  });

  test('has the fields of its device, of up to 128 characters', () => {
    const model = 'x'.repeat(128);
    const event = device({ type: 'android', token: 't1', model }, { os: { version: `${model}x` }, app: {} });
    expect(subscriptionsOf(event, { push: true })).toEqual([{ type: 'AndroidPush', token: 't1', device_model: model }]);
    expect(dropsOf(event, { subscriptions: { push: true } })).toEqual(['context.os.version: invalid_value']);
  });

  test.each([undefined, null, ''])('is not reported as missing if the token is %j', (token) => {
    expect(dropsOf(device({ type: 'windows', token }), { subscriptions: { push: true } })).toEqual([]);
  });
});

describe('the states of subscriptions', () => {
  const unusable = { context: { messaging_subscriptions: [{ key: 'k', type: 'WHATSAPP', status: 'SUBSCRIBED' }] } };

  test('that cannot be used are reported', () => {
    expect(dropsOf(identify(unusable), { subscriptions: { email: true } })).toEqual([
      'context.messaging_subscriptions.0: invalid_value',
    ]);
  });

  test('are neither read nor reported without the option', () => {
    expect(dropsOf(identify(unusable))).toEqual([]);
  });

  test('are read from an identify only', () => {
    const subscribed = [{ key: 'ada@example.com', type: 'EMAIL', status: 'SUBSCRIBED' }];
    const event = track('Seen', { plan: 'pro' }, { context: { messaging_subscriptions: subscribed } });
    expect(subscriptionsOf(event, { email: true })).toEqual([]);
    expect(dropsOf(track('Seen', { plan: 'pro' }, unusable), { subscriptions: { email: true } })).toEqual([]);
  });
});

test.each([
  [' +43 664 123 4567 ', ['+436641234567']],
  [`+43${' 6'.repeat(10)}`.padEnd(100), ['+436666666666']],
  [`+43${' 6'.repeat(10)}`.padEnd(101), []],
])('the phone number %j is the token of %j', (phone, tokens) => {
  expect(subscriptionsOf(identify({ traits: { phone } }), { sms: true }).map(({ token }) => token)).toEqual(tokens);
});

test.each([
  ['os.opened', 'failed'],
  ['os__opened', 'failed'],
  ['osopened', 'planned'],
  ['My os.opened', 'planned'],
  ['𝒙'.repeat(maxNameCharacters), 'planned'],
  ['x'.repeat(maxNameCharacters + 1), 'failed'],
])('a custom event named %s is %s', (name, status) => {
  expect(mapEvent(track(name, {}), { customEvents: { tags: 'replace' } }).status).toBe(status);
});

test('a customEvents hook that returns no boolean fails the plan, which states the type that it returned', () => {
  const customEvents = (): boolean => JSON.parse('1');
  expect(mapEvent(track('Seen', { plan: 'pro' }), { customEvents })).toMatchObject({
    error: { message: 'The "customEvents" hook must return a boolean. It returned a value of type number.' },
  });
});

test('the tags of an event name and a group have the paths of their fields', () => {
  const paths = (event: SegmentEvent, mapping: MappingOptions) => createMapper(mapping).map(event).tagPaths();
  expect(paths(track('Seen', {}), { eventName: { tag: 'last' } }).get('last')).toBe('event');
  expect(paths({ type: 'group', userId: 'u1', groupId: 'g1' }, { group: true }).get('group_id')).toBe('groupId');
  expect(dropsOf(identify({ type: 'group', groupId: { id: 1 } }), { group: true })).toContain('groupId: invalid_value');
});

describe('an object as plain JSON', () => {
  test.each([
    [{ a: 'x' }, 9],
    [{ a: [1, 2] }, 9],
    [{ a: { b: 'x' } }, 15],
    [{ a: ['xyz'] }, 13],
  ])('%j needs a limit of at least %i characters', (object, count) => {
    expect(plainJson(object, count)).toEqual(object);
    expect(plainJson(object, count - 1)).toBeUndefined();
  });

  const nested = (innermost: object, depth: number, wrap: (inner: object) => object) => {
    let object = innermost;
    for (let level = 0; level < depth; level++) object = wrap(object);
    return { object };
  };
  test.each<[string, object, (inner: object) => object]>([
    ['objects', {}, (inner) => ({ inner })],
    ['arrays', [], (inner) => [inner]],
  ])('may have 500 levels of %s', (_, innermost, wrap) => {
    expect(plainJson(nested(innermost, 499, wrap), 100_000)).toBeDefined();
    expect(plainJson(nested(innermost, 500, wrap), 100_000)).toBeUndefined();
  });
});
