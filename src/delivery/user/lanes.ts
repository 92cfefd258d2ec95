import { byTime } from '../../onesignal/coalesce/by-time.js';
import type { Alias } from '../../onesignal/operation.js';
import type { Plan } from '../../onesignal/plan.js';
import { userKey } from '../../onesignal/user-key.js';
import { holdInterrupted } from '../interrupted.js';
import type { Entry } from '../pending-input.js';
import type { Sender } from '../sending/sender.js';
import { board, createFlight, type Flight, land, unlessCancelled } from '../shared-work.js';
import type { WriteUser } from './write-user.js';

/** One lane per user: one write in flight, and what arrives meanwhile merges into one pending write. */
export interface Lanes {
  /** Puts an input into its user's lane; `done` is called when its writes are done. */
  enter(user: Alias, entry: Entry): void;
}

interface Lane {
  user: Alias;
  queue: Entry[];
  /** What the queue waits for: cancelled when all of it is gone. */
  flight: Flight;
}

/** What the lanes do. */
export interface LaneWork {
  sender: Sender;
  write: WriteUser;
  /** What must be over before the user is deleted; `undefined` where there is nothing to wait for. */
  beforeDeletion: (user: Alias) => Promise<unknown> | undefined;
  /** An input's writes are done. */
  done: (entry: Entry) => void;
}

/**
 * Lanes exist only while something is in them: memory follows the users under way, not the users seen (spec D7).
 *
 * @internal
 */
export function createLanes({ sender, write, beforeDeletion, done }: LaneWork): Lanes {
  const lanes = new Map<string, Lane>();

  const run = async (key: string, lane: Lane): Promise<void> => {
    // Events that the host hands over in one go, one call each, belong into one write.
    await undefined;
    while (lane.queue.length > 0) {
      const isReady = await sender.ready(key, lane.flight);
      const batch = lane.queue.filter(({ gone }) => !gone);
      land(lane.flight);
      // Taken only when there is room: until then more may arrive and merge.
      lane.queue = isReady ? [] : batch;
      lane.flight = createFlight(lane.queue);
      if (isReady) await writeBatch(lane.user, batch);
    }
    lanes.delete(key);
  };

  /** Part by part, the first one in the room that is there already. */
  const writeBatch = async (user: Alias, batch: readonly Entry[]): Promise<void> => {
    let isReady = true;
    for (const part of partsOf(batch)) {
      const waiting = part.some(({ plan }) => isDeletion(plan)) ? beforeDeletion(user) : undefined;
      if (waiting !== undefined) {
        // What is waited for needs room itself.
        if (isReady) sender.giveBack();
        isReady = false;
        const flight = createFlight(part);
        await unlessCancelled(waiting, flight);
        land(flight);
      }
      await writePart(user, part, isReady);
      isReady = false;
      for (const entry of part) done(entry);
    }
  };

  const writePart = async (user: Alias, part: readonly Entry[], isReady: boolean): Promise<void> => {
    try {
      await write(user, part, isReady);
    } catch (thrown) {
      for (const entry of part) holdInterrupted(entry, thrown);
    }
  };

  return {
    enter(user, entry) {
      const key = userKey(user);
      const lane = lanes.get(key);
      if (lane !== undefined) {
        lane.queue.push(entry);
        board(lane.flight, entry);
        return;
      }
      const opened: Lane = { user, queue: [entry], flight: createFlight([entry]) };
      lanes.set(key, opened);
      void run(key, opened);
    },
  };
}

/** Whether the event deletes its user. @internal */
export function isDeletion({ operations }: Plan): boolean {
  return operations.some(({ type }) => type === 'delete_user');
}

/** What came before a deletion is done with all that follows it, custom events among them, before the deletion begins. */
function partsOf(batch: readonly Entry[]): readonly (readonly Entry[])[] {
  if (!batch.some(({ plan }) => isDeletion(plan))) return [batch];
  const parts: Entry[][] = [[]];
  for (const index of byTime(batch.map(({ plan }) => plan))) {
    const entry = batch[index];
    if (entry === undefined) continue;
    if (isDeletion(entry.plan)) parts.push([]);
    parts.at(-1)?.push(entry);
  }
  return parts.filter((part) => part.length > 0);
}
