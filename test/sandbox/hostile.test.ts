import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSandbox } from '../../src/sandbox/index.js';
import { apiOf, app } from './api.js';

const routes = [
  ['POST', `${app}/users`],
  ['PATCH', `${app}/users/by/external_id/u1`],
  ['PATCH', `${app}/users/by/external_id/u1/identity`],
  ['POST', `${app}/users/by/external_id/u1/subscriptions`],
  ['PATCH', `${app}/subscriptions/1`],
  ['PATCH', `${app}/subscriptions/1/owner`],
  ['PATCH', `${app}/subscriptions_by_token/Email/a`],
  ['POST', `${app}/segments`],
  ['PATCH', `${app}/segments/1`],
  ['POST', `${app}/custom_events`],
] as const;

const fields = [
  'identity',
  'properties',
  'tags',
  'subscriptions',
  'subscription',
  'deltas',
  'purchases',
  'filters',
  'events',
  'name',
  'external_id',
];
const { tree: anything } = fc.letrec((tie) => ({
  tree: fc.oneof({ depthSize: 'small' }, fc.jsonValue(), tie('object'), fc.array(tie('tree'), { maxLength: 3 })),
  object: fc.dictionary(fc.oneof(fc.constantFrom(...fields, '__proto__'), fc.string()), tie('tree'), { maxKeys: 5 }),
}));

test('any JSON gets an answer, and never an error of the sandbox itself', async () => {
  const sandbox = createSandbox();
  sandbox.addUser({ externalId: 'u1' });
  const call = apiOf(sandbox);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...routes), anything, async ([method, path], body) => {
      const { status } = await call(method, path, JSON.stringify(body) ?? 'null');
      expect(status).toBeLessThan(500);
    }),
    { numRuns: 1_000 },
  );
  sandbox.users();
  sandbox.segments();
  sandbox.customEvents();
  sandbox.requests();
});

test.each(routes)('%s %s answers a body that is not JSON with a 400', async (method, path) => {
  const call = apiOf(createSandbox());
  for (const body of ['', '{', 'null', '[]', '"text"', '\u0000'])
    expect((await call(method, path, body)).status).toBe(400);
});

test.each(routes)('%s %s answers a body nested a hundred thousand levels deep', async (method, path) => {
  const sandbox = createSandbox();
  sandbox.addUser({ externalId: 'u1' });
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const call = apiOf(sandbox);
  expect((await call(method, path, deep)).status).toBe(400);
  const properties = `{"events":[{"name":"a","external_id":"u1","properties":{"a":${deep}}}]}`;
  expect((await call(method, path, properties)).status).toBeLessThan(500);
  expect(sandbox.requests()).toHaveLength(2);
});

test('deeply nested filters do not break the endpoints that read them', async () => {
  const sandbox = createSandbox();
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const body = `{"name":"a","filters":[{"field":"tag","key":"k","relation":"=","value":"v","more":${deep}}]}`;
  const call = apiOf(sandbox);
  expect((await call('POST', `${app}/segments`, body)).status).toBe(201);
  const [segment] = sandbox.segments();
  expect(segment?.filters).toEqual([{ field: 'tag', key: 'k', relation: '=', value: 'v' }]);
  expect((await call('GET', `${app}/segments/${segment?.id}?include-segment-detail=true`)).status).toBe(200);
});

test('an endless body is read no further than necessary', async () => {
  const sandbox = createSandbox();
  let produced = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      produced += 1;
      controller.enqueue(new Uint8Array(1_000_000));
    },
  });
  const init: RequestInit = { method: 'POST', body, duplex: 'half' };
  expect((await sandbox.fetch(`https://a${app}/users`, init)).status).toBe(413);
  expect(produced).toBeLessThan(10);
});

test.each([
  ['%', 400],
  ['%ff', 400],
  ['', 404],
  ['a/b/c/d', 404],
])('a path that ends in %j is a %i', async (end, status) => {
  const { fetch } = createSandbox();
  expect((await fetch(`https://a${app}/users/by/external_id/${end}`)).status).toBe(status);
});

test.each(['PUT', 'HEAD', 'OPTIONS'])('OneSignal does not support the method %s', async (method) => {
  const { fetch } = createSandbox();
  expect((await fetch(`https://a${app}/segments`, { method })).status).toBe(404);
});

test('one sandbox knows nothing about another', async () => {
  const [one, other] = [createSandbox(), createSandbox()];
  one.addUser({ externalId: 'u1' });
  expect(other.users()).toEqual([]);
});
