import type { OrderGuard } from './order-guard.js';
import type { SeenGuard } from './seen-guard.js';
import type { TagRoom } from './tag-room.js';
import type { UserMemory } from './user-memory.js';
import type { Part } from './write-job.js';

export interface AcceptanceOptions {
  orderGuard: OrderGuard | undefined;
  seenGuard: SeenGuard | undefined;
  room: TagRoom;
  memory: UserMemory;
}

/** Records accepted operations wherever that matters later. @internal */
export function createAcceptance({
  orderGuard,
  seenGuard,
  room,
  memory,
}: AcceptanceOptions): (parts: readonly Part[]) => void | Promise<void> {
  const acceptPart = ({ operation, inputs }: Part): void | Promise<void> => {
    for (const input of inputs) input.accepted(operation);
    if (operation.type === 'update_user') room.accepted(operation);
    if (operation.type === 'delete_user') {
      room.forget(operation.user);
      memory.deleted(operation.user);
    } else memory.accepted(operation.user);
    const recording = orderGuard?.record(operation, inputs);
    if (operation.type !== 'add_purchases' || seenGuard === undefined) return recording;
    return Promise.resolve(recording).then(() => seenGuard.remember(operation.user, inputs));
  };
  // A promise is returned only if a store answers later: awaiting one costs a turn of the event loop.
  return (parts) => {
    const [only, ...others] = parts;
    if (only !== undefined && others.length === 0) return acceptPart(only);
    return parts.reduce<void | Promise<void>>(
      (before, part) => (before === undefined ? acceptPart(part) : before.then(() => acceptPart(part))),
      undefined,
    );
  };
}
