import { byTime } from '../../onesignal/coalesce/by-time.js';
import { coalesce } from '../../onesignal/coalesce/coalesce.js';
import type { Alias, SendCustomEvents } from '../../onesignal/operation.js';
import { userKey } from '../../onesignal/user-key.js';
import type { PendingInput } from '../pending-input.js';
import type { QueuedEvents } from './attribute-refusals.js';

/** Sends the custom events of all users. */
export interface CustomEvents {
  /** Queues the events of an input, and finishes one piece of the input's work when they are settled. */
  send(operation: SendCustomEvents, input: PendingInput): void;
  /** Resolves when the events of a user that are queued now are settled; `undefined` if there are none. */
  settled(user: Alias): Promise<unknown> | undefined;
}

interface QueueEntry extends QueuedEvents {
  readonly isSettled: Promise<void>;
  readonly settle: () => void;
}

/**
 * One request of custom events is in flight at a time, and events that arrive meanwhile go into the next one. So they
 * are batched up to 1 MB without a buffer to configure, and each user's events keep their order.
 *
 * @see {@link https://documentation.onesignal.com/reference/create-custom-events | OneSignal: Create custom events}
 * @internal
 */
export function createCustomEvents(sendBatch: (batch: readonly QueuedEvents[]) => Promise<void>): CustomEvents {
  let queue: QueueEntry[] = [];
  let underWay: readonly QueueEntry[] = [];
  let isRunning = false;

  const run = async (): Promise<void> => {
    isRunning = true;
    // Events that the host passes in separate calls of the same tick belong in one request.
    await undefined;
    while (queue.length > 0) {
      underWay = queue;
      queue = [];
      for (const batch of batchesOf(underWay)) {
        try {
          await sendBatch(batch);
        } catch (thrown) {
          for (const { input } of batch) input.deferInterrupted(thrown);
        }
        for (const { input, settle } of batch) {
          settle();
          input.finish();
        }
      }
    }
    underWay = [];
    isRunning = false;
  };

  return {
    send(operation, input) {
      let settle = (): void => {};
      const isSettled = new Promise<void>((resolve) => {
        settle = resolve;
      });
      queue.push({ operation, input, isSettled, settle });
      if (!isRunning) void run();
    },
    settled(user) {
      const key = userKey(user);
      const own = [...underWay, ...queue].filter(({ input }) => input.userKey === key);
      return own.length === 0 ? undefined : Promise.all(own.map(({ isSettled }) => isSettled));
    },
  };
}

/** Batches up to OneSignal's limit of bytes, in the order of event time. */
function batchesOf(queue: readonly QueueEntry[]): QueueEntry[][] {
  const inTime = byTime(queue.map(({ input }) => input.plan)).flatMap((index) => queue[index] ?? []);
  const plans = inTime.map(({ operation, input }) => ({ ...input.plan, operations: [operation] }));
  return coalesce(plans).map(({ inputs }) => inputs.flatMap((index) => inTime[index] ?? []));
}
