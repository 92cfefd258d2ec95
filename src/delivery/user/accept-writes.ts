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
    for (const input of inputs) input.accepted(operation);
    if (operation.type === 'update_user') room.accepted(operation);
    if (operation.type === 'delete_user') {
      room.forget(operation.user);
      memory.deleted(operation.user);
    } else memory.accepted(operation.user);
    const recording = orderGuard?.record(operation, inputs);
    if (unchangedGuard !== undefined)
      return Promise.resolve(recording)
        .then(() => unchangedGuard.record(operation, inputs))
        .then(() => rememberPurchases({ operation, inputs }));
    return recording === undefined
      ? rememberPurchases({ operation, inputs })
      : recording.then(() => rememberPurchases({ operation, inputs }));
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
