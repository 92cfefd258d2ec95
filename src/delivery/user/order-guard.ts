import type { Alias, UpdateUser } from '../../onesignal/operation.js';
import type { OrderStore } from '../options.js';
import type { PendingInput } from '../pending-input.js';
import { keysOf, type UserWrite } from '../user-write.js';
import { withStore } from './with-store.js';

const order = { name: 'order store', operation: 'update_user' } as const;

/** Keeps late events from undoing newer ones. */
export interface OrderGuard {
  /** Takes tags and profile fields that a newer event wrote out of the inputs' writes. */
  dropStale(user: Alias, inputs: readonly PendingInput[]): void | Promise<void>;
  /** Remembers an accepted update. */
  record(operation: UpdateUser, inputs: readonly PendingInput[]): void | Promise<void>;
  /** Forgets a user who was deleted. */
  forget(user: Alias, inputs: readonly PendingInput[]): void | Promise<void>;
}

/**
 * Drops strictly older writes as `stale`, per tag and profile field, across calls, retries and redeliveries (D9).
 *
 * An event without a readable time is neither guarded nor remembered. If the store fails, the events are deferred.
 *
 * @internal
 */
export function createOrderGuard(store: OrderStore): OrderGuard {
  return {
    dropStale(user, inputs) {
      const keys = guardedKeys(inputs);
      if (keys.length === 0) return;
      return withStore(
        order,
        inputs,
        () => store.newest(user.id, keys),
        (times) => {
          // Nearly always: nothing was written to these tags yet.
          if (times.length === 0) return;
          const newest = new Map(keys.map((key, index) => [key, times[index]]));
          for (const input of inputs) dropStaleOf(input, newest);
        },
      );
    },
    record(operation, inputs) {
      const written = writtenBy(operation, inputs);
      if (Object.keys(written).length === 0) return;
      return withStore(order, inputs, () => store.record(operation.user.id, written));
    },
    forget(user, inputs) {
      return withStore(order, inputs, () => store.forget(user.id));
    },
  };
}

/** The keys to ask the store about, each once. */
function guardedKeys(inputs: readonly PendingInput[]): string[] {
  const keys = inputs.flatMap((input) => (input.atMs === undefined ? [] : keysIn(input.writes)));
  return inputs.length === 1 ? keys : [...new Set(keys)];
}

function keysIn(writes: readonly UserWrite[]): string[] {
  return writes.flatMap((write) => (write.type === 'update_user' ? keysOf(write) : []));
}

function dropStaleOf(input: PendingInput, newest: ReadonlyMap<string, number | undefined>): void {
  const { atMs } = input;
  if (atMs === undefined) return;
  const stale = new Set(keysIn(input.writes).filter((key) => atMs < (newest.get(key) ?? atMs)));
  if (stale.size > 0) input.dropStale(stale);
}

/**
 * Per key, the newest time of the inputs that wrote it; inputs are in the order of time. An input without a time leaves
 * the known time as it was: older writes stay stale.
 */
function writtenBy(operation: UpdateUser, inputs: readonly PendingInput[]): Record<string, number> {
  const [only] = inputs;
  if (only !== undefined && inputs.length === 1) {
    const { atMs } = only;
    return Object.fromEntries(atMs === undefined ? [] : keysOf(operation).map((key) => [key, atMs]));
  }
  const written = new Map<string, number>();
  const sent = new Set(keysOf(operation));
  for (const { atMs, writes } of inputs) {
    if (atMs === undefined) continue;
    for (const key of keysIn(writes)) if (sent.has(key)) written.set(key, atMs);
  }
  return Object.fromEntries(written);
}
