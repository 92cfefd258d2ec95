import { afterEach, expect, test, vi } from 'vitest';
import { createSandbox } from '../../src/sandbox/index.js';
import { startSandbox } from '../sandbox-server.js';
import { apiOf, app } from './api.js';

afterEach(() => {
  vi.useRealTimers();
});

test('a new user is a 200 and an existing one a 202, with the resulting user', async () => {
  const { sandbox } = await startSandbox();
  const call = apiOf(sandbox);
  const created = await call('POST', `${app}/users`, {
    identity: { external_id: 'u1', crm: '7' },
    properties: { tags: { plan: 'pro' }, language: 'en' },
    subscriptions: [{ type: 'Email', token: 'ada@example.org' }],
  });
  expect(created).toMatchObject({
    status: 200,
    body: {
      identity: { onesignal_id: expect.stringMatching(/^[\da-f-]{36}$/), external_id: 'u1', crm: '7' },
      properties: { tags: { plan: 'pro' }, language: 'en' },
      subscriptions: [{ type: 'Email', token: 'ada@example.org', enabled: true, notification_types: 1 }],
    },
  });
  const changed = await call('POST', `${app}/users`, {
    identity: { crm: '7' },
    properties: { tags: { city: 'Vienna' } },
  });
  expect(changed).toMatchObject({ status: 202, body: { properties: { tags: { plan: 'pro', city: 'Vienna' } } } });
  expect(sandbox.users()).toEqual([
    {
      externalId: 'u1',
      tags: { plan: 'pro', city: 'Vienna' },
      aliases: { crm: '7' },
      subscriptions: [{ type: 'Email', token: 'ada@example.org', enabled: true, notification_types: 1 }],
    },
  ]);
});

test('aliases of two users in one request are a 409 that names the conflict and changes nothing', async () => {
  const { sandbox } = await startSandbox();
  sandbox.addUser({ externalId: 'u1' });
  sandbox.addUser({ externalId: 'u2', aliases: { crm: '7' } });
  const before = sandbox.users();
  expect(
    await apiOf(sandbox)('POST', `${app}/users`, {
      identity: { external_id: 'u1', crm: '7' },
      properties: { tags: { a: '1' } },
    }),
  ).toMatchObject({
    status: 409,
    body: { errors: [{ code: 'Conflict', title: 'Conflicting aliases', meta: { conflicting_aliases: { crm: '7' } } }] },
  });
  expect(sandbox.users()).toEqual(before);
});

test('an upsert of an existing user applies tags, profile, aliases and all subscriptions at once', async () => {
  const { sandbox } = await startSandbox();
  const email = { type: 'Email' as const, token: 'ada@example.org' };
  sandbox.addUser({ externalId: 'u1', tags: { plan: 'free', old: '1' }, aliases: { crm: '7' } });
  sandbox.addUser({ externalId: 'u2', subscriptions: [{ ...email, enabled: false }] });
  const call = apiOf(sandbox);
  const answer = await call('POST', `${app}/users`, {
    identity: { external_id: 'u1', crm: '8', shop: '9' },
    properties: { tags: { plan: 'pro', old: '' }, country: 'AT', timezone_id: 'Europe/Vienna' },
    subscriptions: [
      email,
      { type: 'SMS', token: '+436641234567' },
      { type: 'AndroidPush', token: 't', enabled: false },
    ],
  });
  expect(answer).toMatchObject({
    status: 202,
    body: {
      identity: { external_id: 'u1', crm: '8', shop: '9' },
      properties: { tags: { plan: 'pro' }, country: 'AT', timezone_id: 'Europe/Vienna' },
    },
  });
  expect(sandbox.users()).toEqual([
    {
      externalId: 'u1',
      tags: { plan: 'pro' },
      aliases: { crm: '8', shop: '9' },
      subscriptions: [
        { ...email, enabled: false, notification_types: -31 },
        { type: 'SMS', token: '+436641234567', enabled: true, notification_types: 1 },
        { type: 'AndroidPush', token: 't', enabled: false, notification_types: -31 },
      ],
    },
    { externalId: 'u2', tags: {}, aliases: {}, subscriptions: [] },
  ]);
});

test.each([
  ['even if the external id exists', true],
  ['even if the external id is new', false],
])('an alias of another user is a 409 that refuses the whole upsert, %s', async (_what, exists) => {
  const { sandbox } = await startSandbox();
  const email = { type: 'Email' as const, token: 'ada@example.org' };
  sandbox.addUser({ externalId: 'u1', aliases: { crm: '7' }, subscriptions: [email] });
  if (exists) sandbox.addUser({ externalId: 'u2' });
  const before = sandbox.users();
  const answer = await apiOf(sandbox)('POST', `${app}/users`, {
    identity: { external_id: 'u2', crm: '7' },
    properties: { tags: { a: '1' }, language: 'de' },
    subscriptions: [email],
  });
  expect(answer).toMatchObject({
    status: 409,
    body: { errors: [{ code: 'Conflict', meta: { conflicting_aliases: { crm: '7' } } }] },
  });
  expect(sandbox.users()).toEqual(before);
});

test('an upsert gives an anonymous user its external id', async () => {
  const { sandbox } = await startSandbox();
  const call = apiOf(sandbox);
  await call('POST', `${app}/users`, { identity: { crm: '7' }, properties: { tags: { a: '1' } } });
  expect((await call('POST', `${app}/users`, { identity: { external_id: 'u1', crm: '7' } })).status).toBe(202);
  expect(sandbox.users()).toMatchObject([{ externalId: 'u1', tags: { a: '1' }, aliases: { crm: '7' } }]);
});

test('a user needs an identity or a subscription', async () => {
  const { sandbox } = await startSandbox();
  expect(await apiOf(sandbox)('POST', `${app}/users`, { properties: { tags: { a: '1' } } })).toMatchObject({
    status: 400,
  });
});

test('an update merges properties, adds deltas and answers 202 with the properties from the request', async () => {
  const { sandbox } = await startSandbox();
  sandbox.addUser({ externalId: 'u1', tags: { plan: 'free', city: 'Vienna' } });
  const call = apiOf(sandbox);
  const purchases = [{ sku: 'x', amount: '9.99', iso: 'USD', count: 1 }];
  expect(
    await call('PATCH', `${app}/users/by/external_id/u1`, {
      properties: { tags: { plan: 'pro', city: '' }, country: 'AT', lat: 48.2, long: 16.4 },
      deltas: { session_count: 2, session_time: 60, purchases },
    }),
  ).toMatchObject({
    status: 202,
    body: { properties: { tags: { plan: 'pro', city: '' }, country: 'AT', lat: 48.2, long: 16.4, purchases } },
  });
  expect(await call('GET', `${app}/users/by/external_id/u1`)).toMatchObject({
    status: 200,
    body: { properties: { tags: { plan: 'pro' }, country: 'AT' }, identity: { external_id: 'u1' }, subscriptions: [] },
  });
});

test.each(['GET', 'PATCH', 'DELETE'])('%s of an unknown user is a 404 with a structured body', async (method) => {
  const { sandbox } = await startSandbox();
  const body = method === 'PATCH' ? { properties: { tags: { a: '1' } } } : undefined;
  expect(await apiOf(sandbox)(method, `${app}/users/by/external_id/u1`, body)).toMatchObject({
    status: 404,
    body: { errors: [{ code: expect.any(String), title: expect.any(String) }] },
  });
});

test('deleting a user is a 202 and deletes its aliases and subscriptions', async () => {
  const { sandbox } = await startSandbox();
  const call = apiOf(sandbox);
  const subscription = { type: 'SMS', token: '+43123456789' };
  await call('POST', `${app}/users`, { identity: { external_id: 'u1', crm: '7' }, subscriptions: [subscription] });
  expect(await call('DELETE', `${app}/users/by/crm/7`)).toMatchObject({
    status: 202,
    body: { identity: { onesignal_id: expect.any(String) } },
  });
  expect(sandbox.users()).toEqual([]);
  sandbox.addUser({ externalId: 'u2' });
  const added = await call('POST', `${app}/users/by/external_id/u2/subscriptions`, { subscription });
  expect(added.status).toBe(200);
});

test('a new user is a 404 until it is visible, but the readers and a second creation see it at once', async () => {
  const { sandbox } = await startSandbox({ visibleAfterMs: 5_000 });
  vi.useFakeTimers({ toFake: ['Date'] });
  const call = apiOf(sandbox);
  const update = () => call('PATCH', `${app}/users/by/external_id/u1`, { properties: { tags: { a: '1' } } });
  const create = () => call('POST', `${app}/users`, { identity: { external_id: 'u1' } });
  expect((await create()).status).toBe(200);
  expect((await update()).status).toBe(404);
  expect((await create()).status).toBe(202);
  expect(sandbox.user('u1')).toBeDefined();
  vi.advanceTimersByTime(5_000);
  expect((await update()).status).toBe(202);
});

test('with unknownUsers known, an external id exists from the moment it is first written to', async () => {
  const { sandbox } = await startSandbox({ unknownUsers: 'known' });
  const call = apiOf(sandbox);
  expect((await call('GET', `${app}/users/by/external_id/u1`)).status).toBe(404);
  expect((await call('PATCH', `${app}/users/by/crm/1`, { properties: {} })).status).toBe(404);
  expect((await call('PATCH', `${app}/users/by/external_id/u1`, { properties: { tags: { a: '1' } } })).status).toBe(
    202,
  );
  expect(sandbox.user('u1')?.tags).toEqual({ a: '1' });
});

test('ids are treated as data, even if they look like paths or prototype keys', async () => {
  const { sandbox } = await startSandbox();
  const call = apiOf(sandbox);
  for (const id of ['__proto__', 'constructor', 'a/b', 'a%2Fb', '100%', 'ü 😀', '?a#b', '..a', 'a:b']) {
    sandbox.addUser({ externalId: id });
    const path = `${app}/users/by/external_id/${encodeURIComponent(id)}`;
    expect(await call('PATCH', path, { properties: { tags: { id } } }), id).toMatchObject({ status: 202 });
    expect(sandbox.user(id)?.tags).toEqual({ id });
  }
});

test.each(['NA', 'NULL', 'null', 'undefined', '0', '-1', 'all', '00000000-0000-0000-0000-000000000000'])(
  'the placeholder %s as an external id is a 400',
  async (id) => {
    const { sandbox } = await startSandbox({ unknownUsers: 'known' });
    const call = apiOf(sandbox);
    expect((await call('POST', `${app}/users`, { identity: { external_id: id } })).status).toBe(400);
    expect((await call('PATCH', `${app}/users/by/external_id/${id}`, { properties: {} })).status).toBe(400);
  },
);

test.each([
  ['a language in upper case', { language: 'EN' }],
  ['a country in lower case', { country: 'at' }],
  ['a latitude beyond the pole', { lat: 91 }],
  ['milliseconds instead of seconds', { last_active: 1_700_000_000_000 }],
])('%s is a 400', async (_what, properties) => {
  const { sandbox } = await startSandbox({}, { validate: false });
  sandbox.addUser({ externalId: 'u1' });
  expect((await apiOf(sandbox)('PATCH', `${app}/users/by/external_id/u1`, { properties })).status).toBe(400);
});

test('readers return copies', async () => {
  const { sandbox } = await startSandbox();
  sandbox.addUser({ externalId: 'u1', tags: { a: '1' } });
  const user = sandbox.user('u1');
  if (user !== undefined) user.tags.a = '2';
  expect(sandbox.user('u1')?.tags).toEqual({ a: '1' });
});

test('a user with too many aliases is not created', async () => {
  const { sandbox } = await startSandbox();
  const aliases = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`label${index}`, '1']));
  const body = { identity: { external_id: 'u1', ...aliases } };
  expect((await apiOf(sandbox)('POST', `${app}/users`, body)).status).toBe(400);
  expect(sandbox.users()).toEqual([]);
});

test('adding a user again replaces it and everything that belongs to it', async () => {
  const { sandbox } = await startSandbox();
  sandbox.addUser({ externalId: 'u1', tags: { a: '1' }, aliases: { crm: '7' } });
  const subscription = { type: 'Email', token: 'ada@example.org' };
  await apiOf(sandbox)('POST', `${app}/users/by/external_id/u1/subscriptions`, { subscription });
  sandbox.addUser({ externalId: 'u1', tags: { b: '' } });
  expect(sandbox.users()).toEqual([{ externalId: 'u1', tags: {}, aliases: {}, subscriptions: [] }]);
});

test('a user without an external id is found by requests, but not listed by users()', async () => {
  const { sandbox } = await startSandbox();
  const call = apiOf(sandbox);
  await call('POST', `${app}/users`, { subscriptions: [{ type: 'Email', token: 'ada@example.org' }] });
  await call('POST', `${app}/users`, { identity: { crm: '7' } });
  expect((await call('GET', `${app}/users/by/crm/7`)).status).toBe(200);
  expect(sandbox.users()).toEqual([]);
});

test('an unknown onesignal_id in an identity is a 404, not a new user', async () => {
  const { sandbox } = await startSandbox();
  const identity = { onesignal_id: '11111111-2222-4333-8444-555555555555' };
  expect((await apiOf(sandbox)('POST', `${app}/users`, { identity })).status).toBe(404);
});

test.each([
  ['an amount that is not a string', { purchases: [{ sku: 'x', amount: 9.99, iso: 'USD' }] }],
  ['a purchase without a currency', { purchases: [{ sku: 'x', amount: '9.99' }] }],
  ['a purchase with a fractional count', { purchases: [{ sku: 'x', amount: '9.99', iso: 'USD', count: 0.5 }] }],
  ['purchases that are not an array', { purchases: {} }],
  ['a fractional session count', { session_count: 0.5 }],
])('%s is a 400', async (_what, deltas) => {
  const { sandbox } = await startSandbox({}, { validate: false });
  sandbox.addUser({ externalId: 'u1' });
  expect((await apiOf(sandbox)('PATCH', `${app}/users/by/external_id/u1`, { deltas })).status).toBe(400);
});

test.each<[string, object]>([
  ['tags.a', { tags: { a: 1 } }],
  ['tags.b', { tags: { a: '1', b: null } }],
  ['aliases.crm', { aliases: { crm: 7 } }],
])('a user whose %s is not a string is refused, as OneSignal stores strings', (option, fields) => {
  const sandbox = createSandbox();
  const add = () => Reflect.apply(sandbox.addUser, undefined, [{ externalId: 'u1', ...fields }]);
  const message = `"${option}" must be a string.`;
  expect(add).toThrow(expect.objectContaining({ name: 'ConfigurationError', option, message }));
  expect(sandbox.users()).toEqual([]);
});
