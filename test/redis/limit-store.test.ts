import { describe, expect, test, vi } from 'vitest';
import { createDestination, type Transport } from '../../src/index.js';
import { createRedisLimitStore } from '../../src/redis/index.js';
import { hasRedis, startRedis } from '../redis-server.js';
import { clients, connectIoredis, patiently } from './clients.js';

const appId = '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a';
const identify = (index: number) => ({ type: 'identify', userId: `u${index}`, traits: { plan: 'pro' } });

describe.skipIf(!hasRedis).each(clients)('the limit store over %s', (_, connect) => {
  test('spaces the requests of all processes evenly, and reserves only the near future', async () => {
    const { url } = await startRedis();
    const stores = await Promise.all(
      [1, 2].map(async () => createRedisLimitStore(await connect(url), { requestsPerSecond: 10 })),
    );
    const reserved = [];
    for (const store of [...stores, ...stores]) reserved.push(await store.reserve(2));
    // A slot every 100 ms, at most 200 ms ahead.
    expect(reserved.reduce((count, { afterMs }) => count + afterMs.length, 0)).toBeGreaterThanOrEqual(3);
    for (const { afterMs } of reserved) for (const ms of afterMs) expect(ms).toBeLessThanOrEqual(200);
    const full = reserved.find(({ afterMs }) => afterMs.length === 0);
    if (full !== undefined) expect(full.retryAfterMs).toBeLessThanOrEqual(200);
    const unlimited = createRedisLimitStore(await connect(url), { prefix: 'u:', requestsPerSecond: Infinity });
    expect((await unlimited.reserve(50)).afterMs).toEqual(new Array(50).fill(0));
  });

  test('shares the pause after a refused key and the tag limit, until they are outdated', async () => {
    const { url } = await startRedis();
    const [one, other] = [createRedisLimitStore(await connect(url)), createRedisLimitStore(await connect(url))];
    await one.share({ tagsRefused: { count: 11, forMs: 600_000 } });
    await other.share({ tagsRefused: { count: 21, forMs: 600_000 } });
    expect((await other.reserve(1)).tagsRefused).toMatchObject({ count: 11 });
    await other.share({ tagsAccepted: 10 });
    expect((await one.reserve(1)).tagsRefused).toMatchObject({ count: 11 });
    await other.share({ tagsAccepted: 11 });
    expect((await one.reserve(1)).tagsRefused).toBeUndefined();
    await one.share({ keyRefusedForMs: 60_000 });
    expect(await other.reserve(5)).toMatchObject({ afterMs: [], keyRefusedForMs: expect.any(Number) });
    const redis = await connectIoredis(url);
    expect(await redis.keys('*')).toEqual(['segment-onesignal:limits:app']);
    expect(await redis.pttl('segment-onesignal:limits:app')).toBeGreaterThan(3_500_000);
  });

  test('continues within two seconds after the Redis clock is set back', async () => {
    const redis = await connectIoredis((await startRedis()).url);
    const store = createRedisLimitStore(redis);
    await store.reserve(1);
    await redis.hset('segment-onesignal:limits:app', 'next', Date.now() + 3_600_000);
    await expect.poll(async () => (await store.reserve(1)).afterMs.length, patiently).toBe(1);
    await redis.hset('segment-onesignal:limits:app', 'refusedUntil', Date.now() + 3_600_000);
    expect(await store.reserve(1)).toMatchObject({ afterMs: [expect.any(Number)], keyRefusedForMs: undefined });
  });
});

describe.skipIf(!hasRedis)('destinations with a limit store on Redis', () => {
  test('stop in every process when the key is refused', async () => {
    const redis = await connectIoredis((await startRedis()).url);
    const send = vi.fn<Transport['send']>(async () => ({ status: 401, headers: {}, body: {} }));
    const create = () =>
      createDestination({ appId, transport: { send }, delivery: { limits: createRedisLimitStore(redis), retries: 0 } });
    expect(await create().deliver([identify(1)])).toMatchObject([
      { status: 'retryable', error: { code: 'unauthorized' } },
    ]);
    await expect.poll(() => redis.hget('segment-onesignal:limits:app', 'refusedUntil'), patiently).not.toBe(null);
    const other = create();
    expect(await other.deliver([identify(2), identify(3)])).toMatchObject([
      { status: 'retryable', error: { code: 'unauthorized', message: expect.stringContaining('another process') } },
      { status: 'retryable', error: { code: 'unauthorized' } },
    ]);
    expect(send).toHaveBeenCalledOnce();
  });

  test('send nothing while Redis is away', async () => {
    const server = await startRedis();
    const redis = await connectIoredis(server.url);
    const send = vi.fn<Transport['send']>(async () => ({ status: 202, headers: {}, body: {} }));
    const limits = createRedisLimitStore(redis);
    const destination = createDestination({ appId, transport: { send }, delivery: { limits } });
    server.freeze();
    const outcomes = await destination.deliver([identify(1)], { deadlineMs: 300 });
    server.resume();
    expect(outcomes).toMatchObject([{ status: 'retryable' }]);
    expect(send).not.toHaveBeenCalled();
    expect(await destination.deliver([identify(1)])).toMatchObject([{ status: 'delivered' }]);
  });
});
