import { Cluster, Redis } from 'ioredis';
import { createClient, createCluster } from 'redis';
import { afterEach } from 'vitest';
import type { RedisClient } from '../../src/redis/index.js';

/** For `expect.poll`: a busy machine takes longer than a second to start Redis. */
export const patiently = { timeout: 20_000 };

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A connected ioredis client, which is closed after the test. */
export async function connectIoredis(url: string): Promise<Redis> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => 20 });
  // Tests kill Redis.
  redis.on('error', () => {});
  closing.push(() => redis.disconnect());
  await redis.connect();
  return redis;
}

/** A connected node-redis client, which is closed after the test. */
export async function connectNodeRedis(url: string) {
  const redis = createClient({ url, socket: { reconnectStrategy: () => 20 } });
  redis.on('error', () => {});
  closing.push(() => redis.destroy());
  await redis.connect();
  return redis;
}

export async function connectIoredisCluster(port: number): Promise<Cluster> {
  const redis = new Cluster([{ port, host: '127.0.0.1' }]);
  closing.push(() => redis.disconnect());
  return redis;
}

export async function connectNodeRedisCluster(port: number) {
  const redis = createCluster({ rootNodes: [{ url: `redis://127.0.0.1:${port}` }] });
  closing.push(() => redis.destroy());
  await redis.connect();
  return redis;
}

/** Both kinds of client, by name. */
export const clients: [name: string, connect: (url: string) => Promise<RedisClient>][] = [
  ['ioredis', connectIoredis],
  ['node-redis', connectNodeRedis],
];
