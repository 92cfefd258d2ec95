import type { Clock } from '../../clock.js';
import { createExpiringMap } from '../expiring-map.js';
import type { PendingInput } from '../pending-input.js';
import type { UserWrite } from '../user-write.js';

/** Remembers the accepted writes of unfinished events, so that a redelivery does not start over (D10). */
export interface Progress {
  /** Takes out the accepted writes of an event. */
  take(user: string, messageId: string): readonly UserWrite[] | undefined;
  save(user: string, messageId: string, accepted: readonly UserWrite[]): void;
}

const maxEvents = 10_000;
/** Segment redelivers for four hours. */
const rememberedMs = 4 * 60 * 60 * 1000;

/** @internal */
export function createProgress(clock: Clock): Progress {
  const remembered = createExpiringMap<readonly UserWrite[]>(maxEvents, clock);
  const keyOf = (user: string, messageId: string) => `${messageId} ${user}`;
  return {
    take(user, messageId) {
      const key = keyOf(user, messageId);
      const accepted = remembered.get(key);
      if (accepted !== undefined) remembered.delete(key);
      return accepted;
    },
    save(user, messageId, accepted) {
      remembered.set(keyOf(user, messageId), accepted, rememberedMs);
    },
  };
}

/** Takes what was accepted in an earlier delivery out of an input's writes, so that it is not sent again. @internal */
export function resume(input: PendingInput, user: string, progress: Progress): void {
  const { messageId } = input.plan;
  const accepted = messageId === undefined ? undefined : progress.take(user, messageId);
  if (accepted !== undefined) input.resume(accepted);
}
