import { expect, test } from 'vitest';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/index.js';
import { startSandbox } from '../sandbox-server.js';
import { apiOf, app } from './api.js';

const email = { type: 'Email', token: 'ada@example.org' };
const ofUser = (id: string) => `${app}/users/by/external_id/${id}/subscriptions`;

async function start(options: SandboxOptions = {}) {
  const { sandbox } = await startSandbox(options);
  sandbox.addUser({ externalId: 'u1' });
  sandbox.addUser({ externalId: 'u2' });
  const call = apiOf(sandbox);
  const idOf = async (user: string) => {
    const { body } = await call('GET', `${app}/users/by/external_id/${user}`);
    return JSON.stringify(body).match(/"subscriptions":\[\{"id":"([^"]+)"/)?.[1] ?? 'none';
  };
  return { sandbox, call, idOf };
}

test('a new subscription is a 200, and one that moves from another user is a 202', async () => {
  const { sandbox, call } = await start();
  expect((await call('POST', ofUser('u1'), { subscription: email })).status).toBe(200);
  expect((await call('POST', ofUser('u2'), { subscription: email })).status).toBe(202);
  expect(sandbox.user('u1')?.subscriptions).toEqual([]);
  expect(sandbox.user('u2')?.subscriptions).toEqual([{ ...email, enabled: true, notification_types: 1 }]);
});

test('a missing user is reported as a missing subscription', async () => {
  const { call } = await start();
  expect(await call('POST', ofUser('nobody'), { subscription: email })).toMatchObject({
    status: 404,
    body: { errors: [{ code: 'subscription-0', title: 'Subscription not found' }] },
  });
});

test('a subscription is changed by id and by token, moved and deleted', async () => {
  const { sandbox, call, idOf } = await start();
  await call('POST', ofUser('u1'), { subscription: email });
  const id = await idOf('u1');
  expect((await call('PATCH', `${app}/subscriptions/${id}`, { subscription: { enabled: false } })).status).toBe(200);
  expect(sandbox.user('u1')?.subscriptions).toEqual([{ ...email, enabled: false, notification_types: -31 }]);
  const byToken = `${app}/subscriptions_by_token/Email/${encodeURIComponent(email.token)}`;
  expect((await call('PATCH', byToken, { subscription: { enabled: true } })).status).toBe(202);
  expect(await call('PATCH', `${app}/subscriptions/${id}/owner`, { identity: { external_id: 'u2' } })).toMatchObject({
    status: 200,
    body: { identity: { external_id: 'u2' } },
  });
  expect(await call('GET', `${app}/subscriptions/${id}/user/identity`)).toMatchObject({
    body: { identity: { external_id: 'u2' } },
  });
  expect((await call('PATCH', `${app}/subscriptions/${id}/user/identity`, { identity: { crm: '7' } })).status).toBe(
    200,
  );
  expect(sandbox.user('u2')?.aliases).toEqual({ crm: '7' });
  expect((await call('DELETE', `${app}/subscriptions/${id}`)).status).toBe(202);
  expect((await call('DELETE', `${app}/subscriptions/${id}`)).status).toBe(404);
  expect(sandbox.user('u2')?.subscriptions).toEqual([]);
});

test('with subscriptionOverflow refuse, the 21st subscription of a user is a 409', async () => {
  const { call } = await start({ subscriptionOverflow: 'refuse' });
  for (let index = 0; index < 20; index += 1)
    await call('POST', ofUser('u1'), { subscription: { type: 'AndroidPush', token: `token${index}` } });
  expect(await call('POST', ofUser('u1'), { subscription: email })).toMatchObject({
    status: 409,
    body: { errors: [{ code: 'Subscription Limit Exceeded' }] },
  });
});

test.each([
  ['a phone number that is not E.164', { type: 'SMS', token: '0123' }],
  ['an invalid email address', { type: 'Email', token: 'ada' }],
])('%s is a 400 in the envelope that OneSignal uses for segments', async (_what, subscription) => {
  const { call } = await start();
  expect(await call('POST', ofUser('u1'), { subscription })).toMatchObject({
    status: 400,
    body: { errors: [expect.any(String)] },
  });
});

test.each([
  ['POST', ofUser('u1'), 'the body is not valid JSON', '{'],
  ['PATCH', `${app}/subscriptions/1/owner`, 'the body is not valid JSON', '{'],
  ['POST', `${app}/users/by/onesignal_id/123/subscriptions`, 'Invalid UUID', { subscription: email }],
  ['PATCH', `${app}/subscriptions/1/owner`, 'Invalid UUID', { identity: { onesignal_id: '123' } }],
])('%s %s answers in the same envelope: %s', async (method, path, error, body) => {
  const { sandbox } = await startSandbox({}, { validate: false });
  expect(await apiOf(sandbox)(method, path, body)).toMatchObject({ status: 400, body: { errors: [error] } });
});

test('a token of another subscription is a 409', async () => {
  const { call, idOf } = await start();
  await call('POST', ofUser('u1'), { subscription: email });
  await call('POST', ofUser('u2'), { subscription: { ...email, token: 'bob@example.org' } });
  const change = (id: string, token: string) =>
    call('PATCH', `${app}/subscriptions/${id}`, { subscription: { token } });
  expect((await change(await idOf('u2'), email.token)).status).toBe(409);
  expect((await change(await idOf('u2'), 'bo@example.org')).status).toBe(200);
  expect((await call('POST', ofUser('u1'), { subscription: { ...email, token: 'bob@example.org' } })).status).toBe(200);
});

const iosToken = '0123456789abcdef'.repeat(4);
const android = (index: number) => ({ type: 'AndroidPush', token: `token${index}` });
const list = (length: number) => Array.from({ length }, (_, index) => android(index));
const tokensOf = (sandbox: Sandbox, id: string) => sandbox.user(id)?.subscriptions.map(({ token }) => token);

test('the 21st subscription of a user takes the External ID away from the oldest one', async () => {
  const { sandbox, call, idOf } = await start();
  for (const subscription of list(20)) await call('POST', ofUser('u1'), { subscription });
  const oldest = await idOf('u1');
  expect((await call('POST', ofUser('u1'), { subscription: android(20) })).status).toBe(200);
  expect(tokensOf(sandbox, 'u1')).toEqual(
    list(21)
      .slice(1)
      .map(({ token }) => token),
  );
  const { body } = await call('GET', `${app}/subscriptions/${oldest}/user/identity`);
  expect(body).toEqual({ identity: { onesignal_id: expect.any(String) } });
});

test('at least three email and three SMS subscriptions stay with the user, however old they are', async () => {
  const { sandbox, call } = await start();
  const emails = Array.from({ length: 4 }, (_, index) => ({ type: 'Email', token: `a${index}@example.org` }));
  const numbers = Array.from({ length: 3 }, (_, index) => ({ type: 'SMS', token: `+4366412345${index}` }));
  for (const subscription of [...emails, ...numbers, ...list(15)]) await call('POST', ofUser('u1'), { subscription });
  expect(tokensOf(sandbox, 'u1')).toEqual(
    [...emails.slice(1), ...numbers, ...list(15).slice(1)].map(({ token }) => token),
  );
});

test('a transfer and an upsert make room in the same way', async () => {
  const { sandbox, call, idOf } = await start();
  for (const subscription of list(20)) await call('POST', ofUser('u1'), { subscription });
  await call('POST', ofUser('u2'), { subscription: email });
  const id = await idOf('u2');
  await call('PATCH', `${app}/subscriptions/${id}/owner`, { identity: { external_id: 'u1' } });
  expect(tokensOf(sandbox, 'u1')).toEqual([
    ...list(20)
      .slice(1)
      .map(({ token }) => token),
    email.token,
  ]);
  await call('POST', `${app}/users`, {
    identity: { external_id: 'u1' },
    subscriptions: [android(21), android(22)],
  });
  expect(tokensOf(sandbox, 'u1')).toHaveLength(20);
  expect(tokensOf(sandbox, 'u1')?.slice(-3)).toEqual([email.token, 'token21', 'token22']);
});

test('with subscriptionOverflow refuse, a transfer or an upsert over the limit is a 409 that changes nothing', async () => {
  const { sandbox, call, idOf } = await start({ subscriptionOverflow: 'refuse' });
  for (const subscription of list(19)) await call('POST', ofUser('u1'), { subscription });
  const before = sandbox.user('u1');
  const identity = { external_id: 'u1' };
  const properties = { tags: { a: '1' } };
  const upsert = (subscriptions: object[]) => call('POST', `${app}/users`, { identity, properties, subscriptions });
  expect((await upsert([email, android(20)])).status).toBe(409);
  expect(sandbox.user('u1')).toEqual(before);
  // The same address twice is one subscription, and subscriptions that the user already has need no room.
  expect((await upsert([email, { ...email, token: 'ADA@example.org' }, android(0)])).status).toBe(202);
  await call('POST', ofUser('u2'), { subscription: android(20) });
  expect((await call('PATCH', `${app}/subscriptions/${await idOf('u2')}/owner`, { identity })).status).toBe(409);
  expect(tokensOf(sandbox, 'u2')).toEqual(['token20']);
});

test('email addresses are compared case-insensitively, but push tokens are not', async () => {
  const { sandbox, call } = await start();
  await call('POST', ofUser('u1'), { subscription: { ...email, enabled: false } });
  expect((await call('POST', ofUser('u2'), { subscription: { ...email, token: 'Ada@Example.ORG' } })).status).toBe(202);
  expect(sandbox.user('u1')?.subscriptions).toEqual([]);
  expect(sandbox.user('u2')?.subscriptions).toEqual([{ ...email, enabled: false, notification_types: -31 }]);
  const byToken = `${app}/subscriptions_by_token/Email/${encodeURIComponent('ADA@EXAMPLE.ORG')}`;
  expect((await call('PATCH', byToken, { subscription: { enabled: true } })).status).toBe(202);
  await call('POST', ofUser('u2'), { subscription: android(1) });
  await call('POST', ofUser('u2'), { subscription: { ...android(1), token: 'TOKEN1' } });
  expect(tokensOf(sandbox, 'u2')).toEqual([email.token, 'token1', 'TOKEN1']);
});

test('a request without a state keeps the state of an existing subscription', async () => {
  const { sandbox, call } = await start();
  const state = () => sandbox.users().flatMap(({ subscriptions }) => subscriptions);
  for (const off of [{ enabled: false, notification_types: -2 }, { notification_types: -98 }]) {
    await call('POST', ofUser('u1'), { subscription: { ...email, ...off } });
    const kept = [{ ...email, enabled: false, notification_types: off.notification_types }];
    expect(state()).toMatchObject(kept);
    await call('POST', ofUser('u1'), { subscription: { ...email, app_version: '1' } });
    await call('POST', `${app}/users`, { identity: { external_id: 'u2' }, subscriptions: [email] });
    const byToken = `${app}/subscriptions_by_token/Email/${encodeURIComponent(email.token)}`;
    await call('PATCH', byToken, { subscription: { device_os: '18' } });
    expect(state()).toMatchObject(kept);
  }
  await call('POST', ofUser('u1'), { subscription: { ...email, notification_types: 1 } });
  expect(state()).toMatchObject([{ enabled: true, notification_types: 1 }]);
});

test('the app, device and SDK fields are kept and shown, and each can be changed alone', async () => {
  const { sandbox, call, idOf } = await start();
  const device = { app_version: '1.2', device_model: 'iPhone 16', device_os: '18.1', sdk: '050210' };
  const push = { type: 'iOSPush', token: iosToken, ...device };
  await call('POST', `${app}/users`, { identity: { external_id: 'u1' }, subscriptions: [push] });
  const shown = async () => (await call('GET', `${app}/users/by/external_id/u1`)).body;
  expect(await shown()).toMatchObject({ subscriptions: [push] });
  expect(sandbox.user('u1')?.subscriptions).toEqual([{ ...push, enabled: true, notification_types: 1 }]);
  await call('PATCH', `${app}/subscriptions/${await idOf('u1')}`, { subscription: { device_os: '18.2' } });
  expect(await shown()).toMatchObject({ subscriptions: [{ ...push, device_os: '18.2' }] });
});

test.each([iosToken, iosToken.toUpperCase()])('the iOS token %s is accepted', async (token) => {
  const { call } = await start();
  expect((await call('POST', ofUser('u1'), { subscription: { type: 'iOSPush', token } })).status).toBe(200);
});

test.each(['cafe', `${iosToken}0`, `${iosToken.slice(1)}g`, `<${iosToken}>`])(
  'the iOS token %s is a 400 that changes nothing',
  async (token) => {
    const { sandbox, call, idOf } = await start();
    const subscription = { type: 'iOSPush', token };
    const before = sandbox.users();
    expect((await call('POST', ofUser('u1'), { subscription })).status).toBe(400);
    const body = { identity: { external_id: 'u1' }, properties: { tags: { a: '1' } }, subscriptions: [subscription] };
    expect((await call('POST', `${app}/users`, body)).status).toBe(400);
    expect(sandbox.users()).toEqual(before);
    await call('POST', ofUser('u1'), { subscription: { type: 'iOSPush', token: iosToken } });
    const change = { subscription: { token } };
    expect((await call('PATCH', `${app}/subscriptions/${await idOf('u1')}`, change)).status).toBe(400);
  },
);

test.each(['ChromePush', 'FirefoxPush', 'SafariPush', 'SafariLegacyPush', 'ChromeExtensionPush'] as const)(
  'a %s subscription cannot be created through the API, but can be changed and moved',
  async (type) => {
    const { sandbox } = await startSandbox({}, { validate: false });
    sandbox.addUser({ externalId: 'u1', subscriptions: [{ type, token: 'https://push.example/1' }] });
    sandbox.addUser({ externalId: 'u2' });
    const call = apiOf(sandbox);
    const subscription = { type, token: 'https://push.example/2' };
    expect(await call('POST', ofUser('u1'), { subscription })).toMatchObject({
      status: 400,
      body: { errors: [expect.stringContaining('web push')] },
    });
    const upsert = (token: string) =>
      call('POST', `${app}/users`, {
        identity: { external_id: 'u2' },
        properties: { tags: { a: '1' } },
        subscriptions: [{ type, token, enabled: false }],
      });
    expect((await upsert(subscription.token)).status).toBe(400);
    expect(sandbox.user('u2')?.tags).toEqual({});
    expect((await upsert('https://push.example/1')).status).toBe(202);
    expect((await call('GET', `${app}/users/by/external_id/u2`)).body).toMatchObject({
      subscriptions: [{ type, enabled: false }],
    });
  },
);

test('a test can add a user with subscriptions that the user has opted out of', async () => {
  const { sandbox } = await startSandbox();
  sandbox.addUser({
    externalId: 'u1',
    subscriptions: [{ type: 'SMS', token: '+436641234567', notification_types: -98 }],
  });
  expect(sandbox.user('u1')?.subscriptions).toEqual([
    { type: 'SMS', token: '+436641234567', enabled: false, notification_types: -98 },
  ]);
});

test('a user with a subscription that OneSignal would refuse is not added', async () => {
  const { sandbox } = await startSandbox();
  const add = () => sandbox.addUser({ externalId: 'u1', subscriptions: [{ type: 'iOSPush', token: 'cafe' }] });
  expect(add).toThrow(
    expect.objectContaining({
      name: 'ConfigurationError',
      option: 'subscriptions.0',
      message:
        'OneSignal would refuse "subscriptions.0": token of an iOSPush subscription must have 64 hexadecimal characters.',
    }),
  );
  expect(sandbox.users()).toEqual([]);
});

test.each([
  ['no subscription', {}],
  ['an unknown type', { subscription: { type: 'Fax', token: '1' } }],
  ['no token', { subscription: { type: 'Email' } }],
  ['an empty token', { subscription: { type: 'iOSPush', token: '' } }],
  ['a value of enabled that is not a boolean', { subscription: { ...email, enabled: 'yes' } }],
  ['notification_types that is not an integer', { subscription: { ...email, notification_types: 'on' } }],
  ['a device model that is not a string', { subscription: { ...email, device_model: 16 } }],
])('%s is a 400', async (_what, body) => {
  const { sandbox } = await startSandbox({}, { validate: false });
  sandbox.addUser({ externalId: 'u1' });
  expect((await apiOf(sandbox)('POST', ofUser('u1'), body)).status).toBe(400);
});

test('an owner is identified by exactly one alias', async () => {
  const { call } = await start();
  const identity = { external_id: 'u1', crm: '7' };
  expect((await call('PATCH', `${app}/subscriptions/some-id/owner`, { identity })).status).toBe(400);
});
