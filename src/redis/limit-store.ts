import type { LimitStore } from '../delivery/stores.js';
import { optionsOf } from '../known-options.js';
import { integer } from '../option-rules.js';
import type { RedisClient } from './client.js';
import { prefixRule } from './options.js';
import { createScriptRunner, type RunScript } from './scripts.js';

/** Options of {@link createRedisLimitStore}. An option that is `undefined` counts as absent. */
export interface RedisLimitStoreOptions {
  /**
   * Beginning of the store's key, without braces. If several OneSignal apps share a Redis, give each app its own
   * prefix.
   *
   * @defaultValue `'segment-onesignal:limits:'`
   */
  prefix?: string | undefined;
  /**
   * Number of requests per second for all processes together, evenly spaced. `Infinity` shares only the other limits.
   *
   * OneSignal allows 1,000 in any second. The default leaves a margin of a tenth for requests that take different times
   * to arrive: a request may leave 50 ms late, and be 60 ms slower than others, without exceeding 1,000.
   *
   * @defaultValue 900
   */
  requestsPerSecond?: number | undefined;
}

/** A request that leaves later than this has to be reserved again. */
const validMs = 50;
/** How far ahead requests are reserved. What others need soon must not wait behind it. */
const horizonMs = 200;
/** A refused key pauses for 30 seconds. */
const maxRefusedMs = 120_000;
/** Nothing in the store matters for longer. */
const ttlMs = 3_600_000;

/**
 * `ARGV`: number of requests, milliseconds between two, horizon, lifetime of the key.
 *
 * Returns when the first request may leave and how many are reserved, when to ask again, how long the key is refused, and
 * the refused number of tags with its time. Milliseconds, as texts where they have fractions.
 */
const reserve = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local known = redis.call('HMGET', KEYS[1], 'next', 'refusedUntil', 'tags', 'tagsUntil')
local spacing, horizon = tonumber(ARGV[2]), tonumber(ARGV[3])
local refusedMs = math.ceil((tonumber(known[2]) or 0) - now)
local tagsMs = math.ceil((tonumber(known[4]) or 0) - now)
local tags = tagsMs > 0 and known[3] or 0
-- A longer pause was never told, so the clock was set back.
if refusedMs > 0 and refusedMs <= ${maxRefusedMs} then return { '0', 0, 0, refusedMs, tags, tagsMs } end
local first = math.max(tonumber(known[1]) or 0, now)
-- Nothing is reserved that far ahead, so the clock was set back. What was sent before is a second old after a second.
if first > now + horizon + 1000 then first = now + 1000 end
local count = tonumber(ARGV[1])
if spacing > 0 then count = math.max(0, math.min(count, math.floor((now + horizon - first) / spacing) + 1)) end
redis.call('HSET', KEYS[1], 'next', string.format('%.3f', first + count * spacing))
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return { string.format('%.3f', first - now), count, math.ceil(math.max(0, first - now - horizon)), 0, tags, tagsMs }`;

/** `ARGV`: lifetime of the key; then `refused` and a duration, `tags`, their number and a duration, or `accepted` and a number. */
const share = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local kind, first, second = ARGV[2], ARGV[3], ARGV[4]
if kind == 'refused' then redis.call('HSET', KEYS[1], 'refusedUntil', string.format('%.0f', now + first)) end
local known = redis.call('HMGET', KEYS[1], 'tags', 'tagsUntil')
local isKnown = known[1] and tonumber(known[2]) > now
if kind == 'tags' and not (isKnown and tonumber(known[1]) < tonumber(first)) then
  redis.call('HSET', KEYS[1], 'tags', first, 'tagsUntil', string.format('%.0f', now + second))
end
if kind == 'accepted' and isKnown and tonumber(known[1]) <= tonumber(first) then
  redis.call('HDEL', KEYS[1], 'tags', 'tagsUntil')
end
redis.call('PEXPIRE', KEYS[1], ARGV[1])`;

const checkOptions = optionsOf({
  prefix: prefixRule,
  requestsPerSecond: (value, option) => (value === Number.POSITIVE_INFINITY ? undefined : integer(1)(value, option)),
});

/**
 * Creates a store of the limits that all processes of an app share through Redis, for `delivery.limits`: the request
 * rate, the pause after a refused key, and the plan's tag limit once a process has reached it.
 *
 * Requests are reserved by Redis's clock, evenly spaced, several in one command. If Redis is down or slow, nothing is
 * sent, and the events are `retryable` when their deadline passes.
 *
 * @param redis - Your client of ioredis or node-redis, connected.
 * @param options - Beginning of the key, and the rate.
 * @returns The store.
 * @throws `ConfigurationError` if the client is of another kind, or an option is unknown or has the wrong type.
 *
 * @example
 * ```ts
 * import { Redis } from 'ioredis';
 * import { createDestination } from 'segment-onesignal';
 * import { createRedisLimitStore } from 'segment-onesignal/redis';
 *
 * const redis = new Redis('redis://127.0.0.1:6379', { lazyConnect: true });
 * export const destination = createDestination({
 *   appId: '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a',
 *   apiKey: 'os_v2_app_key',
 *   delivery: { limits: createRedisLimitStore(redis) },
 * });
 * ```
 *
 * @see {@link https://documentation.onesignal.com/reference/rate-limits | OneSignal: Rate limits}
 */
export function createRedisLimitStore(redis: RedisClient, options: RedisLimitStoreOptions = {}): LimitStore {
  return limitStoreOn(createScriptRunner(redis), options);
}

/** @internal */
export function limitStoreOn(run: RunScript, options: RedisLimitStoreOptions): LimitStore {
  checkOptions(options, '');
  const { prefix = 'segment-onesignal:limits:', requestsPerSecond = 900 } = options;
  const keys = [`${prefix}app`];
  const spacingMs = 1_000 / requestsPerSecond;

  return {
    async reserve(count) {
      const reply = await run(reserve, keys, [count, spacingMs, horizonMs, ttlMs].map(String));
      const figures = (Array.isArray(reply) ? reply : []).map(Number);
      const [firstMs = 0, reserved = 0, retryAfterMs, refusedMs = 0, tags = 0, tagsMs = 0] = figures;
      return {
        afterMs: Array.from({ length: reserved }, (_, index) => firstMs + index * spacingMs),
        validMs,
        retryAfterMs,
        keyRefusedForMs: refusedMs > 0 ? refusedMs : undefined,
        tagsRefused: tags > 0 ? { count: tags, forMs: tagsMs } : undefined,
      };
    },
    async share({ keyRefusedForMs, tagsRefused, tagsAccepted }) {
      const args =
        keyRefusedForMs !== undefined
          ? ['refused', keyRefusedForMs]
          : tagsRefused !== undefined
            ? ['tags', tagsRefused.count, tagsRefused.forMs]
            : ['accepted', tagsAccepted ?? 0];
      await run(share, keys, [ttlMs, ...args].map(String));
    },
  };
}
