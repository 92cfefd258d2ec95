import { describe, expect, test } from 'vitest';
import { startSandbox } from '../sandbox-server.js';
import { apiOf, app } from './api.js';

const path = `${app}/users/by/external_id/u1`;
const count = (from: number, to: number) =>
  Object.fromEntries(Array.from({ length: to - from }, (_, index) => [`t${from + index}`, '1']));

async function withTags(tags: Record<string, string>, tagLimit?: number) {
  const { sandbox } = await startSandbox(tagLimit === undefined ? {} : { tagLimit });
  sandbox.addUser({ externalId: 'u1', tags });
  const call = apiOf(sandbox);
  return {
    set: (change: Record<string, unknown>) => call('PATCH', path, { properties: { tags: change } }),
    upsert: (change: Record<string, unknown>) =>
      call('POST', `${app}/users`, { identity: { external_id: 'u1' }, properties: { tags: change } }),
    tags: () => sandbox.user('u1')?.tags,
  };
}

test('an empty string removes a tag, and keys that are not mentioned stay', async () => {
  const { set, tags } = await withTags({ a: '1', b: '2' });
  expect((await set({ a: '' })).status).toBe(202);
  expect(tags()).toEqual({ b: '2' });
});

test('numbers and booleans become strings', async () => {
  const { set, tags } = await withTags({});
  expect((await set({ n: 42, b: true })).status).toBe(202);
  expect(tags()).toEqual({ n: '42', b: 'true' });
});

test.each([
  ['an object', {}],
  ['an array', []],
  ['null', null],
])('%s as a tag value is a 400, and nothing is set', async (_what, value) => {
  const { set, tags } = await withTags({});
  expect(await set({ good: '1', bad: value })).toMatchObject({
    status: 400,
    body: { errors: [{ code: expect.any(String) }] },
  });
  expect(tags()).toEqual({});
});

test('__proto__ and constructor are tags like any other', async () => {
  const { set, tags } = await withTags({});
  const hostile: Record<string, string> = JSON.parse('{"__proto__":"1","constructor":"2"}');
  await set(hostile);
  expect(tags()).toStrictEqual(hostile);
  expect(Object.keys(tags() ?? {})).toEqual(['__proto__', 'constructor']);
});

test('OneSignal does not document that it refuses reserved keys, so they are accepted', async () => {
  const { set } = await withTags({});
  expect((await set({ message: '1', user: '2' })).status).toBe(202);
});

test('100 updates per request are accepted, and 101 are a 400 with the documented text', async () => {
  const { set, tags } = await withTags({});
  expect((await set(count(0, 100))).status).toBe(202);
  expect(await set(count(100, 201))).toMatchObject({
    status: 400,
    body: { errors: [{ title: 'Please limit your tag updates to 100 per request' }] },
  });
  expect(Object.keys(tags() ?? {})).toHaveLength(100);
});

describe.each(['set', 'upsert'] as const)('%s', (request) => {
  test.each([
    ['19 tags and 1 new', 19, count(19, 20), 202],
    ['19 tags and 2 new', 19, count(19, 21), 409],
    ['20 tags and 1 new', 20, count(20, 21), 409],
    ['20 tags that change', 20, { t0: '2', t1: '2' }, 202],
    ['20 tags, one removed and one new', 20, { t0: '', t20: '1' }, 409],
    ['20 tags, one removed', 20, { t0: '' }, 202],
    ['18 tags, one removed and 2 new', 18, { t0: '', t20: '1', t21: '1' }, 202],
    ['19 tags, one removed and 2 new', 19, { t0: '', t20: '1', t21: '1' }, 409],
    ['20 tags, an unknown one removed', 20, { t20: '' }, 202],
    ['20 tags that change, and 1 new', 20, { t0: '2', t20: '1' }, 409],
    ['25 tags that change', 25, { t0: '2', t24: '2' }, 202],
    ['25 tags, one removed', 25, { t0: '' }, 202],
  ])('at a limit of 20, as in the worked example of the documentation: %s', async (_what, has, change, status) => {
    const { [request]: send, tags } = await withTags(count(0, has), 20);
    const answer = await send(change);
    expect(answer.status).toBe(status);
    if (status === 202) return;
    expect(answer.body).toMatchObject({ errors: [{ code: 'entitlements-tag-limit' }] });
    expect(tags()).toEqual(count(0, has));
  });
});

test('the limit also applies to a new user, which is then not created', async () => {
  const { sandbox } = await startSandbox({ tagLimit: 1 });
  const answer = await apiOf(sandbox)('POST', `${app}/users`, {
    identity: { external_id: 'u1' },
    properties: { tags: { a: '1', b: '2' } },
  });
  expect(answer.status).toBe(409);
  expect(sandbox.users()).toEqual([]);
});

test('a user with a tag that is not a string is not added', async () => {
  const { sandbox } = await startSandbox();
  expect(() => Reflect.apply(sandbox.addUser, undefined, [{ externalId: 'u1', tags: { seats: 5 } }])).toThrow(
    expect.objectContaining({ option: 'tags.seats', message: '"tags.seats" must be a string.' }),
  );
  expect(sandbox.users()).toEqual([]);
});
