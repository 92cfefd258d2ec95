import { expect, test } from 'vitest';
import { checkRedis, createRedisOrderStore, createRedisSeenStore } from '../../src/redis/index.js';

/** Calls as JavaScript code does, where no compiler checks the arguments. */
const call = (target: (...args: never) => unknown, ...args: unknown[]): Promise<unknown> =>
  new Promise((resolve) => resolve(Reflect.apply(target, undefined, args)));
const refused = (option: string, message: string) =>
  expect.objectContaining({ name: 'ConfigurationError', option, message });
const redis = { evalSha: async () => null, eval: async () => null, info: async () => '' };
const functions = [createRedisOrderStore, createRedisSeenStore, checkRedis];

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['a URL', 'redis://127.0.0.1:6379'],
  ['a client from another package', { evalsha: async () => null, eval: async () => null, info: async () => '' }],
])('%s instead of a client is refused', async (_, client) => {
  const message = '"redis" must be a client of ioredis 5 or newer, or of node-redis 4 or newer.';
  for (const target of functions) await expect(call(target, client)).rejects.toEqual(refused('redis', message));
});

test.each<[unknown, string, string]>([
  [{ ttl: 5 }, 'ttl', 'Unknown option "ttl". Known options: prefix, ttlMs.'],
  [{ prefx: 'a' }, 'prefx', 'Unknown option "prefx". Did you mean "prefix"?'],
  [{ ttlMs: 0 }, 'ttlMs', '"ttlMs" must be an integer ≥ 1.'],
  [{ ttlMs: '5' }, 'ttlMs', '"ttlMs" must be an integer ≥ 1.'],
  [{ ttlMs: 1e300 }, 'ttlMs', '"ttlMs" must be an integer ≥ 1.'],
  [{ prefix: 5 }, 'prefix', '"prefix" must be a string without braces.'],
  [{ prefix: '{app}:' }, 'prefix', '"prefix" must be a string without braces.'],
  ['app:', 'options', '"options" must be an object.'],
])('the stores refuse %j', async (options, option, message) => {
  for (const target of [createRedisOrderStore, createRedisSeenStore])
    await expect(call(target, redis, options)).rejects.toEqual(refused(option, message));
});

test('checkRedis refuses options that it does not have', async () => {
  await expect(call(checkRedis, redis, { stric: true })).rejects.toEqual(
    refused('stric', 'Unknown option "stric". Did you mean "strict"?'),
  );
  await expect(call(checkRedis, redis, { strict: 'yes' })).rejects.toEqual(
    refused('strict', '"strict" must be true or false.'),
  );
});

test('options that are undefined count as absent', () => {
  for (const target of [createRedisOrderStore, createRedisSeenStore])
    expect(() => target(redis, { prefix: undefined, ttlMs: undefined })).not.toThrow();
});

test('an answer without one value per name is an error', async () => {
  for (const answer of [null, 'OK', []]) {
    const store = createRedisOrderStore({ ...redis, evalSha: async () => answer });
    await expect(store.newest('u1', ['plan'])).rejects.toThrow('Redis answered a read of the order store');
  }
});

test('answers may be buffers', async () => {
  const store = createRedisOrderStore({ ...redis, evalSha: async () => [Buffer.from('5 ab'), null] });
  expect(await store.accepted('u1', ['plan', 'size'])).toEqual([{ digest: 'ab', atMs: 5 }, undefined]);
});
