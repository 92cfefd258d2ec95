import { expect, test } from 'vitest';
import { startSandbox } from '../sandbox-server.js';
import { apiOf, app } from './api.js';

const user = `${app}/users/by/external_id/u1`;

test.each(['Key k1', 'key k1', 'KEY k1', 'Basic k1', 'basic k1'])('%s is accepted', async (authorization) => {
  const { sandbox } = await startSandbox({ apiKey: 'k1' });
  sandbox.addUser({ externalId: 'u1' });
  expect((await apiOf(sandbox, { authorization })('GET', user)).status).toBe(200);
});

const accessDenied = {
  errors: [
    "Access denied.  Please include an 'Authorization: ...' header with a valid API key (https://documentation.onesignal.com/docs/en/keys-and-ids#api-keys).",
  ],
};

test.each(['Key k2', 'Bearer k1', 'k1', 'Key  k1 k1'])('%s is a 403 with OneSignal’s text', async (authorization) => {
  const { sandbox } = await startSandbox({ apiKey: 'k1' });
  const call = apiOf(sandbox, { authorization });
  for (const [method, path, body] of [
    ['GET', user],
    ['GET', `${app}/segments`],
    ['POST', `${app}/custom_events`, { events: [{ name: 'a', external_id: 'u1' }] }],
  ] as const) {
    const answer = await call(method, path, body);
    expect(answer.status).toBe(403);
    expect(answer.body).toEqual(accessDenied);
  }
});

test('each endpoint reports a missing key in its own way', async () => {
  const { sandbox } = await startSandbox({ apiKey: 'k1' });
  const call = apiOf(sandbox);
  expect(await call('GET', user)).toMatchObject({
    status: 401,
    body: { errors: [{ code: 'auth-1', title: "This operation requires 'Authorization' in the HTTP header" }] },
  });
  expect(await call('GET', `${app}/segments/${app.slice(6)}`)).toMatchObject({
    status: 400,
    body: { errors: ['Please include a case-sensitive header of Authorization'] },
  });
  const events = await call('POST', `${app}/custom_events`, { events: [{ name: 'a', external_id: 'u1' }] });
  expect(events).toMatchObject({ status: 401, body: '' });
  expect(events.headers.get('content-type')).toBe('text/plain');
});

test('an app id that is not a UUID is a 400 on every endpoint', async () => {
  const { sandbox } = await startSandbox({}, { validate: false });
  expect(await apiOf(sandbox)('GET', '/apps/my-app/users/by/external_id/u1')).toMatchObject({
    status: 400,
    body: { errors: ['Request is malformed: Failed to parse app_id from request'] },
  });
});

test('only the path matters, not the host, with or without /api/v1', async () => {
  const { sandbox, url } = await startSandbox();
  sandbox.addUser({ externalId: 'u1' });
  for (const base of ['https://onesignal.com/api/v1', 'http://localhost:1', `${url}/api/v1`, url])
    expect((await (base.startsWith(url) ? fetch : sandbox.fetch)(`${base}${user}`)).status).toBe(200);
  expect(sandbox.requests().map(({ path }) => path)).toEqual([user, user, user, user]);
});

test('the request log contains the status and body, but no key', async () => {
  const { sandbox } = await startSandbox({ apiKey: 'secret-key' });
  await apiOf(sandbox, { authorization: 'Key secret-key' })('PATCH', user, { properties: { tags: { a: '1' } } });
  expect(sandbox.requests()).toEqual([
    { method: 'PATCH', path: user, body: { properties: { tags: { a: '1' } } }, at: expect.any(Number), status: 404 },
  ]);
  expect(JSON.stringify(sandbox.requests())).not.toContain('secret-key');
});
