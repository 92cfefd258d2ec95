import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createRedisOrderStore } from '../../examples/redis-order-store/redis-order-store.js';
import { createDestination, createOneSignalTransport } from '../../src/index.js';
import { hasRedis, startRedis } from '../redis-server.js';
import { startSandbox } from '../sandbox-server.js';

describe.skipIf(!hasRedis)('on a real Redis', () => {
  let redis: Redis;
  beforeEach(async () => {
    redis = new Redis((await startRedis()).url);
  });
  afterEach(() => {
    redis.disconnect();
  });

  test('keeps the later time of each tag, and returns them in the order requested', async () => {
    const store = createRedisOrderStore(redis);
    await store.record('u1', { plan: 200, size: 200 });
    await store.record('u1', { plan: 100, size: 300, colour: 1 });
    expect(await store.newest('u1', ['colour', 'plan', 'nothing', 'size'])).toEqual([1, 200, undefined, 300]);
    expect(await store.newest('u2', ['plan'])).toEqual([undefined]);
  });

  test('any tag key is treated as data', async () => {
    const store = createRedisOrderStore(redis);
    const written = Object.fromEntries(
      ['__proto__', 'constructor', '', ' ', '🙂', '"; FLUSHALL'].map((key) => [key, 5]),
    );
    await store.record('u1', written);
    expect(await store.newest('u1', Object.keys(written))).toEqual(Object.values(written));
  });

  test('the latest time wins among many concurrent writers', async () => {
    const stores = [createRedisOrderStore(redis), createRedisOrderStore(redis)];
    const times = Array.from({ length: 200 }, (_, index) => (index * 7_919) % 1_000);
    await Promise.all(times.map((time, index) => stores[index % 2]?.record('u1', { plan: time })));
    expect(await stores[0]?.newest('u1', ['plan'])).toEqual([Math.max(...times)]);
  });

  test('forgets a deleted user, and every user after the time to live', async () => {
    const store = createRedisOrderStore(redis, { prefix: 'o:', ttlMs: 3_600_000 });
    await store.record('u1', { plan: 1 });
    expect(await redis.pttl('o:u1')).toBeGreaterThan(3_500_000);
    await store.forget('u1');
    expect(await store.newest('u1', ['plan'])).toEqual([undefined]);
  });

  test('a late event in one process cannot overwrite a newer value of another', async () => {
    const { sandbox, url } = await startSandbox({ unknownUsers: 'known' });
    const [first, second] = ['1', '2'].map(() =>
      createDestination({
        appId: '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a',
        transport: createOneSignalTransport({ apiKey: 'os_v2_app_key', baseUrl: url }),
        delivery: { order: createRedisOrderStore(redis) },
      }),
    );
    const event = (timestamp: string, traits: Record<string, unknown>) => ({
      type: 'identify',
      userId: 'u1',
      traits,
      timestamp,
    });
    await first?.deliver([event('2024-01-02T00:00:00Z', { vip: null, plan: 'new' })]);
    const late = await second?.deliver([event('2024-01-01T00:00:00Z', { vip: true, plan: 'old', size: 'xl' })]);
    expect(late).toMatchObject([{ status: 'delivered', dropped: [{ reason: 'stale' }, { reason: 'stale' }] }]);
    expect(sandbox.user('u1')?.tags).toEqual({ plan: 'new', size: 'xl' });
  });
});
