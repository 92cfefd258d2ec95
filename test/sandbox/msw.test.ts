import { http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSandbox } from '../../src/sandbox/index.js';
import { apiOf, app } from './api.js';

const sandbox = createSandbox({ unknownUsers: 'known' });
const server = setupServer(
  http.all('https://api.onesignal.com/*', ({ request }) => sandbox.fetch(request).catch(() => Response.error())),
);
beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
afterAll(() => server.close());

const path = `${app}/users/by/external_id/u1`;

test('inside an msw handler, it answers every call to OneSignal', async () => {
  const call = apiOf({ ...sandbox, fetch: globalThis.fetch });
  expect((await call('PATCH', path, { properties: { tags: { a: '1' } } })).status).toBe(202);
  expect(sandbox.user('u1')?.tags).toEqual({ a: '1' });
});

test('inside an msw handler, a dropped connection is a network error', async () => {
  sandbox.fail({ drop: 'before', times: 1 });
  await expect(fetch(`https://api.onesignal.com${path}`)).rejects.toBeInstanceOf(TypeError);
});
