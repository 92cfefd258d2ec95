import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createMapper, mapEvent } from '../../src/mapping/map-event.js';
import type { MappingOptions } from '../../src/mapping/options.js';
import { byTime } from '../../src/onesignal/coalesce/by-time.js';
import { coalesce } from '../../src/onesignal/coalesce/coalesce.js';
import type { OneSignalCustomEvent, Operation } from '../../src/onesignal/operation.js';
import type { Plan } from '../../src/onesignal/plan.js';
import { toRequest } from '../../src/onesignal/request.js';
import type { SegmentEvent } from '../../src/segment/event.js';
import { validateRequests } from '../openapi.js';

const name = fc.oneof(
  fc.constantFrom(
    '__proto__',
    'constructor',
    'email',
    'Phone',
    'products',
    'revenue',
    'currency',
    'createdAt',
    'vips',
    'address',
    'country',
    'name',
    'category',
    'since',
    'a',
    '',
  ),
  fc.string({ maxLength: 4 }),
);
const scalar = fc.oneof(
  fc.string({ maxLength: 6, unit: 'binary' }),
  fc.constantFrom(
    'ada@example.com',
    'Ada@Example.com',
    '+436641234567',
    '2024-05-06T07:08:09Z',
    '1990-05-01',
    'EUR',
    '9.5',
    'ü'.repeat(700),
    '\ud800',
  ),
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
);
/** Objects with the prototype that JSON.parse gives them. */
const plain = <Shape extends Record<string, unknown>>(shape: { [Key in keyof Shape]: fc.Arbitrary<Shape[Key]> }) =>
  fc.record(shape, { noNullPrototype: true });
const record = (value: fc.Arbitrary<unknown>) =>
  fc
    .array(fc.tuple(name, value), { maxLength: 8 })
    .map((entries): Record<string, unknown> => Object.fromEntries(entries));
const product = plain({
  sku: fc.constantFrom<unknown>('hat', 7, ''),
  price: fc.constantFrom<unknown>(9.5, '5', 'x'),
  quantity: fc.integer({ max: 3, min: 0 }),
});
const nested = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, scalar, record(tie('value')), fc.array(tie('value'), { maxLength: 3 })),
})).value;
const fields = fc.oneof(
  { weight: 6, arbitrary: record(nested) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(record(scalar), fc.array(product, { maxLength: 3 }))
      .map(([more, products]) => ({ ...more, products })),
  },
  {
    weight: 1,
    arbitrary: fc
      .integer({ min: 95, max: 210 })
      .map((count) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`t${index}`, index]))),
  },
  fc.constantFrom(null, []),
);
const context = fc.record(
  {
    personas: fc.constantFrom(
      null,
      { computation_class: 'audience', computation_key: 'vips' },
      { computation_class: 'journey_step', computation_key: 'vips' },
      { computation_class: 'trait' },
    ),
    locale: fc.constantFrom<unknown>('de-AT', 'zh-Hant-TW', 'fil', 'iw_IL', '', 7, null),
    timezone: fc.constantFrom<unknown>('Europe/Vienna', 'UTC', 'Pacific Standard Time', 0),
    location: plain({
      country: fc.constantFrom('at', 'Austria', '__proto__'),
      latitude: fc.double(),
      longitude: fc.oneof(fc.double({ min: -200, max: 200 }), fc.string()),
    }),
    device: plain({
      type: fc.constantFrom('ios', 'Android', 'tv'),
      token: fc.constantFrom<unknown>('cafe', 'C0FFEE42'.repeat(8), '', null, 5, 'a b'),
      model: fc.constantFrom<unknown>('iPhone16,2', null, {}, 'x'.repeat(200)),
    }),
    consent: fc.constantFrom(
      null,
      { categoryPreferences: { marketing: true } },
      { categoryPreferences: { marketing: false } },
    ),
    messaging_subscriptions: fc.array(
      plain({
        key: fc.constantFrom<unknown>('ada@example.com', '+436641234567', '0664', null),
        type: fc.constantFrom('EMAIL', 'sms', 'WhatsApp'),
        status: fc.constantFrom('SUBSCRIBED', 'unsubscribed', 'DID_NOT_SUBSCRIBE', 'SUBSCRIBE', '?'),
      }),
      { maxLength: 3 },
    ),
  },
  { requiredKeys: [], noNullPrototype: true },
);
const id = fc.constantFrom<unknown>('u1', 'u1', 'u2', 'jen@email.com', 7, null, 'null', 'a b');
const event = fc.record(
  {
    type: fc.constantFrom(
      'identify',
      'identify',
      'track',
      'track',
      'track',
      'page',
      'screen',
      'group',
      'alias',
      'delete',
    ),
    messageId: fc.constantFrom('m1', 'm2', '', null),
    userId: id,
    previousId: id,
    groupId: id,
    event: fc.constantFrom(
      'Order Completed',
      'completed_order',
      'Application Opened',
      'Application Uninstalled',
      'os.x',
      'n'.repeat(129),
      '',
      'Audience Entered',
    ),
    name: fc.constantFrom('Home', 'Home', '', null, 'n'.repeat(125)),
    category: fc.constantFrom('Docs', null),
    timestamp: fc.constantFrom<unknown>(
      '2024-05-06T07:08:09.123Z',
      '2023-05-06T07:08:09Z',
      '1960-01-01T00:00:00Z',
      1631210063,
      '2017',
      null,
    ),
    context,
    properties: fields,
    traits: fields,
  },
  { requiredKeys: ['type'], noNullPrototype: true },
);
const names = fc.array(name, { maxLength: 4 });
const options: fc.Arbitrary<MappingOptions> = fc.record(
  {
    user: fc.constantFrom({ label: 'external_id' }, { label: 'customer_id' }),
    include: names,
    exclude: names,
    prefix: fc.constantFrom('', 'seg_'),
    nested: fc.constantFrom<MappingOptions['nested']>('drop', 'flatten'),
    tagLimit: fc.integer({ min: 0, max: 6 }),
    audienceProperties: fc.constantFrom<MappingOptions['audienceProperties']>('drop', 'tags'),
    dates: fc.oneof(fc.constant('auto' as const), names),
    consent: fc.constantFrom([], ['marketing']),
    subscriptions: fc.record(
      { email: fc.boolean(), sms: fc.boolean(), push: fc.boolean() },
      { requiredKeys: [], noNullPrototype: true },
    ),
    profile: fc.constantFrom<MappingOptions['profile']>(true, false, ['language', 'last_active']),
    group: fc.constantFrom<MappingOptions['group']>(true, { prefix: 'account_' }),
    page: fc.constant('custom_event' as const),
    screen: fc.constant('custom_event' as const),
    alias: fc.constantFrom({ label: 'legacy_id' }, { label: 'crm_id' }),
    deleteUsers: fc.boolean(),
    purchases: fc.boolean(),
    customEvents: fc.constantFrom<MappingOptions['customEvents']>(
      true,
      ['Order Completed'],
      { tags: 'keep' },
      { tags: 'replace' },
      { only: ['Order Completed'], tags: 'replace' },
    ),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<MappingOptions>;
/** Random fields alone rarely form an order with a valid product. */
const order = fc.tuple(event, product, options).map(([one, bought, mapping]): [typeof one, MappingOptions] => [
  {
    ...one,
    type: 'track',
    userId: 'u1',
    event: 'Order Completed',
    properties: { ...one.properties, products: [bought] },
  },
  { ...mapping, purchases: true },
]);
const situation = fc.oneof({ weight: 9, arbitrary: fc.tuple(event, options) }, { weight: 1, arbitrary: order });

const labelOf = ({ user }: MappingOptions) => (typeof user === 'object' ? user.label : 'external_id');
const cast = (value: unknown) => value as SegmentEvent;
const tagPaths = (event: SegmentEvent, mapping?: MappingOptions) => createMapper(mapping).map(event).tagPaths();
const eventsOf = (operations: readonly Operation[]): OneSignalCustomEvent[] =>
  operations.flatMap((one) => (one.type === 'send_custom_events' ? one.events : []));
const mapped = (plan: Plan) => plan.status === 'planned' || (plan.status === 'skipped' && plan.reason === 'empty');

/** Whether the custom event of a call has the fields under this root. */
function isRootOfCustomEvent(input: { type: string; properties?: unknown }, root: 'properties' | 'traits'): boolean {
  if (input.type !== 'track') return root === 'properties';
  const hasProperties = Object.keys(Object(input.properties)).length > 0;
  return (root === 'properties') === hasProperties;
}

/** Whether the custom event carries the value of a field, not another value under the same name. */
function isIn(custom: OneSignalCustomEvent | undefined, field: string, value: unknown): boolean {
  if (custom === undefined || !Object.hasOwn(custom.properties, field)) return false;
  const json: unknown = JSON.parse(JSON.stringify([value]))[0];
  return isDeepStrictEqual(custom.properties[field], json);
}

function freezeDeep<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  for (const inner of Object.values(value)) freezeDeep(inner);
  return Object.freeze(value);
}

describe('mapEvent with opt-ins, for every event', () => {
  test('does not modify the event, and gives the same plan for the same event', () => {
    fc.assert(
      fc.property(situation, ([input, mapping]) => {
        const copy = structuredClone(input);
        const plan = mapEvent(cast(freezeDeep(input)), mapping);
        expect(isDeepStrictEqual(input, copy)).toBe(true);
        expect(isDeepStrictEqual(mapEvent(cast(copy), mapping), plan)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  test('a plan is plain JSON, and fails only if there cannot be a custom event', () => {
    fc.assert(
      fc.property(situation, ([input, mapping]) => {
        const plan = mapEvent(cast(input), mapping);
        if (plan.status === 'failed') expect(plan.error.message).toMatch(/^Cannot send the event as a custom event: /);
        const { operations, dropped } = plan;
        expect(isDeepStrictEqual(JSON.parse(JSON.stringify({ operations, dropped })), { operations, dropped })).toBe(
          true,
        );
      }),
      { numRuns: 1_000 },
    );
  });

  test('every top-level trait or property of a mapped event is in an operation or in dropped', () => {
    fc.assert(
      fc.property(situation, ([input, mapping]) => {
        const plan = mapEvent(cast(input), mapping);
        if (!mapped(plan)) return;
        const paths = [...tagPaths(cast(input), mapping).values(), ...plan.dropped.map(({ path }) => path)];
        const [custom] = eventsOf(plan.operations);
        const tokens = plan.operations.flatMap((one) =>
          one.type === 'add_subscription' ? one.subscription.token.toLowerCase() : [],
        );
        for (const root of ['properties', 'traits'] as const)
          for (const [field, value] of Object.entries(input[root] ?? {})) {
            const path = `${root}.${field}`;
            const isCarried =
              paths.some((one) => one === path || one.startsWith(`${path}.`)) ||
              (isRootOfCustomEvent(input, root) && isIn(custom, field, value)) ||
              (input.type === 'identify' && tokens.includes(String(value).trim().toLowerCase()));
            expect(isCarried, path).toBe(true);
          }
      }),
      { numRuns: 5_000 },
    );
  });

  test('a property of the custom event is reported as dropped only if there was no room for its tag', () => {
    fc.assert(
      fc.property(situation, ([input, mapping]) => {
        const plan = mapEvent(cast(input), { ...mapping, customEvents: true });
        const [custom] = eventsOf(plan.operations);
        if (input.type !== 'track' || custom === undefined) return;
        for (const { path, reason } of plan.dropped)
          if (path.startsWith('properties.') && reason !== 'tag_limit' && !path.startsWith('properties.products.'))
            expect(
              reason === 'invalid_value' || !Object.hasOwn(custom.properties, path.slice('properties.'.length)),
            ).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  test('every operation is one valid request of the event’s user', () => {
    fc.assert(
      fc.property(situation, ([input, mapping]) => {
        const { operations } = mapEvent(cast(input), mapping);
        for (const one of operations) {
          if ('user' in one) expect(one.user).toEqual({ label: labelOf(mapping), id: String(input.userId) });
          switch (one.type) {
            case 'update_user': {
              const { last_active = 0, first_active = 0, lat = 0, long = 0 } = one.profile ?? {};
              const size = Object.keys(one.tags).length + Object.keys(one.profile ?? {}).length;
              expect(size).toBeGreaterThan(0);
              expect(size).toBeLessThanOrEqual(100);
              for (const time of [last_active, first_active])
                expect(Number.isInteger(time) && time >= 0 && time < 2 ** 31).toBe(true);
              expect(Math.abs(lat) <= 90 && Math.abs(long) <= 180).toBe(true);
              break;
            }
            case 'send_custom_events':
              for (const sent of one.events) {
                expect(Buffer.byteLength(JSON.stringify(sent))).toBeLessThanOrEqual(2_024);
                expect([...sent.name].length).toBeLessThanOrEqual(128);
                expect(labelOf(mapping)).toBe('external_id');
                expect(sent.external_id).toBe(String(input.userId));
                expect(sent.idempotency_key).toMatch(
                  /^[\da-f]{8}-[\da-f]{4}-5[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/,
                );
              }
              break;
            case 'add_subscription':
              if (one.subscription.type === 'SMS') expect(one.subscription.token).toMatch(/^\+[1-9]\d{6,14}$/);
              if (one.subscription.type === 'SMS') expect(one.subscription.notification_types).not.toBe(1);
              if (one.subscription.type === 'iOSPush') expect(one.subscription.token).toMatch(/^[\da-f]{64}$/);
              expect(one.subscription.token).not.toMatch(/^$|\s/);
              break;
            case 'add_purchases':
              for (const { amount, iso, sku } of one.purchases) {
                expect(amount).toMatch(/^\d+(\.\d+)?$/);
                expect(iso).toMatch(/^[A-Z]{3}$/);
                expect(sku).not.toBe('');
              }
          }
        }
        expect(
          validateRequests(operations.map((one) => toRequest(one, '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a'))),
        ).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  test('the arbitrary events lead to every kind of operation', () => {
    const plans = fc
      .sample(situation, { numRuns: 3_000, seed: 1 })
      .map(([input, mapping]) => mapEvent(cast(input), mapping));
    const seen = new Set(plans.flatMap(({ operations }) => operations.map(({ type }) => type)));
    expect([...seen].sort()).toStrictEqual([
      'add_alias',
      'add_purchases',
      'add_subscription',
      'delete_user',
      'ensure_segment',
      'send_custom_events',
      'update_user',
    ]);
    expect(new Set(plans.map(({ status }) => status)).size).toBe(3);
  });
});

describe('custom events of many plans', () => {
  test('are in exactly one batch each, in the order of their times', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (inputs) => {
        const mapping: MappingOptions = { customEvents: true, page: 'custom_event' };
        const plans = inputs.map((input) => mapEvent(cast(input), mapping));
        const expected = byTime(plans).flatMap((index) => eventsOf(plans[index]?.operations ?? []));
        expect(eventsOf(coalesce(plans).map(({ operation }) => operation))).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });
});
