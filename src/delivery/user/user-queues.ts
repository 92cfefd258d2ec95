import type { Alias } from '../../onesignal/operation.js';
import type { PendingInput } from '../pending-input.js';
import { UserQueue, type UserQueueOptions } from './user-queue.js';

/** One queue per user. */
export interface UserQueues {
  /** Adds an input to its user's queue. */
  add(user: Alias, userKey: string, input: PendingInput): void;
  /** Whether work of the user is under way. */
  has(userKey: string): boolean;
}

/**
 * A queue exists only while it has work, so memory grows with active users, not with every user ever seen (D7).
 *
 * @internal
 */
export function createUserQueues(options: UserQueueOptions): UserQueues {
  const queues = new Map<string, UserQueue>();
  const remove = (key: string): void => void queues.delete(key);

  return {
    has: (key) => queues.has(key),
    add(user, key, input) {
      const known = queues.get(key);
      if (known !== undefined) {
        known.add(input);
        return;
      }
      const queue = new UserQueue(user, key, options);
      queue.add(input);
      queues.set(key, queue);
      void queue.run(remove);
    },
  };
}
