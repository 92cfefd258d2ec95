import type { Alias } from '../../onesignal/operation.js';
import { storeKey } from '../../onesignal/user-key.js';
import type { PendingInput } from '../pending-input.js';
import type { OrderStore } from '../stores.js';
import type { UserWrite } from '../user-write.js';
import { createClaimGuard, isClaim } from './claim-guard.js';
import { createUpdateGuard, type UpdateGuardOptions } from './update-guard.js';
import { orderStore, withStore } from './with-store.js';

/** Keeps late events from undoing newer ones. */
export interface OrderGuard {
  /** Takes everything that a newer event has settled already out of the inputs' writes. */
  dropStale(user: Alias, inputs: readonly PendingInput[]): void | Promise<void>;
  /** Remembers an accepted operation of these inputs, then calls back. */
  record(operation: UserWrite, inputs: readonly PendingInput[], onRecorded?: () => void): void | Promise<void>;
}

/**
 * Drops strictly older writes as `stale`: per tag, profile field, subscription and alias, across calls, retries and
 * redeliveries; and every write that is older than its user's deletion (D9).
 *
 * An event without a readable time is neither guarded nor remembered. If the store fails, the events are deferred.
 *
 * @internal
 */
export function createOrderGuard(store: OrderStore, options: UpdateGuardOptions): OrderGuard {
  const updates = createUpdateGuard(store, options);
  const claims = createClaimGuard(store);

  return {
    dropStale(user, inputs) {
      const checking = updates.dropStale(user, inputs);
      if (!inputs.some(({ writes }) => writes.some(isClaim))) return checking;
      return Promise.resolve(checking).then(() => claims.dropStale(user, inputs));
    },
    record(operation, inputs, onRecorded) {
      const { user } = operation;
      const ask = (): unknown => {
        if (operation.type === 'delete_user') return updates.recordDeletion(user, inputs);
        const written = updates.timesOf(operation, inputs);
        const recording = Object.keys(written).length > 0 ? store.record(storeKey(user), written) : undefined;
        return isClaim(operation) ? Promise.resolve(recording).then(() => claims.record(operation, inputs)) : recording;
      };
      return withStore(orderStore, inputs, ask, onRecorded);
    },
  };
}
