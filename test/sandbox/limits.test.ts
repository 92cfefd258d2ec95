import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startSandbox } from '../sandbox-server.js';
import { apiOf, app } from './api.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const refusal = {
  status: 429,
  body: { errors: [{ code: 'Rate Limit Exceeded', title: 'API rate limit exceeded' }] },
};

async function start() {
  const { sandbox } = await startSandbox({ rateLimits: true, unknownUsers: 'known' });
  const call = apiOf(sandbox);
  return { sandbox, call, set: (id: string) => call('PATCH', `${app}/users/by/external_id/${id}`, { properties: {} }) };
}

test('a user can be written to once per second, by any alias and endpoint, and others are not affected', async () => {
  const { sandbox, call, set } = await start();
  sandbox.addUser({ externalId: 'u1', aliases: { crm: '7' } });
  expect((await set('u1')).status).toBe(202);
  const refused = await call('PATCH', `${app}/users/by/crm/7`, { properties: {} });
  expect(refused).toMatchObject(refusal);
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(await call('POST', `${app}/users`, { identity: { external_id: 'u1' } })).toMatchObject(refusal);
  expect((await set('u2')).status).toBe(202);
  vi.advanceTimersByTime(999);
  expect(await set('u1')).toMatchObject(refusal);
  vi.advanceTimersByTime(1);
  expect((await set('u1')).status).toBe(202);
});

test('creating a user counts as a write to it, and so does updating a missing user', async () => {
  const { sandbox } = await startSandbox({ rateLimits: true });
  const call = apiOf(sandbox);
  const upsert = () => call('POST', `${app}/users`, { identity: { crm: '7', external_id: 'u1' } });
  const update = () => call('PATCH', `${app}/users/by/external_id/u1`, { properties: {} });
  const remove = () => call('DELETE', `${app}/users/by/external_id/u1`);
  expect((await update()).status).toBe(404);
  expect(await upsert()).toMatchObject(refusal);
  vi.advanceTimersByTime(1_000);
  expect((await upsert()).status).toBe(200);
  expect(await update()).toMatchObject(refusal);
  vi.advanceTimersByTime(1_000);
  expect((await remove()).status).toBe(202);
  expect(await upsert()).toMatchObject(refusal);
});

test('an alias that has moved to another user does not count for both', async () => {
  const { sandbox } = await startSandbox({ rateLimits: true });
  sandbox.addUser({ externalId: 'u1', aliases: { crm: '7' } });
  const call = apiOf(sandbox);
  expect((await call('DELETE', `${app}/users/by/external_id/u1`)).status).toBe(202);
  expect((await call('POST', `${app}/users`, { identity: { external_id: 'u2', crm: '7' } })).status).toBe(200);
});

test('an app can be written to 1,000 times in any second, and refused requests do not count', async () => {
  const { set } = await start();
  for (let index = 0; index < 500; index += 1) await set(`a${index}`);
  vi.advanceTimersByTime(500);
  for (let index = 0; index < 500; index += 1) await set(`b${index}`);
  expect(await set('c')).toMatchObject(refusal);
  vi.advanceTimersByTime(500);
  for (let index = 0; index < 500; index += 1) expect((await set(`d${index}`)).status).toBe(202);
  expect(await set('e')).toMatchObject(refusal);
});

test('an app can be read from once per second', async () => {
  const { sandbox, call } = await start();
  sandbox.addUser({ externalId: 'u1' });
  const view = () => call('GET', `${app}/users/by/external_id/u1`);
  expect((await view()).status).toBe(200);
  expect(await view()).toMatchObject(refusal);
  vi.advanceTimersByTime(1_000);
  expect((await view()).status).toBe(200);
});
