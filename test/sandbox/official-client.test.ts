import * as OneSignal from '@onesignal/node-onesignal';
import { expect, test } from 'vitest';
import { startSandbox } from '../sandbox-server.js';

/** OneSignal's own client, which the sandbox must be able to serve. */
const appId = '11111111-2222-4333-8444-555555555555';

async function start(options: Parameters<typeof startSandbox>[0] = {}) {
  const { sandbox, url } = await startSandbox({ apiKey: 'test-key', ...options });
  const clientWith = (restApiKey: string) =>
    new OneSignal.DefaultApi(
      OneSignal.createConfiguration({ restApiKey, baseServer: new OneSignal.ServerConfiguration(url, {}) }),
    );
  return { sandbox, client: clientWith('test-key'), clientWith };
}

const failureOf = async (call: Promise<unknown>) => {
  const failure: unknown = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(failure instanceof OneSignal.ApiException)) throw new Error(`no ApiException: ${String(failure)}`);
  return failure;
};

test('a user is created, updated, viewed and deleted', async () => {
  const { sandbox, client } = await start();
  const created = await client.createUser(appId, {
    identity: { external_id: 'u1' },
    properties: { tags: { plan: 'free' }, language: 'en' },
    subscriptions: [{ type: 'Email', token: 'ada@example.org' }],
  });
  expect(created.identity).toMatchObject({ external_id: 'u1', onesignal_id: expect.any(String) });
  expect(created.subscriptions).toMatchObject([{ type: 'Email', token: 'ada@example.org' }]);

  const updated = await client.updateUser(appId, 'external_id', 'u1', {
    properties: { tags: { plan: 'pro' } },
    deltas: { session_count: 1, purchases: [{ sku: 'x', amount: '9.99', iso: 'USD' }] },
  });
  expect(updated.properties).toMatchObject({ tags: { plan: 'pro' } });

  const viewed = await client.getUser(appId, 'external_id', 'u1');
  expect(viewed.properties).toMatchObject({ tags: { plan: 'pro' }, language: 'en' });
  expect(viewed.identity).toMatchObject({ external_id: 'u1' });

  await client.deleteUser(appId, 'external_id', 'u1');
  expect(sandbox.users()).toEqual([]);
});

test('aliases are added, read and deleted', async () => {
  const { sandbox, client } = await start();
  sandbox.addUser({ externalId: 'u1' });
  expect((await client.createAlias(appId, 'external_id', 'u1', { identity: { crm: '7' } })).identity).toMatchObject({
    crm: '7',
  });
  expect((await client.getAliases(appId, 'crm', '7')).identity).toMatchObject({ external_id: 'u1', crm: '7' });
  await client.deleteAlias(appId, 'external_id', 'u1', 'crm');
  expect(sandbox.user('u1')?.aliases).toEqual({});
});

test('a subscription is created, changed by id and by token, moved and deleted', async () => {
  const { sandbox, client } = await start();
  sandbox.addUser({ externalId: 'u1' });
  sandbox.addUser({ externalId: 'u2' });
  const subscription = { type: 'Email' as const, token: 'ada@example.org' };
  await client.createSubscription(appId, 'external_id', 'u1', { subscription });
  const [viewed] = (await client.getUser(appId, 'external_id', 'u1')).subscriptions ?? [];
  const id = viewed?.id ?? 'none';
  await client.updateSubscription(appId, id, { subscription: { enabled: false } });
  await client.updateSubscriptionByToken(appId, 'Email', subscription.token, { subscription: { enabled: true } });
  const moved = await client.transferSubscription(appId, id, { identity: { external_id: 'u2' } });
  expect(moved.identity).toMatchObject({ external_id: 'u2' });
  expect(sandbox.user('u2')?.subscriptions).toMatchObject([subscription]);
  await client.deleteSubscription(appId, id);
  expect(sandbox.user('u2')?.subscriptions).toEqual([]);
});

test('a segment is created, viewed, listed, renamed and deleted', async () => {
  const { sandbox, client } = await start();
  sandbox.addUser({ externalId: 'u1', tags: { plan: 'pro' } });
  const { id, success } = await client.createSegment(appId, {
    name: 'Pros',
    filters: [
      { field: 'tag', key: 'plan', relation: '=', value: 'pro' },
      { operator: 'OR' },
      { field: 'country', relation: '=', value: 'AT' },
    ],
  });
  expect(success).toBe(true);
  expect(sandbox.segments()).toMatchObject([{ id, name: 'Pros', members: ['u1'] }]);

  const viewed = await client.getSegment(appId, id ?? '', true);
  expect(viewed).toMatchObject({ subscriber_count: 0, payload: { name: 'Pros', source: 'custom' } });
  expect(viewed.payload?.filters).toHaveLength(3);
  const listed = await client.getSegments(appId, 0, 10);
  expect(listed).toMatchObject({
    total_count: 1,
    offset: 0,
    limit: 10,
    segments: [{ id, name: 'Pros', is_active: true }],
  });

  expect((await client.updateSegment(appId, id ?? '', { name: 'Professionals' })).success).toBe(true);
  expect((await client.deleteSegment(appId, id ?? '')).success).toBe(true);
  expect(sandbox.segments()).toEqual([]);
});

test('custom events arrive, although the client sends payload where the documentation has properties', async () => {
  const { sandbox, client } = await start();
  sandbox.addUser({ externalId: 'u1' });
  const answer = await client.createCustomEvents(appId, {
    events: [
      { name: 'purchase', external_id: 'u1', payload: { price: 24.99 } },
      { name: 'purchase', external_id: 'nobody' },
    ],
  });
  expect(answer).toMatchObject({ errors: [{ event_user_id: 'nobody', error: { code: 'not found' } }] });
  expect(sandbox.customEvents()).toMatchObject([{ name: 'purchase', external_id: 'u1', properties: { price: 24.99 } }]);
});

test('the client understands the status, text and headers of errors', async () => {
  const { sandbox, client, clientWith } = await start({ tagLimit: 1, segmentLimit: 0 });
  sandbox.addUser({ externalId: 'u1', tags: { a: '1' } });
  const update = { properties: { tags: { b: '2' } } };

  const missing = await failureOf(client.getUser(appId, 'external_id', 'nobody'));
  expect(missing).toMatchObject({ code: 404 });
  expect(missing.errorMessages).toHaveLength(1);

  const capped = await failureOf(client.updateUser(appId, 'external_id', 'u1', update));
  expect(capped).toMatchObject({ code: 409 });
  expect(capped.errorMessages).toEqual([expect.stringContaining('exceed the limit')]);

  const filters = [{ field: 'tag', key: 'a', relation: '=' as const, value: '1' }];
  const full = await failureOf(client.createSegment(appId, { name: 'n', filters }));
  expect(full).toMatchObject({ code: 422 });
  expect(full.errorMessages).toEqual(['You have reached the maximum number of segments allowed for your plan.']);

  const locked = await failureOf(clientWith('wrong').getUser(appId, 'external_id', 'u1'));
  expect(locked).toMatchObject({ code: 403 });
  expect(locked.errorMessages).toEqual([OneSignal.OneSignalErrors.INVALID_API_KEY]);

  sandbox.fail({
    status: 429,
    headers: { 'retry-after': '7' },
    body: { errors: ['API rate limit exceeded'] },
    times: 1,
  });
  const limited = await failureOf(client.updateUser(appId, 'external_id', 'u1', update));
  expect(limited).toMatchObject({ code: 429, headers: { 'retry-after': '7' } });

  sandbox.fail({ status: 503, times: 1 });
  const away = await failureOf(client.updateUser(appId, 'external_id', 'u1', update));
  expect(away.errorMessages).toEqual([OneSignal.OneSignalErrors.SERVICE_UNAVAILABLE]);
});
