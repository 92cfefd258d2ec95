// The order guard's memory in Redis: one for all workers, so that an event which comes late to one worker cannot undo what another has written.
//
//   const destination = createDestination({ appId, apiKey, delivery: { order: createRedisOrderStore(redis) } });
//
// One hash per user: the tag's key → the newest time written, unix ms. The hashes are named by your users' ids.
import type { Redis } from 'ioredis';
import type { OrderStore } from 'segment-onesignal';

export interface RedisOrderStoreOptions {
  /** Put before the user's id. */
  prefix?: string;
  /** How long a user is remembered after the last write, in ms: longer than the latest event may come. By default 30 days. */
  ttlMs?: number;
}

/** One script is one step for Redis: no other worker's write comes between comparing and setting. */
const keepLater = `
for index = 2, #ARGV, 2 do
  local known = redis.call('HGET', KEYS[1], ARGV[index])
  if not known or tonumber(known) < tonumber(ARGV[index + 1]) then
    redis.call('HSET', KEYS[1], ARGV[index], ARGV[index + 1])
  end
end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
`;

export function createRedisOrderStore(
  redis: Redis,
  { prefix = 'segment-onesignal:order:', ttlMs = 30 * 24 * 60 * 60 * 1_000 }: RedisOrderStoreOptions = {},
): OrderStore {
  return {
    async newest(user, tags) {
      const times = await redis.hmget(prefix + user, ...tags);
      return times.map((time) => (time === null ? undefined : Number(time)));
    },
    record: (user, written) => redis.eval(keepLater, 1, prefix + user, ttlMs, ...Object.entries(written).flat()),
    forget: (user) => redis.del(prefix + user),
  };
}
