import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSandbox } from '../../src/sandbox/index.js';
import { app, callsTo } from './calls.js';
import { createStrictOneSignal } from './strict-onesignal.js';

/** A request in a random stream. */
type Step = [method: string, end: string, body?: object];

const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
const externalId = fc.constantFrom('u1', 'u2', 'u3', 'null');
const alias = fc.oneof(
  externalId.map((id) => ['external_id', id] as const),
  fc.tuple(fc.constantFrom('crm', 'shop'), fc.constantFrom('1', '2')),
);
const path = alias.map(([label, id]) => `/users/by/${label}/${id}`);
const identity = fc
  .record({ external_id: maybe(externalId), crm: maybe(fc.constantFrom('1', '2')), shop: maybe(fc.constant('1')) })
  .map(without);
const properties = fc
  .record({
    tags: maybe(
      fc.dictionary(fc.constantFrom('a', 'b', 'c', '__proto__'), fc.constantFrom('1', '2', ''), { maxKeys: 3 }),
    ),
    language: maybe(fc.constantFrom('de', 'zh-Hans', 'se')),
    timezone_id: maybe(fc.constantFrom('Europe/Vienna', 'US/Pacific', 'Mars/Olympus')),
  })
  .map(without);
const channel = fc.constantFrom(
  { type: 'Email', token: 'ada@example.org' },
  { type: 'Email', token: 'ADA@example.org' },
  { type: 'SMS', token: '+436641234567' },
  { type: 'iOSPush', token: 'ab'.repeat(32) },
  { type: 'iOSPush', token: 'cafe' },
  { type: 'ChromePush', token: 'https://push.example' },
);
const state = fc
  .record({
    enabled: maybe(fc.boolean()),
    notification_types: maybe(fc.constantFrom(1, -2, -31, -98)),
    app_version: maybe(fc.constantFrom('1', '2')),
  })
  .map(without);
const subscription = fc.tuple(channel, state).map(([named, more]) => ({ ...named, ...more }));

const step: fc.Arbitrary<Step> = fc.oneof(
  fc
    .record({ identity, properties, subscriptions: fc.array(subscription, { maxLength: 3 }) })
    .map((body): Step => ['POST', '/users', body]),
  fc.tuple(path, properties).map(([end, set]): Step => ['PATCH', end, { properties: set }]),
  path.map((end): Step => ['DELETE', end]),
  path.map((end): Step => ['GET', end]),
  fc.tuple(path, identity).map(([end, aliases]): Step => ['PATCH', `${end}/identity`, { identity: aliases }]),
  fc
    .tuple(path, fc.constantFrom('external_id', 'crm', 'shop'))
    .map(([end, label]): Step => ['DELETE', `${end}/identity/${label}`]),
  fc.tuple(path, subscription).map(([end, added]): Step => ['POST', `${end}/subscriptions`, { subscription: added }]),
  fc
    .tuple(channel, state)
    .map(
      ([{ type, token }, more]): Step => [
        'PATCH',
        `/subscriptions_by_token/${type}/${encodeURIComponent(token)}`,
        { subscription: more },
      ],
    ),
);

/** Removes fields that are `undefined`, which JSON does not have. */
function without(record: object): object {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}

test('the sandbox and this server, written independently from the same facts, agree on any stream of requests', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), maybe(fc.constantFrom(1, 2)), async (steps, tagLimit) => {
      const limit = tagLimit === undefined ? {} : { tagLimit };
      const sandbox = createSandbox(limit);
      const strict = createStrictOneSignal({ validate: false, ...limit });
      const call = callsTo(strict);
      for (const [method, end, body] of steps) {
        const init = body === undefined ? {} : { body: JSON.stringify(body) };
        const expected = await sandbox.fetch(`https://a${app}${end}`, { method, ...init });
        const { status } = await call(method, end, body);
        expect(`${method} ${end} ${status}`).toBe(`${method} ${end} ${expected.status}`);
      }
      expect(
        strict
          .users()
          .filter(({ externalId: id }) => id !== undefined)
          .map(({ externalId: id, tags, aliases, subscriptions }) => ({
            externalId: id,
            tags,
            aliases,
            subscriptions,
          })),
      ).toEqual(sandbox.users());
    }),
    { numRuns: 200 },
  );
});
