// Ensures that only one process at a time writes to a user.
//
// Within a process, the destination keeps a user's writes in order. Between processes, the order store finds stale
// values, but two workers that ask it at the same moment may both write. This lock prevents that. The process that holds
// a user may take more jobs of the same user, so that the destination can merge them into one request.
import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';

export interface UserLock {
  /** Resolves with `false` if another process holds the user. */
  acquire(user: string): Promise<boolean>;
  release(user: string): Promise<void>;
}

const take = `
local owner = redis.call('GET', KEYS[1])
if owner and owner ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
`;
const releaseLock = `if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end`;

/**
 * @param leaseMs - Milliseconds for which a crashed process keeps its users. Must exceed the duration of a `deliver`
 * call (`delivery.deadlineMs`).
 */
export function createUserLock(redis: Redis, leaseMs: number, prefix = 'segment-onesignal:lock:'): UserLock {
  const owner = randomUUID();
  const jobs = new Map<string, number>();

  const release = async (user: string): Promise<void> => {
    const left = (jobs.get(user) ?? 1) - 1;
    if (left > 0) {
      jobs.set(user, left);
      return;
    }
    jobs.delete(user);
    await redis.eval(releaseLock, 1, prefix + user, owner);
  };
  return {
    release,
    async acquire(user) {
      jobs.set(user, (jobs.get(user) ?? 0) + 1);
      if ((await redis.eval(take, 1, prefix + user, owner, leaseMs)) === 1) return true;
      await release(user);
      return false;
    },
  };
}
