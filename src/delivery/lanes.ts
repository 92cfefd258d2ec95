import type { Alias } from '../onesignal/operation.js';
import type { Entry } from './entry.js';
import { board, createFlight, type Flight, land } from './flight.js';
import { holdInterrupted } from './interrupted.js';
import type { Sender } from './send.js';
import { userKey, type WriteUser } from './write-user.js';

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

/**
 * Lanes exist only while something is in them: memory follows the users under way, not the users seen (spec D7).
 *
 * @internal
 */
export function createLanes(sender: Sender, write: WriteUser, done: (entry: Entry) => void): Lanes {
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
      if (!isReady) continue;
      await writeBatch(lane.user, batch);
      for (const entry of batch) done(entry);
    }
    lanes.delete(key);
  };

  const writeBatch = async (user: Alias, batch: readonly Entry[]): Promise<void> => {
    try {
      await write(user, batch, true);
    } catch (thrown) {
      for (const entry of batch) holdInterrupted(entry, thrown);
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
