// Stores the newest write of each tag in Redis, shared by all workers. A late event that reaches one worker then cannot
// overwrite a newer value that another worker wrote.
//
//   const destination = createDestination({ appId, apiKey, delivery: { order: createRedisOrderStore(redis) } });
//
// There is one hash per user, named after the user's id. It maps a tag's key to the time of its newest write in unix
// milliseconds.
import type { Redis } from 'ioredis';
import type { OrderStore } from 'segment-onesignal';

export interface RedisOrderStoreOptions {
  /** Prefix of the hash's name, before the user's id. */
  prefix?: string;
  /**
   * Milliseconds for which a user is remembered after the last write: longer than any event may be late. Default: 30
   * days.
   */
  ttlMs?: number;
}

/** Redis runs a script atomically, so no other worker can write between the comparison and the update. */
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
