/**
 * Shares the state of delivery between processes through Redis, over your client of ioredis or node-redis.
 *
 * @example
 * ```ts
 * import { Redis } from 'ioredis';
 * import { createDestination } from 'segment-onesignal';
 * import { checkRedis, createRedisOrderStore, createRedisSeenStore } from 'segment-onesignal/redis';
 *
 * const redis = new Redis('redis://127.0.0.1:6379');
 * for (const { message } of (await checkRedis(redis)).warnings) console.warn(message);
 * const destination = createDestination({
 *   appId: '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a',
 *   apiKey: 'os_v2_app_key',
 *   delivery: { order: createRedisOrderStore(redis), seen: createRedisSeenStore(redis) },
 * });
 * await destination.deliver([{ type: 'identify', userId: 'u1', traits: { plan: 'pro' } }]);
 * ```
 *
 * @module
 */
export {
  checkRedis,
  type RedisCheck,
  type RedisCheckOptions,
  type RedisWarning,
  type RedisWarningCode,
} from './check-redis.js';
export type { IoredisClient, NodeRedisClient, NodeRedisScriptInput, RedisClient } from './client.js';
export { createRedisLimitStore, type RedisLimitStoreOptions } from './limit-store.js';
export type { RedisStoreOptions } from './options.js';
export { createRedisOrderStore } from './order-store.js';
export { createRedisSeenStore } from './seen-store.js';
