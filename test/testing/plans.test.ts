import { describe, expect, test } from 'vitest';
import { mapEvent, type Plan } from '../../src/index.js';
import {
  assertNothingDropped,
  assertSkipped,
  assertTags,
  audience,
  customEventsOf,
  deletion,
  dropsOf,
  exactly,
  identify,
  matchers,
  orderCompleted,
  type PlanMatchers,
  page,
  profileOf,
  purchasesOf,
  removedTagsOf,
  segmentsOf,
  subscriptionsOf,
  summaryOf,
  tagsOf,
  track,
} from '../../src/testing/index.js';

declare module 'vitest' {
  interface Matchers<T> extends PlanMatchers<T> {}
}
expect.extend({ ...matchers });

const plan = mapEvent(identify({ traits: { trial: null } }), {
  subscriptions: { email: true },
  profile: ['language', 'timezone_id'],
  nested: 'flatten',
});
const messageOf = (run: () => unknown): string => {
  try {
    run();
  } catch (thrown) {
    if (thrown instanceof Error) return thrown.message;
  }
  return 'nothing thrown';
};

describe('readers', () => {
  test('tagsOf and removedTagsOf tell set and removed tags apart', () => {
    const small = mapEvent(identify({ traits: exactly({ plan: 'pro', trial: null }) }));
    expect(tagsOf(small)).toEqual({ plan: 'pro' });
    expect(removedTagsOf(small)).toEqual(['trial']);
  });

  test('tagsOf reads every update in a plan that needs several', () => {
    const traits = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`t${index}`, index]));
    expect(Object.keys(tagsOf(mapEvent(identify({ traits: exactly(traits) }))))).toHaveLength(150);
  });

  test('the other readers return their kind of operation', () => {
    expect(segmentsOf(mapEvent(audience.entered('vip', { properties: { audience_name: 'VIPs' } })))).toEqual(['VIPs']);
    expect(subscriptionsOf(plan)).toEqual([{ type: 'Email', token: 'mira.novak@example.com' }]);
    expect(profileOf(plan)).toEqual({ language: 'en', timezone_id: 'Europe/Vienna' });
    expect(customEventsOf(mapEvent(page(), { page: 'custom_event' })).map(({ name }) => name)).toEqual([
      'Viewed Pricing Page',
    ]);
    expect(purchasesOf(mapEvent(orderCompleted(), { purchases: true })).map(({ sku }) => sku)).toEqual([
      'BOOT-42',
      'SOCK-M',
    ]);
  });

  test('dropsOf reads plans and outcomes, and returns nothing for a skipped plan', () => {
    expect(dropsOf(mapEvent(identify()))).toEqual({
      'traits.address': 'nested',
      'traits.email': 'identifier',
      'traits.phone': 'identifier',
    });
    expect(
      dropsOf({
        dropped: [
          { path: 'a', reason: 'nested' },
          { path: 'a', reason: 'stale' },
        ],
      }),
    ).toEqual({
      a: 'nested',
    });
    expect([tagsOf(mapEvent(page())), segmentsOf(mapEvent(page()))]).toEqual([{}, []]);
  });
});

test.each<unknown>([undefined, identify(), [], { operations: 'none' }])(
  'readers and assertions say that they expect a plan, not %j',
  (given) => {
    const call = (read: (...args: never) => unknown, ...rest: unknown[]) =>
      Reflect.apply(read, undefined, [given, ...rest]);
    const wanted = 'Expected a plan. Pass what mapEvent returns.';
    expect(() => call(tagsOf)).toThrow(wanted);
    expect(() => call(segmentsOf)).toThrow(wanted);
    expect(() => call(summaryOf)).toThrow(wanted);
    expect(() => call(assertTags, {})).toThrow(wanted);
    expect(() => call(assertSkipped, 'empty')).toThrow(wanted);
    expect(() => call(matchers.toSetTags, {})).toThrow(wanted);
    expect(() => call(dropsOf)).toThrow('Expected a plan or an outcome. Pass what mapEvent or deliver returns.');
    expect(() => call(assertNothingDropped)).toThrow('Expected a plan or an outcome.');
  },
);

describe('summaryOf', () => {
  test('is a few lines without message ids and times', () => {
    expect(summaryOf(plan)).toMatchInlineSnapshot(`
      "planned for user-1
      + tag first_name = "Mira"
      + tag last_name = "Novak"
      + tag plan = "pro"
      + tag createdAt = "2025-11-20T08:15:00.000Z"
      + tag address_street = "Hauptplatz 1"
      + tag address_city = "Graz"
      + tag address_postalCode = "8010"
      + tag address_country = "Austria"
      - tag trial
      + profile language = "en"
      + profile timezone_id = "Europe/Vienna"
      + subscription Email mira.novak@example.com
      ! traits.phone: identifier"
    `);
    expect(
      summaryOf(
        mapEvent(orderCompleted({ properties: { products: undefined } }), {
          purchases: true,
          customEvents: { tags: 'replace' },
        }),
      ),
    ).toMatchInlineSnapshot(`
      "planned for user-1
      + custom event "Order Completed" {"checkout_id":"checkout-31","order_id":"order-1204","affiliation":"Online Shop","subtotal":118,"total":129.9,"revenue":118,"shipping":4.9,"tax":7,"discount":10,"coupon":"SPRING10","currency":"EUR"}
      + purchase 1 × order at 118 EUR"
    `);
  });

  test('says why nothing is sent', () => {
    expect(summaryOf(mapEvent(page()))).toBe('skipped: unsupported_type');
    expect(summaryOf(mapEvent(deletion(), { deleteUsers: true }))).toBe('planned for user-1\n- user');
    const failed = mapEvent(track('A', { properties: { a: 1 } }), {
      tag() {
        throw new Error('bug');
      },
    });
    expect(summaryOf(failed).split('\n')[0]).toBe('failed: hook_failed: The "tag" hook threw an error (see "cause").');
  });
});

describe('assertions', () => {
  const leaking = mapEvent(identify({ traits: exactly({ plan: 'pro', ssn: '078-05-1120' }) }));

  test('assertTags fails on a leaking tag, a missing tag and a wrong value', () => {
    assertTags(leaking, { plan: 'pro', ssn: '078-05-1120' });
    expect(messageOf(() => assertTags(leaking, { plan: 'team', tier: 'a' }))).toMatchInlineSnapshot(`
      "The plan's tags differ from the expected tags (- expected, + planned):
        {
      -   "plan": "team",
      -   "tier": "a"
      +   "plan": "pro",
      +   "ssn": "078-05-1120"
        }"
    `);
  });

  test('assertNothingDropped lists dropped fields, and exceptions that are not dropped', () => {
    assertNothingDropped(leaking);
    assertNothingDropped(mapEvent(identify()), { except: ['traits.email', 'traits.phone', 'traits.address'] });
    expect(
      messageOf(() => assertNothingDropped(mapEvent(identify()), { except: ['traits.email', 'traits.plan'] })),
    ).toMatchInlineSnapshot(`
      "The plan drops fields:
      ! traits.phone: identifier
      ! traits.address: nested
      "except" lists fields that are not dropped:
      traits.plan
      "
    `);
  });

  test('assertSkipped fails for another reason and for a plan that is sent', () => {
    assertSkipped(mapEvent(page()), 'unsupported_type');
    expect(messageOf(() => assertSkipped(mapEvent(page()), 'loop'))).toBe(
      'Expected the event to be skipped as loop. The plan is:\nskipped: unsupported_type',
    );
    expect(messageOf(() => assertSkipped(leaking, 'loop'))).toContain('+ tag ssn = "078-05-1120"');
  });
});

describe('matchers', () => {
  const entered: Plan = mapEvent(audience.entered('vip'));

  test('pass if the plan does what they expect', () => {
    expect(entered).toSetTags({ vip: 'true' });
    expect(entered).toEnsureSegment('vip');
    expect(entered).toDrop('properties.audience_key');
    expect(entered).toDrop('properties.audience_key', 'metadata');
    expect(mapEvent(page())).toBeSkipped();
    expect(mapEvent(page())).toBeSkipped('unsupported_type');
  });

  test('can be negated', () => {
    expect(entered).not.toSetTags({});
    expect(entered).not.toEnsureSegment('others');
    expect(entered).not.toDrop('properties.audience_key', 'nested');
    expect(entered).not.toDrop('toString');
    expect(entered).not.toBeSkipped();
    expect(mapEvent(page())).not.toBeSkipped('loop');
  });

  test.each([
    [() => expect(entered).toSetTags({ vip: 'false' }), '-   "vip": "false"\n+   "vip": "true"'],
    [() => expect(entered).not.toSetTags({ vip: 'true' }), 'Expected the plan not to set exactly these tags.'],
    [() => expect(entered).toDrop('properties.vip', 'nested'), 'Expected the plan to drop properties.vip as nested.'],
    [() => expect(entered).toEnsureSegment('others'), 'Expected the plan to ensure the segment "others". The plan is:'],
    [() => expect(entered).not.toEnsureSegment('vip'), 'Expected the plan not to ensure the segment "vip".'],
    [() => expect(entered).toBeSkipped(), 'Expected the plan to be skipped. The plan is:\nplanned for user-1'],
    [() => expect(entered).toBeSkipped('loop'), 'Expected the plan to be skipped as loop.'],
  ])('explain why they failed (%#)', (run, message) => {
    expect(messageOf(run)).toContain(message);
  });
});
