import { byTime } from '../../onesignal/coalesce/by-time.js';
import type { Alias } from '../../onesignal/operation.js';
import type { Plan } from '../../onesignal/plan.js';
import { userKey } from '../../onesignal/user-key.js';
import type { PendingInput } from '../pending-input.js';
import type { Slot } from '../sending/pacer.js';
import type { Sender } from '../sending/sender.js';
import { SharedWork, unlessCancelled } from '../shared-work.js';
import type { WriteUser } from './write-user.js';

/** One queue per user: one write in flight, and inputs that arrive meanwhile merge into the next write. */
export interface UserQueues {
  /** Adds an input to its user's queue. */
  add(user: Alias, input: PendingInput): void;
}

interface UserQueue {
  readonly user: Alias;
  waiting: PendingInput[];
  /** The wait for a slot: cancelled if all waiting inputs leave. */
  wait: SharedWork;
}

export interface UserQueuesOptions {
  sender: Sender;
  write: WriteUser;
  /** Work that must be over before the user is deleted; `undefined` if there is none. */
  beforeDeletion: (user: Alias) => Promise<unknown> | undefined;
  /** Called when an input's writes are done. */
  onWritten: (input: PendingInput) => void;
}

/**
 * A queue exists only while it has work, so memory grows with active users, not with every user ever seen (D7).
 *
 * @internal
 */
export function createUserQueues({ sender, write, beforeDeletion, onWritten }: UserQueuesOptions): UserQueues {
  const queues = new Map<string, UserQueue>();

  const run = async (key: string, queue: UserQueue): Promise<void> => {
    // Events that the host hands over in one go, one call each, belong in one write.
    await undefined;
    while (queue.waiting.length > 0) {
      const slot = await sender.slotFor(key, queue.wait);
      const batch = queue.waiting.filter(({ isGone }) => !isGone);
      queue.wait.finish();
      // Taken out only now that there is room: until then more inputs could arrive and merge.
      queue.waiting = slot === undefined ? batch : [];
      queue.wait = new SharedWork(queue.waiting);
      if (slot !== undefined) await writeBatch(queue.user, batch, slot);
    }
    queues.delete(key);
  };

  const writeBatch = async (user: Alias, batch: readonly PendingInput[], slot: Slot): Promise<void> => {
    try {
      for (const part of splitAtDeletions(batch)) {
        if (part.some(({ plan }) => isDeletion(plan))) await settleBeforeDeletion(user, part, slot);
        await writePart(user, part, slot);
        slot.release();
        for (const input of part) onWritten(input);
      }
    } finally {
      slot.release();
    }
  };

  const settleBeforeDeletion = async (user: Alias, part: readonly PendingInput[], slot: Slot): Promise<void> => {
    const unsettled = beforeDeletion(user);
    if (unsettled === undefined) return;
    // The work that is waited for needs room itself.
    slot.release();
    const wait = new SharedWork(part);
    await unlessCancelled(unsettled, wait);
    wait.finish();
  };

  const writePart = async (user: Alias, part: readonly PendingInput[], slot: Slot): Promise<void> => {
    try {
      await write(user, part, slot);
    } catch (thrown) {
      for (const input of part) input.deferInterrupted(thrown);
    }
  };

  return {
    add(user, input) {
      const key = userKey(user);
      const queue = queues.get(key);
      if (queue !== undefined) {
        queue.waiting.push(input);
        queue.wait.join(input);
        return;
      }
      const opened: UserQueue = { user, waiting: [input], wait: new SharedWork([input]) };
      queues.set(key, opened);
      void run(key, opened);
    },
  };
}

/** Whether the event deletes its user. @internal */
export function isDeletion({ operations }: Plan): boolean {
  return operations.some(({ type }) => type === 'delete_user');
}

/** Everything before a deletion is done, custom events included, before the deletion begins. */
function splitAtDeletions(batch: readonly PendingInput[]): readonly (readonly PendingInput[])[] {
  if (!batch.some(({ plan }) => isDeletion(plan))) return [batch];
  const parts: PendingInput[][] = [[]];
  for (const index of byTime(batch.map(({ plan }) => plan))) {
    const input = batch[index];
    if (input === undefined) continue;
    if (isDeletion(input.plan)) parts.push([]);
    parts.at(-1)?.push(input);
  }
  return parts.filter((part) => part.length > 0);
}
