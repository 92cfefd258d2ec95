import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EventError } from '../../../src/errors.js';
import { mapEvent } from '../../../src/mapping/map-event.js';
import { byTime } from '../../../src/onesignal/coalesce/by-time.js';
import { coalesce } from '../../../src/onesignal/coalesce/coalesce.js';
import type { OneSignalCustomEvent, Operation } from '../../../src/onesignal/operation.js';
import type { Coalesced, Plan } from '../../../src/onesignal/plan.js';
import { toRequest } from '../../../src/onesignal/request.js';
import { inOrderOfTime, operations, plansOf } from '../arbitrary-plans.js';
import { apply } from '../model.js';

const user = (id: string) => ({ label: 'external_id', id });
const set = (id: string, tags: Record<string, string>): Operation => ({ type: 'update_user', user: user(id), tags });
const segment = (name: string, key: string): Operation => ({
  type: 'ensure_segment',
  name,
  filters: [{ field: 'tag', key, relation: '=', value: 'true' }],
});
const remove = (id: string): Operation => ({ type: 'delete_user', user: user(id) });
const subscription = (id: string, token: string, enabled: boolean): Operation => ({
  type: 'add_subscription',
  user: user(id),
  subscription: { type: 'AndroidPush', token, enabled },
});
const alias = (id: string, label: string, aliasId: string): Operation => ({
  type: 'add_alias',
  user: user(id),
  alias: { label, id: aliasId },
});
const purchase = (id: string, sku: string): Operation => ({
  type: 'add_purchases',
  user: user(id),
  purchases: [{ sku, amount: '9.99', iso: 'EUR' }],
});
const custom = (...events: OneSignalCustomEvent[]): Operation => ({ type: 'send_custom_events', events });
const event = (external_id: string, name: string, properties = {}): OneSignalCustomEvent => ({
  name,
  external_id,
  properties,
});

/** A plan of an event `second` seconds past ten o'clock, or without a time. */
function plan(second: number | undefined, ...wanted: Operation[]): Plan {
  const at = second === undefined ? {} : { at: `2026-03-01T10:00:${String(second).padStart(2, '0')}.000Z` };
  return { status: 'planned', ...at, operations: wanted, dropped: [] };
}
const manyTags = (count: number, value: string, prefix = 'k') =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}${index}`, value]));

describe('tags', () => {
  test('of one user become one operation, and the later value wins per tag', () => {
    expect(
      coalesce([
        plan(1, set('u1', { plan: 'free', city: 'Graz' })),
        plan(2, set('u2', { plan: 'pro' })),
        plan(3, set('u1', { plan: 'pro', vip: '' })),
      ]),
    ).toStrictEqual([
      { operation: set('u1', { plan: 'pro', city: 'Graz', vip: '' }), inputs: [0, 2] },
      { operation: set('u2', { plan: 'pro' }), inputs: [1] },
    ]);
  });

  test('the time decides which value is the later one, not the place in the array', () => {
    const [merged] = coalesce([plan(9, set('u1', { plan: 'new' })), plan(1, set('u1', { plan: 'old', city: 'Graz' }))]);
    expect(merged).toStrictEqual({ operation: set('u1', { plan: 'new', city: 'Graz' }), inputs: [0, 1] });
  });

  test('at the same time, the place in the array decides', () => {
    const [merged] = coalesce([plan(1, set('u1', { plan: 'a' })), plan(1, set('u1', { plan: 'b' }))]);
    expect(merged?.operation).toStrictEqual(set('u1', { plan: 'b' }));
  });

  test('a plan without a time takes the time of the nearest earlier plan that has one', () => {
    const [merged] = coalesce([
      plan(5, set('u1', { plan: 'five' })),
      plan(undefined, set('u1', { plan: 'also five' })),
      plan(1, set('u1', { plan: 'one' })),
      plan(undefined, set('u1', { plan: 'also one' })),
    ]);
    expect(merged?.operation).toStrictEqual(set('u1', { plan: 'also five' }));
  });

  test('plans without a time stay first if none before them has one', () => {
    const [merged] = coalesce([plan(undefined, set('u1', { plan: 'unknown' })), plan(0, set('u1', { plan: 'zero' }))]);
    expect(merged?.operation).toStrictEqual(set('u1', { plan: 'zero' }));
  });

  test('a plan without a time does not take the time of another user', () => {
    expect(
      coalesce([
        plan(9, set('u2', { plan: 'pro' })),
        plan(undefined, set('u1', { plan: 'unknown' })),
        plan(5, set('u1', { plan: 'five' })),
      ]),
    ).toContainEqual({ operation: set('u1', { plan: 'five' }), inputs: [1, 2] });
  });

  test('a plan without a user gives its time to no other plan', () => {
    const skipped: Plan = {
      status: 'skipped',
      reason: 'empty',
      at: '2026-03-01T10:00:09.000Z',
      operations: [],
      dropped: [],
    };
    for (const other of [skipped, plan(9, segment('VIPs', 'vip'))])
      expect(
        coalesce([other, plan(undefined, set('u1', { plan: 'unknown' })), plan(5, set('u1', { plan: 'five' }))]),
      ).toContainEqual({ operation: set('u1', { plan: 'five' }), inputs: [1, 2] });
  });

  test('plans in between do not separate a user’s plans without times from that user’s earlier plans', () => {
    expect(
      coalesce([
        plan(1, set('u1', { plan: 'one' })),
        plan(9, set('u2', { plan: 'pro' })),
        plan(undefined, set('u1', { plan: 'also one' })),
        plan(5, set('u1', { plan: 'five' })),
      ]),
    ).toContainEqual({ operation: set('u1', { plan: 'five' }), inputs: [0, 2, 3] });
  });

  test('the same id under two labels means two users', () => {
    const other: Operation = { type: 'update_user', user: { label: 'crm', id: 'u1' }, tags: { plan: 'pro' } };
    expect(coalesce([plan(1, set('u1', { plan: 'free' })), plan(2, other)])).toHaveLength(2);
  });

  test('keys that are names of Object.prototype are keys like any other', () => {
    const tags = Object.fromEntries([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ]);
    const [merged] = coalesce([plan(1, set('u1', tags)), plan(2, set('u1', { toString: 'c' }))]);
    expect(Object.entries(merged?.operation.type === 'update_user' ? merged.operation.tags : {})).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
      ['toString', 'c'],
    ]);
  });

  test('profile fields merge like tags', () => {
    const profile = (language: string, country?: string): Operation => ({
      type: 'update_user',
      user: user('u1'),
      tags: {},
      profile: country === undefined ? { language } : { language, country },
    });
    expect(coalesce([plan(1, profile('en', 'AT')), plan(2, profile('de'))])).toStrictEqual([
      { operation: profile('de', 'AT'), inputs: [0, 1] },
    ]);
  });
});

describe('more than 100 tags of one user', () => {
  test('become several operations of 100, removals first, each with its inputs', () => {
    const merged = coalesce([
      plan(1, set('u1', manyTags(90, 'set', 'a'))),
      plan(2, set('u1', manyTags(60, '', 'b'))),
      plan(3, set('u1', { a89: 'later' })),
    ]);
    expect(merged.map(({ operation }) => Object.keys(operation.type === 'update_user' ? operation.tags : {}))).toEqual([
      [...Object.keys(manyTags(60, '', 'b')), ...Object.keys(manyTags(40, '', 'a'))],
      Object.keys(manyTags(90, '', 'a')).slice(40),
    ]);
    expect(merged.map(({ inputs }) => inputs)).toEqual([
      [0, 1],
      [0, 2],
    ]);
  });

  test('exactly 100 are one operation', () => {
    expect(coalesce([plan(1, set('u1', manyTags(99, 'x'))), plan(2, set('u1', { last: 'x' }))])).toHaveLength(1);
  });

  test('profile fields count as one each, and go with the first operation', () => {
    const profiled: Operation = {
      type: 'update_user',
      user: user('u1'),
      tags: {},
      profile: { language: 'de', country: 'AT' },
    };
    const merged = coalesce([plan(1, set('u1', manyTags(99, 'x'))), plan(2, profiled)]);
    expect(
      merged.map(({ operation, inputs }) => ({
        tags: Object.keys(operation.type === 'update_user' ? operation.tags : {}).length,
        hasProfile: operation.type === 'update_user' && operation.profile !== undefined,
        inputs,
      })),
    ).toEqual([
      { tags: 98, hasProfile: true, inputs: [0, 1] },
      { tags: 1, hasProfile: false, inputs: [0] },
    ]);
  });
});

describe('segments', () => {
  test('are ensured once each, under the first name', () => {
    expect(
      coalesce([
        plan(1, set('u1', { vip: 'true' }), segment('VIPs', 'vip')),
        plan(2, set('u2', { vip: 'true' }), segment('Very important', 'vip')),
        plan(3, set('u3', { buyer: 'true' }), segment('VIPs', 'buyer')),
      ]).filter(({ operation }) => operation.type === 'ensure_segment'),
    ).toStrictEqual([
      { operation: segment('VIPs', 'vip'), inputs: [0, 1] },
      { operation: segment('VIPs', 'buyer'), inputs: [2] },
    ]);
  });

  test('of one input that ensures them twice list the input once', () => {
    const [merged] = coalesce([
      plan(1, segment('VIPs', 'vip'), segment('VIPs', 'vip')),
      plan(2, segment('VIPs', 'vip')),
    ]);
    expect(merged?.inputs).toEqual([0, 1]);
  });
});

describe('a deletion', () => {
  test('stays between what came before and after it', () => {
    expect(
      coalesce([
        plan(1, set('u1', { plan: 'pro' })),
        plan(2, remove('u1')),
        plan(3, set('u1', { plan: 'free' })),
        plan(4, set('u2', { plan: 'pro' })),
      ]),
    ).toStrictEqual([
      { operation: set('u1', { plan: 'pro' }), inputs: [0] },
      { operation: remove('u1'), inputs: [1] },
      { operation: set('u1', { plan: 'free' }), inputs: [2] },
      { operation: set('u2', { plan: 'pro' }), inputs: [3] },
    ]);
  });

  test('without a time runs after the writes that precede it, whatever the times of other users', () => {
    expect(
      coalesce([
        plan(9, set('u1', { plan: 'pro' })),
        plan(1, set('u2', { plan: 'pro' })),
        plan(undefined, remove('u1')),
      ]),
    ).toStrictEqual([
      { operation: set('u2', { plan: 'pro' }), inputs: [1] },
      { operation: set('u1', { plan: 'pro' }), inputs: [0] },
      { operation: remove('u1'), inputs: [2] },
    ]);
  });

  test.each([
    ['an earlier time', 1],
    ['no time', undefined],
  ])('with %s stays behind everything that its user did before it in the array', (_, second) => {
    const merged = coalesce([
      plan(9, set('u1', { plan: 'nine' })),
      plan(3, set('u1', { plan: 'three', city: 'Graz' })),
      plan(8, custom(event('u1', 'Read'))),
      plan(second, remove('u1')),
    ]);
    expect(merged.map(({ operation, inputs }) => [operation.type, inputs])).toEqual([
      ['update_user', [0, 1]],
      ['send_custom_events', [2]],
      ['delete_user', [3]],
    ]);
  });

  test('keeps the plans without a time that follow it after it', () => {
    const merged = coalesce([
      plan(9, set('u1', { plan: 'pro' })),
      plan(1, remove('u1')),
      plan(undefined, set('u1', { plan: 'free' })),
    ]);
    expect(merged.map(({ operation, inputs }) => [operation.type, inputs])).toEqual([
      ['update_user', [0]],
      ['delete_user', [1]],
      ['update_user', [2]],
    ]);
  });

  test('of a user whose events have no times at all keeps its place among them', () => {
    const merged = coalesce([
      plan(undefined, set('u1', { plan: 'pro' })),
      plan(5, set('u2', { plan: 'pro' })),
      plan(undefined, remove('u1')),
      plan(undefined, set('u1', { plan: 'free' })),
    ]);
    expect(merged.map(({ operation, inputs }) => [operation.type, inputs])).toEqual([
      ['update_user', [0]],
      ['delete_user', [2]],
      ['update_user', [3]],
      ['update_user', [1]],
    ]);
  });

  test('of one user does not split the tags of another', () => {
    const merged = coalesce([plan(1, set('u2', { a: '1' })), plan(2, remove('u1')), plan(3, set('u2', { b: '2' }))]);
    expect(merged).toContainEqual({ operation: set('u2', { a: '1', b: '2' }), inputs: [0, 2] });
  });

  test('splits custom events, so that none moves to the other side of it', () => {
    const kinds = coalesce([
      plan(1, custom(event('u2', 'Read'))),
      plan(2, remove('u1')),
      plan(3, set('u1', { plan: 'free' })),
      plan(4, custom(event('u1', 'Bought'))),
    ]).map(({ operation, inputs }) => [operation.type, inputs]);
    expect(kinds).toEqual([
      ['send_custom_events', [0]],
      ['delete_user', [1]],
      ['update_user', [2]],
      ['send_custom_events', [3]],
    ]);
  });
});

describe('custom events', () => {
  const sizeOf = ({ operation }: Coalesced) =>
    new TextEncoder().encode(JSON.stringify(toRequest(operation, '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a').body)).length;

  test('of all inputs share one operation, in the order of time', () => {
    expect(
      coalesce([plan(2, custom(event('u1', 'Second'))), plan(1, custom(event('u2', 'First'), event('u2', 'Then')))]),
    ).toStrictEqual([
      { operation: custom(event('u2', 'First'), event('u2', 'Then'), event('u1', 'Second')), inputs: [0, 1] },
    ]);
  });

  test('follow the tags, so that a user created by the tags is known', () => {
    const kinds = coalesce([
      plan(1, custom(event('u1', 'Read'))),
      plan(2, set('u1', { plan: 'pro' })),
      plan(3, custom(event('u1', 'Bought'))),
    ]).map(({ operation }) => operation.type);
    expect(kinds).toEqual(['update_user', 'send_custom_events']);
  });

  test.each([
    ['ASCII', 'a'],
    ['three bytes a character', '猫'],
    ['four bytes a character', '😀'],
    ['a lone surrogate, which JSON escapes', '\ud800'],
  ])('fill requests up to 1 MB of UTF-8: %s', (_, character) => {
    const text = character.repeat(20_000);
    const inputs = Array.from({ length: 60 }, (_value, index) =>
      plan(index % 60, custom(event('u1', 'Read', { text }))),
    );
    const batches = coalesce(inputs);
    const sizes = batches.map(sizeOf);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1_000_000);
    const one = sizeOf({ operation: custom(event('u1', 'Read', { text })), inputs: [] });
    for (const size of sizes.slice(0, -1)) expect(size + one).toBeGreaterThan(1_000_000);
    expect(batches.flatMap((batch) => batch.inputs)).toEqual(inputs.map((_plan, index) => index));
  });

  test('larger than a request go alone', () => {
    const huge = plan(2, custom(event('u1', 'Huge', { text: 'a'.repeat(1_100_000) })));
    const merged = coalesce([plan(1, custom(event('u1', 'Small'))), huge, plan(3, custom(event('u1', 'Small')))]);
    expect(merged.map(({ inputs }) => inputs)).toEqual([[0], [1], [2]]);
  });
});

describe('aliases, subscriptions and purchases', () => {
  test('the same alias of a user is added once, and another id is added after it', () => {
    expect(
      coalesce([plan(1, alias('u1', 'crm', '7')), plan(2, alias('u1', 'crm', '7')), plan(3, alias('u1', 'crm', '8'))]),
    ).toStrictEqual([
      { operation: alias('u1', 'crm', '7'), inputs: [0, 1] },
      { operation: alias('u1', 'crm', '8'), inputs: [2] },
    ]);
  });

  test('the same subscription of a user is added once, in its last state', () => {
    expect(coalesce([plan(2, subscription('u1', 't1', false)), plan(1, subscription('u1', 't1', true))])).toStrictEqual(
      [{ operation: subscription('u1', 't1', false), inputs: [0, 1] }],
    );
  });

  test('an address in another case is the same subscription, in the first spelling', () => {
    const address = (token: string, enabled: boolean): Operation => ({
      type: 'add_subscription',
      user: user('u1'),
      subscription: { type: 'Email', token, enabled },
    });
    expect(coalesce([plan(1, address('Ada@Example.com', true)), plan(2, address('ada@example.com', false))])).toEqual([
      { operation: address('Ada@Example.com', false), inputs: [0, 1] },
    ]);
    expect(coalesce([plan(1, subscription('u1', 'aB', true)), plan(2, subscription('u1', 'Ab', true))])).toHaveLength(
      2,
    );
  });

  test('a later state of a subscription replaces the earlier one as a whole, and an operation without a state keeps it', () => {
    const sms = (more: object): Operation => ({
      type: 'add_subscription',
      user: user('u1'),
      subscription: { type: 'SMS', token: '+436641234567', ...more },
    });
    const off = { enabled: false, notification_types: -31 };
    const merged = (...all: Operation[]) => coalesce(all.map((one, second) => plan(second, one)))[0]?.operation;
    expect(merged(sms(off), sms({ enabled: true }))).toStrictEqual(sms({ enabled: true }));
    expect(merged(sms({ enabled: true }), sms(off))).toStrictEqual(sms(off));
    expect(merged(sms(off), sms({ app_version: '2' }))).toStrictEqual(sms({ ...off, app_version: '2' }));
    expect(merged(sms({ notification_types: 1, app_version: '1' }), sms(off))).toStrictEqual(
      sms({ ...off, app_version: '1' }),
    );
  });

  test('a phone that changes hands ends with the user who had it last', () => {
    const merged = coalesce([
      plan(1, subscription('u2', 't1', true)),
      plan(2, subscription('u1', 't1', true)),
      plan(3, subscription('u2', 't1', true)),
    ]);
    expect(merged.at(-1)).toStrictEqual({ operation: subscription('u2', 't1', true), inputs: [2] });
  });

  test('purchases of a user add up in one operation', () => {
    expect(coalesce([plan(1, purchase('u1', 'hat')), plan(2, purchase('u1', 'shirt'))])).toStrictEqual([
      {
        operation: {
          type: 'add_purchases',
          user: user('u1'),
          purchases: [
            { sku: 'hat', amount: '9.99', iso: 'EUR' },
            { sku: 'shirt', amount: '9.99', iso: 'EUR' },
          ],
        },
        inputs: [0, 1],
      },
    ]);
  });

  test('purchases by the hundred thousand fit', () => {
    const many: Operation = {
      type: 'add_purchases',
      user: user('u1'),
      purchases: Array.from({ length: 200_000 }, () => ({ sku: 'hat', amount: '1', iso: 'EUR' })),
    };
    const [merged] = coalesce([plan(1, many), plan(2, many)]);
    expect(merged?.operation.type === 'add_purchases' && merged.operation.purchases.length).toBe(400_000);
  });
});

test('skipped plans contribute nothing, alone and among others', () => {
  const skipped: Plan = { status: 'skipped', reason: 'empty', operations: [set('u1', { plan: 'pro' })], dropped: [] };
  expect(coalesce([skipped])).toEqual([]);
  expect(coalesce([skipped, skipped])).toEqual([]);
});

test('failed plans contribute their operations, alone and among others', () => {
  const error = new EventError('event_too_large', 'Cannot send the event as a custom event');
  const failed: Plan = { status: 'failed', error, operations: [set('u1', { plan: 'pro' })], dropped: [] };
  expect(coalesce([failed])).toEqual([{ operation: set('u1', { plan: 'pro' }), inputs: [0] }]);
  expect(coalesce([failed, plan(1, set('u1', { seats: '5' }))])).toEqual([
    { operation: set('u1', { plan: 'pro', seats: '5' }), inputs: [0, 1] },
  ]);
  expect(coalesce([{ ...failed, operations: [] }])).toEqual([]);
});

test('an empty array of plans gives no operations', () => {
  expect(coalesce([])).toEqual([]);
});

test('one plan keeps its operations', () => {
  const wanted = [set('u1', { vip: 'true' }), segment('VIPs', 'vip')];
  expect(coalesce([plan(1, ...wanted)])).toStrictEqual(wanted.map((operation) => ({ operation, inputs: [0] })));
});

describe('for any plans', () => {
  const anyPlans = plansOf(operations);
  const allOf = (plans: readonly Plan[]) => plans.flatMap((one) => one.operations);
  const operationsOf = (merged: readonly Coalesced[]) => merged.map(({ operation }) => operation);

  test('the result is that of sending them one by one in the order of time', () => {
    fc.assert(
      fc.property(anyPlans, (plans) => {
        expect(apply(operationsOf(coalesce(plans)))).toStrictEqual(apply(allOf(inOrderOfTime(plans))));
      }),
      { numRuns: 1_000 },
    );
  });

  test('the order of time follows the rule, so a deletion never overtakes its user', () => {
    fc.assert(
      fc.property(anyPlans, (plans) => {
        const order = byTime(plans);
        expect(order.map((index) => plans[index])).toEqual(inOrderOfTime(plans));
      }),
      { numRuns: 1_000 },
    );
    const ofOneUser = plansOf(operations.filter((one) => 'user' in one && one.user.id === 'u1'));
    fc.assert(
      fc.property(ofOneUser, (plans) => {
        const order = byTime(plans);
        for (const [index, { operations: wanted }] of plans.entries())
          if (wanted.some(({ type }) => type === 'delete_user'))
            for (let earlier = 0; earlier < index; earlier++)
              expect(order.indexOf(earlier)).toBeLessThan(order.indexOf(index));
      }),
      { numRuns: 500 },
    );
  });

  test('coalescing twice changes nothing more', () => {
    fc.assert(
      fc.property(anyPlans, (plans) => {
        const once = operationsOf(coalesce(plans));
        const twice = operationsOf(coalesce(once.map((operation) => plan(undefined, operation))));
        expect(twice).toStrictEqual(once);
      }),
      { numRuns: 1_000 },
    );
  });

  test('inputs are ascending, without repeats, and include every plan with operations', () => {
    fc.assert(
      fc.property(anyPlans, (plans) => {
        const merged = coalesce(plans);
        for (const { inputs } of merged) expect(inputs).toEqual([...new Set(inputs)].sort((a, b) => a - b));
        const served = new Set(merged.flatMap(({ inputs }) => inputs));
        expect([...served].sort((a, b) => a - b)).toEqual(plans.map((_plan, index) => index));
      }),
    );
  });

  test('the plans are not modified', () => {
    fc.assert(
      fc.property(anyPlans, (plans) => {
        const before = structuredClone(plans);
        coalesce(plans);
        expect(plans).toStrictEqual(before);
      }),
    );
  });

  test('every operation is one valid request: at most 100 properties of a user', () => {
    const tags = fc.dictionary(fc.string(), fc.constantFrom('', 'x'), { minKeys: 1, maxKeys: 90 });
    fc.assert(
      fc.property(fc.array(tags, { maxLength: 6 }), (all) => {
        for (const { operation } of coalesce(all.map((one) => plan(1, set('u1', one)))))
          expect(Object.keys(operation.type === 'update_user' ? operation.tags : {}).length).toBeLessThanOrEqual(100);
      }),
    );
  });
});

test.each<[string, unknown]>([
  ['a plan without brackets', mapEvent({ type: 'identify', userId: 'u1', traits: { plan: 'pro' } })],
  ['operations', [set('u1', { plan: 'pro' })]],
  ['nothing', undefined],
])('says what to pass instead of %s', (_, given) => {
  const coalesceAny = () => Reflect.apply(coalesce, undefined, [given]);
  expect(coalesceAny).toThrow(new TypeError('Expected an array of plans. Pass a single plan as [plan].'));
});

test('the same subscription of two users with one id under different labels stays two operations', () => {
  const ofLabel = (label: string): Operation => ({
    type: 'add_subscription',
    user: { label, id: 'u1' },
    subscription: { type: 'AndroidPush', token: 't1' },
  });
  const own = ofLabel('external_id');
  const other = ofLabel('customer_id');
  expect(coalesce([plan(1, own), plan(2, other)]).map(({ operation }) => operation)).toEqual([own, other]);
});

test('a segment is ensured once, even if a user is deleted in between', () => {
  const merged = coalesce([plan(1, segment('VIPs', 'vips')), plan(2, remove('u1')), plan(3, segment('VIPs', 'vips'))]);
  expect(merged.filter(({ operation }) => operation.type === 'ensure_segment')).toMatchObject([{ inputs: [0, 2] }]);
});

test('a plan of your own with more than 100 properties is split, profile fields included', () => {
  const tags = Object.fromEntries(Array.from({ length: 97 }, (_, index) => [`k${index}`, 'x']));
  const profile = { language: 'en', country: 'AT', lat: 48, long: 16 };
  const sizes = coalesce([plan(1, { type: 'update_user', user: user('u1'), tags, profile })]).map(({ operation }) =>
    operation.type === 'update_user' ? Object.keys({ ...operation.tags, ...operation.profile }).length : 0,
  );
  expect(sizes).toEqual([100, 1]);
});

test('requests of custom events are filled to 1 MB, and no further', () => {
  const events = Array.from({ length: 1_200 }, (_, index) => event(`u${index}`, 'Seen', { text: 'x'.repeat(1_900) }));
  const bodies = coalesce(events.map((one) => plan(1, custom(one)))).map(({ operation }) =>
    Buffer.byteLength(JSON.stringify(toRequest(operation, '7d3c7a1e-8b9a-4c1e-9b1a-2f1d3c4b5a69').body)),
  );
  for (const bytes of bodies) expect(bytes).toBeLessThanOrEqual(1_000_000);
  for (const bytes of bodies.slice(0, -1)) expect(bytes).toBeGreaterThan(997_000);
});

test('the later state of a subscription replaces the earlier one as a whole', () => {
  const stated = (state: object): Operation => ({
    type: 'add_subscription',
    user: user('u1'),
    subscription: { type: 'AndroidPush', token: 't1', ...state },
  });
  const states = (...given: object[]) =>
    coalesce(given.map((state, second) => plan(second, stated(state)))).map(({ operation }) => operation);
  const on = { enabled: true, notification_types: 1 };
  expect(states(on, { notification_types: -31 })).toEqual([stated({ notification_types: -31 })]);
  expect(states(on, { enabled: false })).toEqual([stated({ enabled: false })]);
  expect(states(on, { device_os: '17' })).toEqual([stated({ ...on, device_os: '17' })]);
});
