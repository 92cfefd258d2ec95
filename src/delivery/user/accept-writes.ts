import type { OrderGuard } from '../guards/order-guard.js';
import type { SeenGuard } from '../guards/seen-guard.js';
import type { UnchangedGuard } from '../guards/unchanged-guard.js';
import type { TagRoom } from './tag-room.js';
import type { UserMemory } from './user-memory.js';
import type { Part } from './write-job.js';

export interface AcceptanceOptions {
  orderGuard: OrderGuard | undefined;
  unchangedGuard: UnchangedGuard | undefined;
  seenGuard: SeenGuard | undefined;
  room: TagRoom;
  memory: UserMemory;
}

/** Records accepted operations wherever that matters later. @internal */
export function createAcceptance({
  orderGuard,
  unchangedGuard,
  seenGuard,
  room,
  memory,
}: AcceptanceOptions): (parts: readonly Part[]) => void | Promise<void> {
  const rememberPurchases = ({ operation, inputs }: Part): void | Promise<void> =>
    operation.type === 'add_purchases' ? seenGuard?.remember(operation.user, inputs) : undefined;
  const acceptPart = ({ operation, inputs }: Part): void | Promise<void> => {
    // Without its time in the store, a late event may undo a write. So its redelivery repeats it, unless that counts twice.
    const accepted = (): void => {
      for (const input of inputs) input.accepted(operation);
    };
    if (operation.type === 'add_purchases') accepted();
    for (const input of inputs) input.applied(operation.type);
    if (operation.type === 'update_user') room.accepted(operation);
    if (operation.type === 'delete_user') {
      room.forget(operation.user);
      memory.deleted(operation.user);
    } else memory.accepted(operation.user);
    const recorded = after(orderGuard === undefined ? accepted() : orderGuard.record(operation, inputs, accepted), () =>
      unchangedGuard?.record(operation, inputs),
    );
    return after(recorded, () => rememberPurchases({ operation, inputs }));
  };
  return (parts) =>
    parts.reduce<void | Promise<void>>((before, part) => after(before, () => acceptPart(part)), undefined);
}

/** Takes a next step. Returns a promise only if a step answers later: awaiting one costs a turn of the event loop. */
function after(before: void | Promise<void>, next: () => void | Promise<void>): void | Promise<void> {
  return before === undefined ? next() : before.then(next);
}
