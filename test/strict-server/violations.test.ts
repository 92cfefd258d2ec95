import { describe, expect, test } from 'vitest';
import { openapiPath } from '../openapi.js';
import { app, callsTo } from './calls.js';
import { createStrictOneSignal, type StrictOneSignal, type StrictOptions } from './strict-onesignal.js';

const u1 = '/users/by/external_id/u1';
const tags = (length: number) => Object.fromEntries(Array.from({ length }, (_, index) => [`t${index}`, '1']));

/** A server whose time the test sets. */
function start(options: StrictOptions = {}) {
  const clock = { now: 0 };
  const server = createStrictOneSignal({ now: () => clock.now, ...options });
  server.addUser({ externalId: 'u1', aliases: { crm: '7' } });
  return { server, call: callsTo(server), clock };
}

const rules = ({ violations }: StrictOneSignal) => violations.map(({ rule }) => rule);

describe('a user may be written to once in any second', () => {
  const writes: [what: string, method: string, path: string, body?: object][] = [
    ['an update', 'PATCH', u1, { properties: {} }],
    ['an update by another alias', 'PATCH', '/users/by/crm/7', { properties: {} }],
    ['an upsert', 'POST', '/users', { identity: { crm: '7' } }],
    ['an alias', 'PATCH', `${u1}/identity`, { identity: { shop: '1' } }],
    ['a subscription', 'POST', `${u1}/subscriptions`, { subscription: { type: 'AndroidPush', token: 't' } }],
    ['a deletion', 'DELETE', u1],
  ];

  test.each(writes)('%s counts', async (_what, method, path, body) => {
    const { server, call, clock } = start();
    await call('PATCH', u1, { properties: {} });
    clock.now = 999;
    await call(method, path, body);
    expect(server.violations).toMatchObject([
      { rule: 'user rate', detail: 'external_id u1: 999 ms after the last write', request: { at: 999, method } },
    ]);
  });

  test('and again after a second', async () => {
    const { server, call, clock } = start();
    for (const [, method, path, body] of writes) {
      await call(method, path, body);
      clock.now += 1_000;
    }
    expect(server.violations).toEqual([]);
  });

  test('and a request for a missing user counts for the user that the next request creates or deletes', async () => {
    const { server, call } = start();
    const [path, identity] = ['/users/by/external_id/new', { external_id: 'new' }];
    await call('PATCH', path, { properties: {} });
    await call('POST', '/users', { identity });
    await call('DELETE', path);
    await call('POST', '/users', { identity });
    expect(rules(server)).toEqual(Array(3).fill('user rate'));
  });

  test('but other users, segments, events and an alias that has moved to another user are not affected', async () => {
    const { server, call } = start();
    server.addUser({ externalId: 'u2' });
    await call('DELETE', u1);
    await call('PATCH', '/users/by/external_id/u2', { properties: {} });
    await call('POST', '/users', { identity: { external_id: 'u3', crm: '7' } });
    for (let index = 0; index < 3; index += 1) {
      await call('POST', '/custom_events', { events: [{ name: 'a', external_id: 'u1' }] });
      await call('GET', '/segments?offset=0&limit=1');
    }
    expect(server.violations).toEqual([]);
  });

  test('and a request that a fault hits also counts', async () => {
    const { server, call } = start({ faults: { unavailable: 1 } });
    await call('PATCH', u1, { properties: {} });
    await call('PATCH', u1, { properties: {} });
    expect(rules(server)).toEqual(['user rate']);
  });
});

test('users may be read once in any second', async () => {
  const { server, call, clock } = start();
  await call('GET', u1);
  clock.now = 999;
  await call('GET', `${u1}/identity`);
  expect(rules(server)).toEqual(['view rate']);
});

test('requestsPerSecond limits the requests in any one-second window', async () => {
  const { server, call, clock } = start({ requestsPerSecond: 3 });
  const segments = () => call('GET', '/segments?offset=0&limit=1');
  for (const at of [0, 900, 950, 1_000, 1_900]) {
    clock.now = at;
    await segments();
  }
  expect(rules(server)).toEqual([]);
  await segments();
  expect(server.violations).toMatchObject([{ rule: 'request rate', detail: '4 requests in a second' }]);
});

test('concurrency limits the requests in flight', async () => {
  const { server, call } = start({ concurrency: 2 });
  const segments = () => call('GET', '/segments?offset=0&limit=1');
  await Promise.all([segments(), segments()]);
  expect(rules(server)).toEqual([]);
  await Promise.all([segments(), segments(), segments()]);
  expect(server.violations).toMatchObject([{ rule: 'concurrency', detail: '3 requests in flight' }]);
  expect(server.peak).toBe(3);
});

test.each([
  ['GET', '/players'],
  ['PUT', u1],
  ['POST', '/integrations/custom_events'],
  ['GET', '/users/by/external_id/%ff'],
])('%s %s is not an endpoint', async (method, path) => {
  const { server, call } = start({ validate: false });
  expect((await call(method, path)).status).toBe(404);
  expect(rules(server)).toEqual(['endpoint']);
});

test('101 properties are too many, but 100 are not', async () => {
  const { server, call, clock } = start();
  await call('PATCH', u1, { properties: { tags: tags(99), country: 'AT' } });
  expect(rules(server)).toEqual([]);
  clock.now = 1_000;
  expect((await call('PATCH', u1, { properties: { tags: tags(100), country: 'AT' } })).status).toBe(400);
  expect(rules(server)).toEqual(['properties']);
});

const event = { name: 'a', external_id: 'u1' };
const subscription = (type: string, token: string, more: object = {}) => ({ subscription: { type, token, ...more } });
test.each<[what: string, method: string, path: string, body: unknown]>([
  ['a tag that is a number', 'PATCH', u1, { properties: { tags: { a: 1 } } }],
  ['a tag that is null', 'PATCH', u1, { properties: { tags: { a: null } } }],
  ['a country in lower case', 'PATCH', u1, { properties: { country: 'at' } }],
  ['a time zone that does not exist', 'PATCH', u1, { properties: { timezone_id: 'Mars/Olympus' } }],
  ['a latitude beyond the pole', 'PATCH', u1, { properties: { lat: 91 } }],
  ['milliseconds instead of seconds', 'PATCH', u1, { properties: { last_active: 1_700_000_000_000 } }],
  [
    'a purchase whose amount is a number',
    'PATCH',
    u1,
    { deltas: { purchases: [{ sku: 'a', iso: 'EUR', amount: 1 }] } },
  ],
  [
    'a purchase with a fractional count',
    'PATCH',
    u1,
    { deltas: { purchases: [{ sku: 'a', iso: 'EUR', amount: '1', count: 0.5 }] } },
  ],
  ['a placeholder as an external id', 'POST', '/users', { identity: { external_id: 'null' } }],
  ['a blank external id', 'POST', '/users', { identity: { external_id: ' ' } }],
  ['an upsert without an identity', 'POST', '/users', { properties: {} }],
  ['an alias with a space', 'PATCH', `${u1}/identity`, { identity: { crm: 'a b' } }],
  ['an alias that is too long', 'PATCH', `${u1}/identity`, { identity: { crm: 'a'.repeat(129) } }],
  ['an unknown channel', 'POST', `${u1}/subscriptions`, subscription('Fax', '1')],
  ['an iOS token that is too short', 'POST', `${u1}/subscriptions`, subscription('iOSPush', 'cafe')],
  ['a phone number without +', 'POST', `${u1}/subscriptions`, subscription('SMS', '436641234567')],
  ['an address without @', 'POST', `${u1}/subscriptions`, subscription('Email', 'ada')],
  ['a new web push subscription', 'POST', `${u1}/subscriptions`, subscription('ChromePush', 'https://push')],
  ['a state that is a string', 'POST', `${u1}/subscriptions`, subscription('SMS', '+436641234567', { enabled: 'no' })],
  ['a segment without a name', 'POST', '/segments', { filters: [{ field: 'tag' }] }],
  ['a segment without filters', 'POST', '/segments', { name: 'a', filters: [] }],
  ['a segment whose id is not a UUID', 'POST', '/segments', { id: 'a', name: 'a', filters: [{ field: 'tag' }] }],
  ['no custom events', 'POST', '/custom_events', { events: [] }],
  ['a custom event without a user', 'POST', '/custom_events', { events: [{ name: 'a' }] }],
  ['a reserved event name', 'POST', '/custom_events', { events: [{ ...event, name: 'os.a' }] }],
  [
    'an event of 2,025 bytes',
    'POST',
    '/custom_events',
    { events: [{ ...event, properties: { a: 'x'.repeat(1_980) } }] },
  ],
  ['a key that is not a UUID', 'POST', '/custom_events', { events: [{ ...event, idempotency_key: 'm1' }] }],
  ['a body that is not an object', 'POST', '/users', []],
])('%s is a 400 and a violation, and changes nothing', async (_what, method, path, body) => {
  const { server, call } = start({ validate: false });
  const before = server.users();
  const answer = await call(method, path, body);
  expect(answer.status).toBe(400);
  if (path === '/custom_events') expect(answer.body).toEqual({});
  expect(server.violations).toMatchObject([{ rule: 'body', request: { method, path: `${app}${path}`, body } }]);
  expect(server.users()).toEqual(before);
  expect([server.segments.size, server.events]).toEqual([0, []]);
});

test.skipIf(openapiPath === undefined)(
  'a request that OneSignal’s API description does not allow is a violation',
  async () => {
    const { server, call } = start();
    await call('PATCH', u1, { properties: { test_user_name: 7 } });
    await call('GET', '/segments?name=a');
    await call('DELETE', u1, {});
    expect(server.violations.map(({ detail }) => detail)).toEqual([
      expect.stringContaining('/properties/test_user_name must be string'),
      expect.stringContaining('no parameter name'),
      expect.stringContaining('takes no body'),
      expect.stringContaining('after the last write'),
    ]);
  },
);
