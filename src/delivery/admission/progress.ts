import type { Clock } from '../../clock.js';
import type { Progress } from '../accepted-writes.js';
import { createExpiringMap } from '../expiring-map.js';
import type { UserWrite } from '../user-write.js';

const maxEvents = 10_000;
/** Segment redelivers for four hours. */
const rememberedMs = 4 * 60 * 60 * 1000;

/** @internal */
export function createProgress(clock: Clock): Progress {
  const remembered = createExpiringMap<readonly UserWrite[]>(maxEvents, clock);
  return {
    take(event) {
      const accepted = remembered.get(event);
      if (accepted !== undefined) remembered.delete(event);
      return accepted;
    },
    save: (event, accepted) => remembered.set(event, accepted, rememberedMs),
  };
}
