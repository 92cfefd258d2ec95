import { describe, expect, test } from 'vitest';
import { createRedisSeenStore } from '../../src/redis/index.js';
import { hasRedis, startRedis } from '../redis-server.js';
import { clients, connectIoredis, patiently } from './clients.js';

const keys = ['m1/u1', 'm1/u2', '', '__proto__', '🙂', '\ud800', '\ufffd', '{', '}', '%', 'm'.repeat(100_000)];

describe.skipIf(!hasRedis).each(clients)('the store of seen events over %s', (_, connect) => {
  test('has the events that any process has added', async () => {
    const { url } = await startRedis();
    const [one, other] = [createRedisSeenStore(await connect(url)), createRedisSeenStore(await connect(url))];
    for (const key of keys) {
      expect(await one.has(key)).toBe(false);
      await other.add(key);
      expect(await one.has(key)).toBe(true);
    }
  });

  test('an event is forgotten after its time to live, which is 30 days by default', async () => {
    const { url } = await startRedis();
    const redis = await connectIoredis(url);
    const store = createRedisSeenStore(await connect(url), { prefix: 's:', ttlMs: 1 });
    await store.add('m1/u1');
    await expect.poll(() => store.has('m1/u1'), patiently).toBe(false);
    await createRedisSeenStore(redis).add('m1/u1');
    expect(await redis.pttl('segment-onesignal:seen:m1/u1')).toBeGreaterThan(29 * 24 * 3_600_000);
  });

  test('continues after Redis was restarted, and rejects if Redis refuses', async () => {
    const server = await startRedis(['--appendfsync', 'always']);
    const store = createRedisSeenStore(await connect(server.url));
    await store.add('m1/u1');
    await server.kill();
    await server.start();
    await expect.poll(() => Promise.resolve(store.has('m1/u1')).catch(String), patiently).toBe(true);
    await (await connectIoredis(server.url)).config('SET', 'maxmemory', '1');
    await expect(store.add('m2/u1')).rejects.toThrow('OOM');
  });
});
