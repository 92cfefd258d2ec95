import fc from 'fast-check';
import type { Alias, Operation, Profile } from '../../src/onesignal/operation.js';
import type { Plan } from '../../src/onesignal/plan.js';

/** Few different values, so that operations often concern the same user, tag, token or name. */
const user = fc.constantFrom('u1', 'u2', 'u3').map((id): Alias => ({ label: 'external_id', id }));
const tagKey = fc.constantFrom('plan', 'city', 'vip', '__proto__', 'constructor');
const tags = fc
  .uniqueArray(fc.tuple(tagKey, fc.constantFrom('', 'a', 'b', 'true')), { minLength: 1, selector: ([key]) => key })
  .map((pairs) => Object.fromEntries(pairs));
const profile: fc.Arbitrary<Profile> = fc.constantFrom({ language: 'en' }, { language: 'de', country: 'AT' });

const updateUser: fc.Arbitrary<Operation> = fc.record(
  { type: fc.constant('update_user'), user, tags, profile },
  { requiredKeys: ['type', 'user', 'tags'], noNullPrototype: true },
);
const ensureSegment: fc.Arbitrary<Operation> = fc
  .tuple(tagKey, fc.constantFrom('Buyers', 'Readers'))
  .map(([key, name]) => ({
    type: 'ensure_segment',
    name,
    filters: [{ field: 'tag', key, relation: '=', value: 'true' }],
  }));
const sendCustomEvents: fc.Arbitrary<Operation> = fc
  .array(
    fc.record(
      {
        name: fc.constantFrom('Bought', 'Read'),
        external_id: fc.constantFrom('u1', 'u2', 'u3'),
        properties: fc.dictionary(tagKey, fc.nat(9), { noNullPrototype: true }),
      },
      { noNullPrototype: true },
    ),
    { minLength: 1, maxLength: 2 },
  )
  .map((events) => ({ type: 'send_custom_events', events }));
const addSubscription: fc.Arbitrary<Operation> = fc
  .tuple(user, fc.constantFrom('t1', 't2'), fc.constantFrom(1, -31))
  .map(([owner, token, notification_types]) => ({
    type: 'add_subscription',
    user: owner,
    subscription: { type: 'AndroidPush', token, notification_types },
  }));
/**
 * No two users claim the same id: OneSignal refuses the second one, and merging may change only which one is
 * second.
 */
const addAlias: fc.Arbitrary<Operation> = fc
  .tuple(user, fc.constantFrom('crm', 'shop'), fc.constantFrom('7', '8'))
  .map(([owner, label, id]) => ({ type: 'add_alias', user: owner, alias: { label, id: `${owner.id}-${id}` } }));
const addPurchases: fc.Arbitrary<Operation> = fc
  .tuple(user, fc.constantFrom('shirt', 'hat'))
  .map(([owner, sku]) => ({ type: 'add_purchases', user: owner, purchases: [{ sku, amount: '1.00', iso: 'EUR' }] }));
const deleteUser: fc.Arbitrary<Operation> = user.map((owner) => ({ type: 'delete_user', user: owner }));

/** Any operation of any kind. */
export const operations: fc.Arbitrary<Operation> = fc.oneof(
  { arbitrary: updateUser, weight: 6 },
  { arbitrary: ensureSegment, weight: 2 },
  { arbitrary: sendCustomEvents, weight: 2 },
  { arbitrary: addSubscription, weight: 2 },
  { arbitrary: addAlias, weight: 2 },
  { arbitrary: addPurchases, weight: 1 },
  { arbitrary: deleteUser, weight: 2 },
);

/** Tags and segments only. */
export const tagOperations: fc.Arbitrary<Operation> = fc.oneof(
  { arbitrary: updateUser, weight: 4 },
  { arbitrary: ensureSegment, weight: 1 },
);

const at = fc.option(
  fc.integer({ min: 0, max: 5 }).map((second) => `2026-03-01T10:00:0${second}.000Z`),
  { nil: undefined, freq: 4 },
);

/** The user of the first operation that has one. */
function userOf({ operations }: Plan): string | undefined {
  const users = operations.flatMap((operation) => {
    if (operation.type === 'send_custom_events') return operation.events.map(({ external_id }) => external_id);
    return 'user' in operation ? operation.user.id : [];
  });
  return users[0];
}

/** Plans with and without a time, in any order. */
export function plansOf(operation: fc.Arbitrary<Operation>): fc.Arbitrary<Plan[]> {
  const plan = fc.tuple(at, fc.array(operation, { minLength: 1, maxLength: 3 })).map(([time, wanted]): Plan => {
    return { status: 'planned', ...(time === undefined ? {} : { at: time }), operations: wanted, dropped: [] };
  });
  return fc.array(plan, { maxLength: 8 });
}

/** The plans in the order of their time, as D2 defines it. Written for clarity, not for speed. */
export function inOrderOfTime(plans: readonly Plan[]): Plan[] {
  const unknown = Number.NEGATIVE_INFINITY;
  const timed: { plan: Plan; user: string | undefined; time: number }[] = [];
  for (const plan of plans) {
    const owner = userOf(plan);
    const ofUser = timed.filter(({ user }) => user !== undefined && user === owner);
    const nearest = ofUser.findLast(({ time }) => time !== unknown)?.time ?? unknown;
    const own = plan.at === undefined ? nearest : Date.parse(plan.at);
    const isDeletion = plan.operations.some(({ type }) => type === 'delete_user');
    timed.push({ plan, user: owner, time: isDeletion ? Math.max(own, ...ofUser.map(({ time }) => time)) : own });
  }
  const sorted: typeof timed = [];
  for (const candidate of timed) {
    const place = sorted.findIndex(({ time }) => time > candidate.time);
    sorted.splice(place === -1 ? sorted.length : place, 0, candidate);
  }
  return sorted.map(({ plan }) => plan);
}
