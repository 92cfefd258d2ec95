import type { Clock } from '../../clock.js';
import type { Alias } from '../../onesignal/operation.js';
import { aliasKey } from '../../onesignal/operation-keys.js';
import { storeKey, userKey } from '../../onesignal/user-key.js';
import { createExpiringMap } from '../expiring-map.js';
import type { PendingInput } from '../pending-input.js';
import type { OrderStore } from '../stores.js';
import { keysOf, type UserWrite } from '../user-write.js';
import { orderStore, withStore } from './with-store.js';

/** Under these keys a user's deletion, and the first accepted write after it, stand among the user's tags. */
const deletedKey = 'user/deleted';
const writtenKey = 'user/written';

const maxDeletedUsers = 10_000;
const deletedMs = 60 * 60 * 1000;

export interface UpdateGuardOptions {
  /** Whether users can be deleted, so that events must be checked against deletions. */
  guardsDeletions: boolean;
  clock: Clock;
}

/** Keeps late events from undoing newer writes to the user's own tags, profile fields and alias labels (D9). */
export interface UpdateGuard {
  /** Takes everything that a newer event, or the user's deletion, has settled out of the inputs' writes. */
  dropStale(user: Alias, inputs: readonly PendingInput[]): void | Promise<void>;
  /** The times to remember for an accepted operation of these inputs, by key. */
  timesOf(operation: UserWrite, inputs: readonly PendingInput[]): Record<string, number>;
  /** Remembers that the user was deleted by these inputs, and forgets all else. */
  recordDeletion(user: Alias, inputs: readonly PendingInput[]): Promise<void>;
}

/** @internal */
export function createUpdateGuard(store: OrderStore, { guardsDeletions, clock }: UpdateGuardOptions): UpdateGuard {
  /** Users who were deleted a while ago: only for them it matters whether they were written to since. */
  const deletedUsers = createExpiringMap<true>(maxDeletedUsers, clock);

  return {
    dropStale(user, inputs) {
      const keys = guardedKeys(inputs);
      if (guardsDeletions && inputs.some(({ atMs }) => atMs !== undefined)) keys.push(deletedKey);
      if (keys.length === 0) return;
      if (inputs.some(({ writes }) => writes.some(({ type }) => type === 'delete_user'))) keys.push(writtenKey);
      return withStore(
        orderStore,
        inputs,
        () => store.newest(storeKey(user), keys),
        (times) => {
          // Nearly always: nothing was written to this user yet.
          if (times.length === 0) return;
          const newest = new Map(keys.map((key, index) => [key, times[index]]));
          if (newest.get(deletedKey) !== undefined) deletedUsers.set(userKey(user), true, deletedMs);
          for (const input of inputs) dropStaleOf(input, newest);
        },
      );
    },
    timesOf(operation, inputs) {
      const written = writtenBy(operation, inputs);
      const at = deletedUsers.get(userKey(operation.user)) === undefined ? undefined : latestOf(inputs);
      if (at !== undefined) written[writtenKey] = at;
      return written;
    },
    async recordDeletion(user, inputs) {
      const at = latestOf(inputs) ?? Math.max(...inputs.map(({ arrivedMs }) => arrivedMs));
      deletedUsers.set(userKey(user), true, deletedMs);
      const [before] = await store.newest(storeKey(user), [deletedKey]);
      await store.forget(storeKey(user));
      await store.record(storeKey(user), { [deletedKey]: Math.max(at, before ?? at) });
    },
  };
}

/** The keys to ask the store about, each once. */
function guardedKeys(inputs: readonly PendingInput[]): string[] {
  const [only] = inputs;
  if (only !== undefined && inputs.length === 1) return only.atMs === undefined ? [] : orderKeysOfAll(only.writes);
  const keys = new Set<string>();
  for (const { atMs, writes } of inputs)
    if (atMs !== undefined) for (const key of orderKeysOfAll(writes)) keys.add(key);
  return [...keys];
}

function orderKeysOfAll(writes: readonly UserWrite[]): string[] {
  const [only] = writes;
  return only !== undefined && writes.length === 1 ? orderKeysOf(only) : writes.flatMap(orderKeysOf);
}

/** The keys under which the times of a write stand among its user's tags. */
function orderKeysOf(write: UserWrite): string[] {
  return write.type === 'add_alias' ? [aliasKey(write.alias)] : keysOf(write);
}

function dropStaleOf(input: PendingInput, newest: ReadonlyMap<string, number | undefined>): void {
  const { atMs } = input;
  if (atMs === undefined) return;
  const isOlderThan = (key: string): boolean => atMs < (newest.get(key) ?? atMs);
  if (input.writes.some(({ type }) => type === 'delete_user')) {
    // Done before, and the user was created again since: a redelivered deletion must not delete the new one.
    if ((newest.get(deletedKey) ?? Number.NEGATIVE_INFINITY) >= atMs && isOlderThan(writtenKey)) input.skip('stale');
    return;
  }
  if (isOlderThan(deletedKey)) {
    input.dropStaleKeys(new Set(orderKeysOfAll(input.writes)));
    input.skip('stale');
    return;
  }
  const stale = new Set(orderKeysOfAll(input.writes).filter(isOlderThan));
  if (stale.size === 0) return;
  input.dropStaleKeys(stale);
  input.skipIfNothingIsLeft('stale');
}

function latestOf(inputs: readonly PendingInput[]): number | undefined {
  return inputs.reduce<number | undefined>((latest, { atMs }) => {
    if (atMs === undefined) return latest;
    return latest === undefined ? atMs : Math.max(latest, atMs);
  }, undefined);
}

/**
 * Per key, the newest time of the inputs that wrote it; inputs are in the order of time. An input without a time leaves
 * the known time as it was: older writes stay stale.
 */
function writtenBy(operation: UserWrite, inputs: readonly PendingInput[]): Record<string, number> {
  const [only] = inputs;
  const sent = orderKeysOf(operation);
  if (only !== undefined && inputs.length === 1) {
    const { atMs } = only;
    return atMs === undefined ? {} : Object.fromEntries(sent.map((key) => [key, atMs]));
  }
  const written = new Map<string, number>();
  const isSent = new Set(sent);
  for (const { atMs, writes } of inputs) {
    if (atMs === undefined) continue;
    for (const key of orderKeysOfAll(writes)) if (isSent.has(key)) written.set(key, atMs);
  }
  return Object.fromEntries(written);
}
