import { expect, test } from 'vitest';
import { startSandbox } from '../sandbox-server.js';
import { apiOf, app } from './api.js';

const email = { type: 'Email', token: 'ada@example.org' };
const ofUser = (id: string) => `${app}/users/by/external_id/${id}/subscriptions`;

async function start() {
  const { sandbox } = await startSandbox();
  sandbox.addUser({ externalId: 'u1' });
  sandbox.addUser({ externalId: 'u2' });
  const call = apiOf(sandbox);
  const idOf = async (user: string) => {
    const { body } = await call('GET', `${app}/users/by/external_id/${user}`);
    return JSON.stringify(body).match(/"subscriptions":\[\{"id":"([^"]+)"/)?.[1] ?? 'none';
  };
  return { sandbox, call, idOf };
}

test('a new subscription is a 200, and one of another user moves here with a 202', async () => {
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

test('the 21st subscription of a user is a 409', async () => {
  const { call } = await start();
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
])('%s %s: %s, said in the same envelope', async (method, path, error, body) => {
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

test.each([
  ['no subscription', {}],
  ['an unknown type', { subscription: { type: 'Fax', token: '1' } }],
  ['no token', { subscription: { type: 'Email' } }],
  ['an empty token', { subscription: { type: 'iOSPush', token: '' } }],
  ['an enabled that is not a boolean', { subscription: { ...email, enabled: 'yes' } }],
  ['notification_types that is not an integer', { subscription: { ...email, notification_types: 'on' } }],
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
