import type { SeenStore } from '../delivery/stores.js';
import type { RedisClient } from './client.js';
import { escapeName } from './names.js';
import { type RedisStoreOptions, readStoreOptions } from './options.js';
import { createScriptRunner, type RunScript } from './scripts.js';

const isThere = `return redis.call('EXISTS', KEYS[1])`;
const put = `redis.call('SET', KEYS[1], '1', 'PX', ARGV[1])`;

/**
 * Creates a store of delivered events that all processes share through Redis, for `delivery.seen`, so that a redelivered
 * event does not add its purchases again.
 *
 * Each event has a key (`segment-onesignal:seen:m1/u1`), which expires after `ttlMs`. If Redis is down or answers with
 * an error, the methods reject.
 *
 * @param redis - Your client of ioredis or node-redis, connected.
 * @param options - Beginning of the keys, and how long events are remembered.
 * @returns The store.
 * @throws `ConfigurationError` if the client is of another kind, or an option is unknown or has the wrong type.
 *
 * @example
 * ```ts
 * import { createClient } from 'redis';
 * import { createDestination } from 'segment-onesignal';
 * import { createRedisOrderStore, createRedisSeenStore } from 'segment-onesignal/redis';
 *
 * const redis = createClient({ url: 'redis://127.0.0.1:6379' });
 * redis.on('error', (error) => console.error('redis:', error.message));
 * export const destination = createDestination({
 *   appId: '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a',
 *   apiKey: 'os_v2_app_key',
 *   mapping: { purchases: true },
 *   delivery: { order: createRedisOrderStore(redis), seen: createRedisSeenStore(redis) },
 * });
 * export const start = () => redis.connect();
 * ```
 */
export function createRedisSeenStore(redis: RedisClient, options: RedisStoreOptions = {}): SeenStore {
  return seenStoreOn(createScriptRunner(redis), options);
}

/** @internal */
export function seenStoreOn(run: RunScript, options: RedisStoreOptions): SeenStore {
  const { prefix, ttl } = readStoreOptions(options, 'segment-onesignal:seen:');
  const keyOf = (key: string): string => prefix + escapeName(key);

  return {
    async has(key) {
      return Number(await run(isThere, [keyOf(key)])) === 1;
    },
    async add(key) {
      await run(put, [keyOf(key)], [ttl]);
    },
  };
}
