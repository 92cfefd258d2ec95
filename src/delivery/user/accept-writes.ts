import type { OrderGuard } from './order-guard.js';
import type { SeenGuard } from './seen-guard.js';
import type { TagRoom } from './tag-room.js';
import type { UserMemory } from './user-memory.js';
import type { Part } from './write-sender.js';

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
}: AcceptanceOptions): (parts: readonly Part[]) => Promise<void> {
  return async (parts) => {
    for (const { operation, inputs } of parts) {
      for (const input of inputs) input.accepted(operation);
      if (operation.type === 'update_user') room.accepted(operation);
      if (operation.type === 'delete_user') {
        room.forget(operation.user);
        memory.deleted(operation.user);
      } else memory.accepted(operation.user);
      // Awaited only if a store answers later: an await costs a turn of the event loop.
      const recording = orderGuard?.record(operation, inputs);
      if (recording !== undefined) await recording;
      if (operation.type === 'add_purchases') await seenGuard?.remember(operation.user, inputs);
    }
  };
}
