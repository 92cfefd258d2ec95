import { expect, test } from 'vitest';
import { startSandbox } from '../sandbox-server.js';
import { apiOf, app } from './api.js';

const identity = `${app}/users/by/external_id/u1/identity`;

test('aliases are added, replaced, read and deleted', async () => {
  const { sandbox } = await startSandbox();
  sandbox.addUser({ externalId: 'u1' });
  const call = apiOf(sandbox);
  expect(await call('PATCH', identity, { identity: { crm: '7' } })).toMatchObject({
    status: 200,
    body: { identity: { crm: '7' } },
  });
  await call('PATCH', identity, { identity: { crm: '8' } });
  expect((await call('GET', `${app}/users/by/crm/7`)).status).toBe(404);
  expect(await call('GET', `${app}/users/by/crm/8/identity`)).toMatchObject({
    status: 200,
    body: { identity: { external_id: 'u1', crm: '8', onesignal_id: expect.any(String) } },
  });
  expect((await call('DELETE', `${identity}/crm`)).status).toBe(200);
  expect((await call('DELETE', `${identity}/crm`)).status).toBe(404);
  expect(sandbox.user('u1')?.aliases).toEqual({});
});

test('an alias of another user is a 409 that names it, and no alias is added', async () => {
  const { sandbox } = await startSandbox();
  sandbox.addUser({ externalId: 'u1' });
  sandbox.addUser({ externalId: 'u2', aliases: { crm: '7' } });
  expect(await apiOf(sandbox)('PATCH', identity, { identity: { other: '1', crm: '7' } })).toMatchObject({
    status: 409,
    body: { errors: [{ code: 'user-2', meta: { crm: '7' } }] },
  });
  expect(sandbox.user('u1')?.aliases).toEqual({});
});

test.each([
  ['a label that is too long', { ['l'.repeat(129)]: '1' }],
  ['an id that is too long', { crm: 'i'.repeat(129) }],
  ['white space', { crm: 'a b' }],
  ['a slash', { crm: 'a/b' }],
  ['two dots', { crm: 'a..b' }],
  ['an empty id', { crm: '' }],
  ['more than ten aliases', Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`label${index}`, '1']))],
  ['another onesignal_id', { onesignal_id: '11111111-2222-4333-8444-555555555555' }],
])('an alias request with %s is a 400', async (_what, aliases) => {
  const { sandbox } = await startSandbox();
  sandbox.addUser({ externalId: 'u1' });
  expect((await apiOf(sandbox)('PATCH', identity, { identity: aliases })).status).toBe(400);
});

test('an onesignal_id that is not a UUID is reported as such', async () => {
  const { sandbox } = await startSandbox();
  expect(await apiOf(sandbox)('GET', `${app}/users/by/onesignal_id/123`)).toMatchObject({
    status: 400,
    body: { errors: [{ code: 'request-1', title: 'Invalid UUID', meta: { onesignal_id: '123' } }] },
  });
});

test('the 128 characters are counted as code points', async () => {
  const { sandbox } = await startSandbox();
  sandbox.addUser({ externalId: 'u1' });
  const call = apiOf(sandbox);
  expect((await call('PATCH', identity, { identity: { crm: '😀'.repeat(128) } })).status).toBe(200);
  expect((await call('PATCH', identity, { identity: { crm: '😀'.repeat(129) } })).status).toBe(400);
});
