import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createMemoryOrderStore } from '../../src/delivery/guards/memory-order-store.js';
import { createRedisOrderStore } from '../../src/redis/index.js';
import { hasRedis, startRedis } from '../redis-server.js';
import { clients, connectIoredis, patiently } from './clients.js';

const value = { digest: '1dk2l8a0x93kq2', atMs: 1_796_083_200_000 };
const hostileNames = [
  ...['__proto__', 'constructor', '', ' ', '🙂', '"; FLUSHALL', '{', '}', '{}', '}{', 'a}b', 'a%b', '%7d.', '\0', '\n'],
  ...['\ud800', '\udfff', '\ufffd', 'user/deleted', 'u'.repeat(100_000)],
];
const names = fc.oneof(
  fc.constantFrom('plan', 'vip', ...hostileNames),
  fc.string({ unit: 'binary', maxLength: 4 }),
  fc.string({ unit: 'grapheme', maxLength: 4 }),
);
const times = fc.oneof(
  fc.integer({ min: 1, max: 5 }),
  fc.integer({ min: 1_796_083_200_000, max: 1_796_083_200_003 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((time) => time + 0),
);
const values = fc.option(fc.record({ digest: fc.constantFrom('a', 'b 1'), atMs: times }), { nil: undefined });
const step = fc.oneof(
  fc.record({ method: fc.constant('record' as const), argument: fc.dictionary(names, times, { maxKeys: 4 }) }),
  fc.record({ method: fc.constant('remember' as const), argument: fc.dictionary(names, values, { maxKeys: 4 }) }),
  fc.record({ method: fc.constant('forget' as const) }),
);

describe.skipIf(!hasRedis).each(clients)('the order store over %s', (_, connect) => {
  test('answers like the in-memory store after any operations', async () => {
    const redis = await connect((await startRedis(['--appendonly', 'no'])).url);
    let run = 0;
    const users = fc.constantFrom('u1', 'u2', ...hostileNames);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(users, step), { maxLength: 12 }), async (steps) => {
        const stores = [createRedisOrderStore(redis, { prefix: `run-${run++}:` }), createMemoryOrderStore()];
        for (const [user, done] of steps)
          for (const store of stores) {
            if (done.method === 'record') await store.record(user, done.argument);
            else if (done.method === 'remember') await store.remember(user, done.argument);
            else await store.forget(user);
          }
        const asked = [...new Set(steps.flatMap(([, done]) => ('argument' in done ? Object.keys(done.argument) : [])))];
        for (const user of ['u1', 'u2', ...steps.map(([one]) => one)]) {
          const [shared, own] = await Promise.all(
            stores.map(async (store) => {
              const [known, accepted] = [await store.newest(user, asked), await store.accepted(user, asked)];
              return asked.map((_, index) => [known[index], accepted[index]]);
            }),
          );
          expect(shared).toEqual(own);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('compares times as numbers, not as strings', async () => {
    const store = createRedisOrderStore(await connect((await startRedis()).url));
    await store.record('u1', { plan: 10, size: 9, age: 1_796_083_200_000 });
    await store.record('u1', { plan: 9, size: 10, age: 999.5 });
    expect(await store.newest('u1', ['plan', 'size', 'age'])).toEqual([10, 10, 1_796_083_200_000]);
  });

  test('keeps names apart that clients would send as the same bytes', async () => {
    const store = createRedisOrderStore(await connect((await startRedis()).url));
    const written = Object.fromEntries(hostileNames.map((name, index) => [name, index]));
    await store.record('u1', written);
    expect(await store.newest('u1', hostileNames)).toEqual(Object.values(written));
    for (const [index, user] of hostileNames.entries()) await store.record(user, { plan: index });
    for (const [index, user] of hostileNames.entries()) expect(await store.newest(user, ['plan'])).toEqual([index]);
  });

  test('accepts more names at once than a script can pass to one command', async () => {
    const store = createRedisOrderStore(await connect((await startRedis()).url));
    const many = Array.from({ length: 20_000 }, (_, index) => `tag_${index}`);
    await store.record('u1', Object.fromEntries(many.map((tag, index) => [tag, index])));
    await store.remember('u1', Object.fromEntries(many.map((tag) => [tag, value])));
    expect(await store.newest('u1', [...many, 'other'])).toEqual([...many.keys(), undefined]);
    expect((await store.accepted('u1', many)).every((one) => one?.digest === value.digest)).toBe(true);
  });

  test('keeps the latest time of many concurrent writers', async () => {
    const { url } = await startRedis();
    const stores = await Promise.all([1, 2, 3].map(async () => createRedisOrderStore(await connect(url))));
    const written = Array.from({ length: 600 }, (_, index) => (index * 7_919) % 1_000);
    await Promise.all(
      written.map((time, index) => stores[index % 3]?.record('u1', { plan: time, [`t${time}`]: time })),
    );
    for (const store of stores) expect(await store.newest('u1', ['plan', 't0'])).toEqual([Math.max(...written), 0]);
  });

  test('a user expires after the last write, and each write restarts the expiry', async () => {
    const { url } = await startRedis();
    const redis = await connectIoredis(url);
    const store = createRedisOrderStore(await connect(url), { prefix: 'o:', ttlMs: 3_600_000 });
    const lifetimes = async () => [await redis.pttl('o:{u1}:times'), await redis.pttl('o:{u1}:values')];
    for (let round = 0; round < 2; round++) {
      await store.record('u1', { plan: 1 });
      await store.remember('u1', { plan: value });
      for (const ms of await lifetimes()) expect(ms).toBeGreaterThan(3_500_000);
      await Promise.all([redis.pexpire('o:{u1}:times', 5_000), redis.pexpire('o:{u1}:values', 5_000)]);
    }
    expect(await redis.keys('*')).toHaveLength(2);
    await store.remember('u1', { plan: undefined });
    await store.remember('u2', { plan: undefined });
    expect(await redis.keys('*')).toEqual(['o:{u1}:times']);
    await createRedisOrderStore(redis).record('u1', { plan: 1 });
    expect(await redis.pttl('segment-onesignal:order:{u1}:times')).toBeGreaterThan(29 * 24 * 3_600_000);
  });

  test('forgets expired and deleted users', async () => {
    const { url } = await startRedis();
    const redis = await connectIoredis(url);
    const store = createRedisOrderStore(await connect(url), { ttlMs: 1 });
    const isEmpty = async () => (await redis.dbsize()) === 0;
    await store.record('u1', { plan: 1 });
    await expect.poll(isEmpty, patiently).toBe(true);
    expect(await store.newest('u1', ['plan'])).toEqual([undefined]);
    const lasting = createRedisOrderStore(redis);
    await lasting.record('u1', { plan: 1 });
    await lasting.remember('u1', { plan: value });
    await lasting.forget('u1');
    expect(await redis.dbsize()).toBe(0);
  });

  test('continues after Redis was restarted or has lost its scripts', async () => {
    const server = await startRedis(['--appendfsync', 'always']);
    const store = createRedisOrderStore(await connect(server.url));
    const trial = async (at: number) => {
      await store.record('u1', { plan: at });
      await store.remember('u1', { plan: { ...value, atMs: at } });
      return [await store.newest('u1', ['plan']), await store.accepted('u1', ['plan'])];
    };
    expect(await trial(5)).toEqual([[5], [{ ...value, atMs: 5 }]]);
    await server.kill();
    await server.start();
    await expect.poll(() => Promise.resolve(store.newest('u1', ['plan'])).catch(String), patiently).toEqual([5]);
    expect(await trial(4)).toEqual([[5], [{ ...value, atMs: 4 }]]);
    await (await connectIoredis(server.url)).script('FLUSH');
    expect(await trial(6)).toEqual([[6], [{ ...value, atMs: 6 }]]);
  });

  test('rejects in every method if Redis refuses', async () => {
    const server = await startRedis(['--maxmemory', '1', '--maxmemory-policy', 'noeviction']);
    const store = createRedisOrderStore(await connect(server.url));
    await expect(store.record('u1', { plan: 1 })).rejects.toThrow('OOM');
    await expect(store.remember('u1', { plan: value })).rejects.toThrow('OOM');
    const redis = await connectIoredis(server.url);
    await redis.config('SET', 'maxmemory', '0');
    await redis.mset('segment-onesignal:order:{u1}:times', 'x', 'segment-onesignal:order:{u1}:values', 'x');
    await expect(store.record('u1', { plan: 1 })).rejects.toThrow('WRONGTYPE');
    await expect(store.newest('u1', ['plan'])).rejects.toThrow('WRONGTYPE');
    await expect(store.accepted('u1', ['plan'])).rejects.toThrow('WRONGTYPE');
    await redis.config('SET', 'min-replicas-to-write', '1');
    await expect(store.forget('u1')).rejects.toThrow('NOREPLICAS');
  });
});
