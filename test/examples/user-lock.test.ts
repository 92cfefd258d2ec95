import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createUserLock } from '../../examples/bullmq/user-lock.js';
import { hasRedis, startRedis } from '../redis-server.js';

describe.skipIf(!hasRedis)('on a real Redis', () => {
  let redis: Redis;
  beforeEach(async () => {
    redis = new Redis((await startRedis()).url);
  });
  afterEach(() => {
    redis.disconnect();
  });

  test('a process holds a user until the last of its jobs for that user is done', async () => {
    const [mine, theirs] = [createUserLock(redis, 60_000), createUserLock(redis, 60_000)];
    expect([await mine.acquire('u1'), await mine.acquire('u1'), await theirs.acquire('u1')]).toEqual([
      true,
      true,
      false,
    ]);
    expect(await theirs.acquire('u2')).toBe(true);
    await mine.release('u1');
    expect(await theirs.acquire('u1')).toBe(false);
    await mine.release('u1');
    expect([await theirs.acquire('u1'), await mine.acquire('u1')]).toEqual([true, false]);
  });

  test('of many processes that ask at the same moment, one gets the user', async () => {
    const locks = Array.from({ length: 10 }, () => createUserLock(redis, 60_000));
    const got = await Promise.all(locks.map((lock) => lock.acquire('u1')));
    expect(got.filter(Boolean)).toHaveLength(1);
  });

  test('a crashed process keeps its users for the lease; one that returns later takes none from others', async () => {
    const [dead, heir] = [createUserLock(redis, 50), createUserLock(redis, 60_000)];
    await dead.acquire('u1');
    await vi.waitUntil(() => heir.acquire('u1'));
    await dead.release('u1');
    expect(await createUserLock(redis, 60_000).acquire('u1')).toBe(false);
  });
});
