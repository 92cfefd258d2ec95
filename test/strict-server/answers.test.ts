import { expect, test } from 'vitest';
import { callsTo } from './calls.js';
import { createStrictOneSignal, type StrictOptions } from './strict-onesignal.js';

const u1 = '/users/by/external_id/u1';
const u2 = '/users/by/external_id/u2';
const ada = { type: 'Email', token: 'ada@example.org' };

/** A server whose time stands still, so that rate limits play no part. */
function start(options: StrictOptions = {}) {
  const server = createStrictOneSignal({ userIntervalMs: 0, viewsPerSecond: Infinity, now: () => 0, ...options });
  return { server, call: callsTo(server) };
}

test('a missing user is a 404 for every request except an upsert, which creates it', async () => {
  const { server, call } = start();
  expect((await call('PATCH', u1, { properties: { tags: { a: '1' } } })).status).toBe(404);
  expect((await call('GET', u1)).status).toBe(404);
  expect((await call('DELETE', u1)).status).toBe(404);
  expect((await call('PATCH', `${u1}/identity`, { identity: { crm: '7' } })).status).toBe(404);
  expect(await call('POST', `${u1}/subscriptions`, { subscription: ada })).toEqual({
    status: 404,
    body: { errors: [{ code: 'subscription-0', title: 'Subscription not found' }] },
  });
  const identity = { external_id: 'u1' };
  expect((await call('POST', '/users', { identity, properties: { tags: { a: '1' } } })).status).toBe(200);
  expect((await call('POST', '/users', { identity, properties: { tags: { b: '2' } } })).status).toBe(202);
  expect(server.users()).toMatchObject([{ externalId: 'u1', tags: { a: '1', b: '2' } }]);
  expect(server.violations).toEqual([]);
});

test('an upsert applies tags, profile, aliases and subscriptions of other users in one request, or nothing', async () => {
  const { server, call } = start();
  server.addUser({ externalId: 'u1', aliases: { crm: '7' }, tags: { old: '1' } });
  server.addUser({ externalId: 'u2', aliases: { crm: '8' }, subscriptions: [{ ...ada, enabled: false }] });
  const before = server.users();
  const body = { properties: { tags: { old: '', plan: 'pro' }, language: 'de' }, subscriptions: [ada] };
  for (const external_id of ['u1', 'u3'])
    expect(await call('POST', '/users', { identity: { external_id, crm: '8' }, ...body })).toEqual({
      status: 409,
      body: {
        errors: [{ code: 'Conflict', title: 'Conflicting aliases', meta: { conflicting_aliases: { crm: '8' } } }],
      },
    });
  expect(server.users()).toEqual(before);
  expect((await call('POST', '/users', { identity: { external_id: 'u1', shop: '9' }, ...body })).status).toBe(202);
  expect(server.users()).toMatchObject([
    {
      externalId: 'u1',
      aliases: { crm: '7', shop: '9' },
      tags: { plan: 'pro' },
      profile: { language: 'de' },
      subscriptions: [{ ...ada, enabled: false, notification_types: -31 }],
    },
    { externalId: 'u2', subscriptions: [] },
  ]);
});

test('an update merges tags and profile, and adds deltas', async () => {
  const { server, call } = start();
  server.addUser({ externalId: 'u1', tags: { a: '1', b: '2' } });
  const purchases = [{ sku: 'x', iso: 'EUR', amount: '9.99', count: 2 }];
  for (let index = 0; index < 2; index += 1)
    await call('PATCH', u1, {
      properties: { tags: { a: '', c: '3' }, country: 'AT' },
      deltas: { purchases, session_count: 1, session_time: 60 },
    });
  expect(server.users()).toMatchObject([
    {
      tags: { b: '2', c: '3' },
      profile: { country: 'AT' },
      purchases: [...purchases, ...purchases],
      sessionCount: 2,
      sessionTime: 120,
    },
  ]);
  expect(await call('GET', u1)).toMatchObject({
    status: 200,
    body: { properties: { tags: { c: '3' }, country: 'AT' } },
  });
});

test('the tag limit counts tags before removing any, and applies to the whole request', async () => {
  const { server, call } = start({ tagLimit: 2 });
  server.addUser({ externalId: 'u1', tags: { a: '1', b: '2' } });
  const set = async (tags: object) => (await call('PATCH', u1, { properties: { tags } })).status;
  expect(await set({ a: '', c: '3' })).toBe(409);
  expect(await set({ a: '9', b: '9' })).toBe(202);
  expect(await set({ a: '' })).toBe(202);
  expect(await set({ c: '3', d: '4' })).toBe(409);
  expect(await set({ c: '3' })).toBe(202);
  const identity = { external_id: 'u2' };
  const upsert = await call('POST', '/users', { identity, properties: { tags: { a: '1', b: '2', c: '3' } } });
  expect(upsert).toMatchObject({ status: 409, body: { errors: [{ code: 'entitlements-tag-limit' }] } });
  expect(server.users()).toMatchObject([{ tags: { b: '9', c: '3' } }]);
  expect(server.users()).toHaveLength(1);
});

test('aliases are added, replaced, refused and removed, and identify the user', async () => {
  const { server, call } = start();
  server.addUser({ externalId: 'u1' });
  server.addUser({ externalId: 'u2', aliases: { crm: '8' } });
  const add = async (aliases: object) => (await call('PATCH', `${u1}/identity`, { identity: aliases })).status;
  expect(await add({ crm: '7' })).toBe(200);
  expect(await add({ crm: '8', shop: '1' })).toBe(409);
  expect(await add({ shop: '2' })).toBe(200);
  expect(await call('GET', '/users/by/crm/7/identity')).toMatchObject({
    body: { identity: { external_id: 'u1', crm: '7', shop: '2' } },
  });
  expect((await call('DELETE', `${u1}/identity/crm`)).status).toBe(200);
  expect((await call('DELETE', `${u1}/identity/crm`)).status).toBe(404);
  expect((await call('GET', '/users/by/crm/7')).status).toBe(404);
  expect((await call('DELETE', u2)).status).toBe(202);
  expect(await add({ crm: '8' })).toBe(200);
});

test('a subscription moves to the user who adds it, and keeps its state until a request sets one', async () => {
  const { server, call } = start();
  server.addUser({ externalId: 'u1', subscriptions: [{ ...ada, notification_types: -98 }] });
  server.addUser({ externalId: 'u2' });
  const subscription = { ...ada, token: 'ADA@example.org', device_model: 'x' };
  expect((await call('POST', `${u2}/subscriptions`, { subscription })).status).toBe(202);
  expect(server.users()).toMatchObject([
    { subscriptions: [] },
    { subscriptions: [{ ...ada, enabled: false, notification_types: -98, device_model: 'x' }] },
  ]);
  const byToken = `/subscriptions_by_token/Email/${encodeURIComponent(ada.token)}`;
  expect((await call('PATCH', byToken, { subscription: { enabled: true } })).status).toBe(202);
  const { body } = await call('GET', u2);
  const id = /"subscriptions":\[\{"id":"([^"]+)"/.exec(JSON.stringify(body))?.[1];
  const owner = { identity: { external_id: 'u1' } };
  expect(await call('PATCH', `/subscriptions/${id}/owner`, owner)).toMatchObject({ status: 200, body: owner });
  expect(await call('GET', `/subscriptions/${id}/user/identity`)).toMatchObject({ status: 200, body: owner });
  expect((await call('PATCH', `/subscriptions/${id}`, { subscription: { notification_types: -2 } })).status).toBe(200);
  expect(server.users()).toMatchObject([{ subscriptions: [{ enabled: false, notification_types: -2 }] }, {}]);
  expect((await call('DELETE', `/subscriptions/${id}`)).status).toBe(202);
  expect((await call('DELETE', `/subscriptions/${id}`)).status).toBe(404);
});

test.each(['evict', 'refuse'] as const)('the 21st subscription with %s', async (subscriptionLimit) => {
  const { server, call } = start({ subscriptionLimit });
  const phones = Array.from({ length: 20 }, (_, index) => ({ type: 'AndroidPush', token: `t${index}` }));
  server.addUser({ externalId: 'u1', subscriptions: phones });
  const { status } = await call('POST', `${u1}/subscriptions`, { subscription: ada });
  const [first, other] = server.users();
  const tokens = first?.subscriptions.map(({ token }) => token);
  expect(status).toBe(subscriptionLimit === 'evict' ? 200 : 409);
  expect(tokens).toEqual(
    subscriptionLimit === 'evict'
      ? [...phones.slice(1).map(({ token }) => token), ada.token]
      : phones.map(({ token }) => token),
  );
  if (subscriptionLimit === 'evict')
    expect(other).toMatchObject({ externalId: undefined, subscriptions: [{ token: 't0' }] });
});

test('a segment is created once per id, and a paused one is marked as paused', async () => {
  const { server, call } = start();
  const id = '7ed2887d-bd24-4a81-8220-4b256a08ab19';
  const filters = [{ field: 'tag', key: 'plan', relation: '=', value: 'pro' }];
  expect(await call('POST', '/segments', { id, name: 'Pros', filters })).toEqual({
    status: 201,
    body: { success: true, id },
  });
  expect(await call('POST', '/segments', { id: id.toUpperCase(), name: 'Pros', filters })).toEqual({
    status: 409,
    body: { success: false, errors: ['Segment with the given id already exists.'] },
  });
  expect((await call('POST', '/segments', { name: 'Pros', filters })).status).toBe(400);
  for (const segment of server.segments.values()) segment.is_active = false;
  expect(await call('GET', '/segments?offset=0&limit=10')).toMatchObject({
    body: { total_count: 1, segments: [{ id, is_active: false }] },
  });
  expect((await call('PATCH', `/segments/${id}`, { name: 'Professionals' })).status).toBe(200);
  expect(await call('GET', `/segments/${id}?include-segment-detail=true`)).toMatchObject({
    body: { payload: { name: 'Professionals', filters, is_active: false } },
  });
  expect((await call('DELETE', `/segments/${id}`)).status).toBe(200);
  expect((await call('DELETE', `/segments/${id}`)).status).toBe(404);
  expect(server.violations).toEqual([]);
});

test('only the custom event of an unknown user fails, and an idempotency key counts for four hours', async () => {
  let now = 0;
  const { server, call } = start({ now: () => now });
  server.addUser({ externalId: 'u1' });
  const event = { name: 'a', external_id: 'u1', idempotency_key: '567491ee-9105-4a87-9cbc-ed78a571645b' };
  const send = (...events: object[]) => call('POST', '/custom_events', { events });
  expect(await send(event, event, { ...event, external_id: 'u2', properties: { event_id: 'e1' } })).toEqual({
    status: 202,
    body: {
      errors: [
        {
          event_user_id: 'u2',
          event_id: 'e1',
          error: { code: 'not found', title: 'failed to find a onesignal_id for user_id u2' },
        },
      ],
    },
  });
  now += 4 * 3_600_000 - 1;
  expect(await send(event)).toEqual({ status: 202, body: {} });
  expect(server.events).toHaveLength(1);
  now += 1;
  await send(event);
  expect(server.events).toMatchObject([{ external_id: 'u1' }, { external_id: 'u1' }]);
});

test('an unsupported language is a 400 but not a violation, because OneSignal may change the list', async () => {
  const { server, call } = start();
  server.addUser({ externalId: 'u1' });
  expect(await call('PATCH', u1, { properties: { language: 'se', tags: { a: '1' } } })).toMatchObject({
    status: 400,
    body: { errors: [{ title: 'The provided language value is not a supported ISO 639-1 value' }] },
  });
  expect(server.users()).toMatchObject([{ tags: {} }]);
  expect(server.violations).toEqual([]);
});
