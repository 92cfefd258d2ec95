import type { AcceptedValue, OrderStore } from '../delivery/stores.js';
import type { RedisClient } from './client.js';
import { escapeName, keyOfUser } from './names.js';
import { type RedisStoreOptions, readStoreOptions } from './options.js';
import { createScriptRunner, type RunScript } from './scripts.js';

/** Lua's `unpack` has a limit of about 8,000. */
const readFields = `
local found = {}
for first = 1, #ARGV, 1000 do
  local values = redis.call('HMGET', KEYS[1], unpack(ARGV, first, math.min(first + 999, #ARGV)))
  for index, value in ipairs(values) do found[first + index - 1] = value end
end
return found`;

const keepLaterTimes = `
for index = 2, #ARGV, 2 do
  local known = redis.call('HGET', KEYS[1], ARGV[index])
  if not known or tonumber(known) < tonumber(ARGV[index + 1]) then
    redis.call('HSET', KEYS[1], ARGV[index], ARGV[index + 1])
  end
end
redis.call('PEXPIRE', KEYS[1], ARGV[1])`;

/** An empty value removes the field. */
const setFields = `
for index = 2, #ARGV, 2 do
  if ARGV[index + 1] == '' then redis.call('HDEL', KEYS[1], ARGV[index])
  else redis.call('HSET', KEYS[1], ARGV[index], ARGV[index + 1]) end
end
redis.call('PEXPIRE', KEYS[1], ARGV[1])`;

const removeKeys = `redis.call('DEL', unpack(KEYS))`;

/**
 * Creates an order store that all processes share through Redis, for `delivery.order`.
 *
 * Each call is one atomic script on the master. If two processes record times of the same tag at the same moment, the
 * later one stays. If Redis is down or answers with an error, the method rejects, so the events are `retryable`.
 *
 * Each user has a hash of times (`segment-onesignal:order:{u1}:times`) and, with `unchanged: 'skip'`, a hash of digests
 * of accepted values (`…:{u1}:values`). The keys hold user ids; push tokens, addresses and alias ids are stored only as
 * digests. A hash expires `ttlMs` after the last write to it.
 *
 * @param redis - Your client of ioredis or node-redis, connected. Clusters work too: all keys of a user are in one slot.
 * @param options - Beginning of the keys, and how long users are remembered.
 * @returns The store.
 * @throws `ConfigurationError` if the client is of another kind, or an option is unknown or has the wrong type.
 *
 * @example
 * ```ts
 * import { Redis } from 'ioredis';
 * import { createDestination } from 'segment-onesignal';
 * import { createRedisOrderStore } from 'segment-onesignal/redis';
 *
 * const redis = new Redis('redis://127.0.0.1:6379', { lazyConnect: true });
 * export const destination = createDestination({
 *   appId: '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a',
 *   apiKey: 'os_v2_app_key',
 *   delivery: { order: createRedisOrderStore(redis), unchanged: 'skip' },
 * });
 * ```
 */
export function createRedisOrderStore(redis: RedisClient, options: RedisStoreOptions = {}): Required<OrderStore> {
  return orderStoreOn(createScriptRunner(redis), options);
}

/** @internal */
export function orderStoreOn(run: RunScript, options: RedisStoreOptions): Required<OrderStore> {
  const { prefix, ttl } = readStoreOptions(options, 'segment-onesignal:order:');
  const timesOf = (user: string): string => keyOfUser(prefix, user, 'times');
  const valuesOf = (user: string): string => keyOfUser(prefix, user, 'values');

  const read = async (key: string, names: readonly string[]): Promise<(string | undefined)[]> => {
    if (names.length === 0) return [];
    const found = await run(readFields, [key], names.map(escapeName));
    if (!Array.isArray(found) || found.length !== names.length)
      throw new TypeError('Redis answered a read of the order store with something other than one value per name.');
    // Buffers, if the client is set to return them.
    return found.map((value: unknown) => (value === null ? undefined : String(value)));
  };
  const write = async (script: string, key: string, fields: readonly (readonly [string, string])[]): Promise<void> => {
    if (fields.length > 0)
      await run(script, [key], [ttl, ...fields.flatMap(([name, value]) => [escapeName(name), value])]);
  };

  return {
    async newest(user, tags) {
      const times = await read(timesOf(user), tags);
      return times.map((time) => (time === undefined ? undefined : Number(time)));
    },
    record: (user, written) =>
      write(
        keepLaterTimes,
        timesOf(user),
        Object.entries(written).map(([tag, time]) => [tag, String(time)]),
      ),
    async accepted(user, keys) {
      const values = await read(valuesOf(user), keys);
      return values.map((value) => (value === undefined ? undefined : readValue(value)));
    },
    remember: (user, values) =>
      write(
        setFields,
        valuesOf(user),
        Object.entries(values).map(([key, value]) => [key, value === undefined ? '' : writeValue(value)]),
      ),
    async forget(user) {
      await run(removeKeys, [timesOf(user), valuesOf(user)]);
    },
  };
}

function writeValue({ digest, atMs }: AcceptedValue): string {
  return `${atMs} ${digest}`;
}

function readValue(text: string): AcceptedValue {
  const space = text.indexOf(' ');
  return { atMs: Number(text.slice(0, space)), digest: text.slice(space + 1) };
}
