import type { Alias } from '../../onesignal/operation.js';
import { userKey } from '../../onesignal/user-key.js';
import type { Claims } from '../claims.js';
import type { PendingInput } from '../pending-input.js';
import { isDeletion } from '../planned-user.js';
import type { Slot } from '../sending/app-pacer.js';
import type { Sender } from '../sending/sender.js';
import { SharedWork, unlessCancelled } from '../shared-work.js';
import type { WriteUser } from './write-user.js';

/** One queue per user: one write in flight, and inputs that arrive meanwhile merge into the next write. */
export interface UserQueues {
  /** Adds an input to its user's queue. */
  add(user: Alias, input: PendingInput): void;
}

interface WaitingInput {
  readonly input: PendingInput;
  /** Its place among its user's inputs, in unix milliseconds; equal ones keep the order of arrival. */
  readonly at: number;
}

interface UserQueue {
  readonly user: Alias;
  /** In the order of arrival. */
  waiting: WaitingInput[];
  /** The wait for a slot or for a claim: cancelled if all waiting inputs leave. */
  readonly wait: SharedWork;
  /** Ends the wait for a claim. */
  wake: () => void;
}

export interface UserQueuesOptions {
  sender: Sender;
  claims: Claims;
  write: WriteUser;
  /** Work that must end before the user is deleted; `undefined` if there is none. */
  beforeDeletion: (user: Alias) => Promise<unknown> | undefined;
  /** Called when an input's writes are done. */
  onWritten: (input: PendingInput) => void;
}

/**
 * A queue exists only while it has work, so memory grows with active users, not with every user ever seen (D7).
 *
 * @internal
 */
export function createUserQueues(options: UserQueuesOptions): UserQueues {
  const { sender, claims, write, beforeDeletion, onWritten } = options;
  const queues = new Map<string, UserQueue>();

  const run = async (key: string, queue: UserQueue): Promise<void> => {
    // Events that the host passes in separate calls of the same tick belong in one write.
    await undefined;
    while (queue.waiting.length > 0) {
      if (readyInputs(queue, claims).length === 0 && !queue.wait.isCancelled) await claimSettled(queue);
      const slot = await sender.slotFor(key, queue.wait);
      // Inputs leave the queue only now that there is room: until then, more could arrive and merge.
      const ready = slot === undefined ? [] : readyInputs(queue, claims);
      for (const input of ready) claims.start(input);
      leaveWaiting(queue, ready);
      if (slot !== undefined) await writeBatch(queue.user, ready, slot);
    }
    queues.delete(key);
  };

  /** Waits until another user's claim is settled, or another input of this user arrives. */
  const claimSettled = async (queue: UserQueue): Promise<void> => {
    const woken = new Promise<void>((resolve) => {
      queue.wake = resolve;
    });
    const dispose = claims.onSettled(queue.wake);
    await unlessCancelled(woken, queue.wait);
    dispose();
  };

  const writeBatch = async (user: Alias, batch: readonly PendingInput[], slot: Slot): Promise<void> => {
    try {
      for (const part of splitAtDeletions(batch)) {
        if (part.some(({ plan }) => isDeletion(plan))) await settleBeforeDeletion(user, part, slot);
        try {
          await write(user, part, slot);
        } catch (thrown) {
          for (const input of part) input.deferInterrupted(thrown);
        }
        slot.release();
        for (const input of part) {
          claims.settle(input);
          onWritten(input);
        }
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

  return {
    add(user, input) {
      const key = userKey(user);
      const queue = queues.get(key);
      const at = placeOf(input, queue?.waiting ?? []);
      claims.register(key, input, at);
      if (queue !== undefined) {
        queue.waiting.push({ input, at });
        queue.wait.join(input);
        queue.wake();
        return;
      }
      const opened: UserQueue = { user, waiting: [{ input, at }], wait: new SharedWork([input]), wake: () => {} };
      queues.set(key, opened);
      void run(key, opened);
    },
  };
}

/**
 * An event without a time keeps its place behind the one that arrived before it, and a deletion never moves ahead of
 * anything that arrived before it (D2).
 */
function placeOf({ atMs, plan }: PendingInput, waiting: readonly WaitingInput[]): number {
  const at = atMs ?? waiting.at(-1)?.at ?? 0;
  return isDeletion(plan) ? waiting.reduce((latest, earlier) => Math.max(latest, earlier.at), at) : at;
}

/** The inputs that may be sent now: in the order of time, up to the first one that a claim of another user holds up. */
function readyInputs({ waiting }: UserQueue, claims: Claims): PendingInput[] {
  const [only, ...others] = waiting;
  if (only !== undefined && others.length === 0)
    return only.input.isGone || claims.isBlocked(only.input) ? [] : [only.input];
  const ordered = waiting
    .filter(({ input }) => !input.isGone)
    .sort((one, other) => one.at - other.at)
    .map(({ input }) => input);
  const blocked = ordered.findIndex((input) => claims.isBlocked(input));
  return blocked === -1 ? ordered : ordered.slice(0, blocked);
}

function leaveWaiting(queue: UserQueue, ready: readonly PendingInput[]): void {
  queue.wait.finish();
  if (ready.length === queue.waiting.length) {
    queue.waiting = [];
    return;
  }
  const leaving = new Set(ready);
  queue.waiting = queue.waiting.filter(({ input }) => !input.isGone && !leaving.has(input));
  for (const { input } of queue.waiting) queue.wait.join(input);
}

/** Everything before a deletion is done, custom events included, before the deletion begins. */
function splitAtDeletions(ordered: readonly PendingInput[]): readonly (readonly PendingInput[])[] {
  if (!ordered.some(({ plan }) => isDeletion(plan))) return [ordered];
  const parts: PendingInput[][] = [[]];
  for (const input of ordered) {
    if (isDeletion(input.plan)) parts.push([]);
    parts.at(-1)?.push(input);
  }
  return parts.filter((part) => part.length > 0);
}
