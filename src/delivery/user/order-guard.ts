import type { Clock } from '../../clock.js';
import type { Alias } from '../../onesignal/operation.js';
import { aliasKey, subscriptionKey } from '../../onesignal/operation-keys.js';
import { userKey } from '../../onesignal/user-key.js';
import { uuidV5 } from '../../onesignal/uuid.js';
import { createExpiringMap } from '../expiring-map.js';
import type { OrderStore } from '../options.js';
import type { PendingInput } from '../pending-input.js';
import { contributionOf, keysOf, type UserWrite } from '../user-write.js';
import { withStore } from './with-store.js';

const order = { name: 'order store', operation: 'update_user' } as const;

/** Under these keys a user's deletion, and the first accepted write after it, stand among the user's tags. */
const deletedKey = 'user/deleted';
const writtenKey = 'user/written';

/** Tokens and aliases are stored under a digest, so that a shared store holds no address or phone number. */
const claimNamespace = 'b9a2a2d0-5b0e-4a86-8f0e-6d1f0a6b1c35';

const maxDeletedUsers = 10_000;
const deletedMs = 60 * 60 * 1000;

/** Keeps late events from undoing newer ones. */
export interface OrderGuard {
  /** Takes everything that a newer event has settled already out of the inputs' writes. */
  dropStale(user: Alias, inputs: readonly PendingInput[]): void | Promise<void>;
  /** Remembers an accepted operation of these inputs. */
  record(operation: UserWrite, inputs: readonly PendingInput[]): void | Promise<void>;
}

/**
 * Drops strictly older writes as `stale`: per tag, profile field, subscription and alias, across calls, retries and
 * redeliveries; and every write that is older than its user's deletion (D9).
 *
 * An event without a readable time is neither guarded nor remembered. If the store fails, the events are deferred.
 *
 * @param guardsDeletions - Whether users can be deleted, so that events must be checked against deletions.
 * @internal
 */
export function createOrderGuard(
  store: OrderStore,
  { guardsDeletions, clock }: { guardsDeletions: boolean; clock: Clock },
): OrderGuard {
  /** Users who were deleted a while ago: only for them it matters whether they were written to since. */
  const deletedUsers = createExpiringMap<true>(maxDeletedUsers, clock);

  const guardUpdates = (user: Alias, inputs: readonly PendingInput[]): void | Promise<void> => {
    const keys = guardedKeys(inputs);
    if (guardsDeletions && inputs.some(({ atMs }) => atMs !== undefined)) keys.push(deletedKey);
    if (keys.length === 0) return;
    if (inputs.some(({ writes }) => writes.some(({ type }) => type === 'delete_user'))) keys.push(writtenKey);
    return withStore(
      order,
      inputs,
      () => store.newest(user.id, keys),
      (times) => {
        // Nearly always: nothing was written to this user yet.
        if (times.length === 0) return;
        const newest = new Map(keys.map((key, index) => [key, times[index]]));
        if (newest.get(deletedKey) !== undefined) deletedUsers.set(userKey(user), true, deletedMs);
        for (const input of inputs) dropStaleOf(input, newest);
      },
    );
  };

  const guardClaims = async (user: Alias, inputs: readonly PendingInput[]): Promise<void> => {
    for (const input of inputs) {
      for (const write of input.writes) {
        const claim = claimOf(write);
        if (claim === undefined || input.atMs === undefined || !input.isWanted) continue;
        const keys = [ownerKey, ownerKeyOf(user), stateKey];
        await withStore(
          order,
          [input],
          () => store.newest(claim.key, keys),
          ([owned, ownedByUser, state]) => {
            if (isStaleClaim(input.atMs, claim.hasState, { owned, ownedByUser, state })) {
              input.dropWrite(claim.write, 'stale');
              input.skipIfNothingIsLeft();
            }
          },
        );
      }
    }
  };

  return {
    dropStale(user, inputs) {
      const updates = guardUpdates(user, inputs);
      const hasClaims = inputs.some(({ writes }) => writes.some((write) => claimOf(write) !== undefined));
      if (!hasClaims) return updates;
      return Promise.resolve(updates).then(() => guardClaims(user, inputs));
    },
    record(operation, inputs) {
      const { user } = operation;
      if (operation.type === 'delete_user') {
        const at = latestOf(inputs) ?? Math.max(...inputs.map(({ arrivedMs }) => arrivedMs));
        deletedUsers.set(userKey(user), true, deletedMs);
        return withStore(order, inputs, async () => {
          const [before] = await store.newest(user.id, [deletedKey]);
          await store.forget(user.id);
          await store.record(user.id, { [deletedKey]: Math.max(at, before ?? at) });
        });
      }
      const written = writtenBy(operation, inputs);
      const at = deletedUsers.get(userKey(user)) === undefined ? undefined : latestOf(inputs);
      if (at !== undefined) written[writtenKey] = at;
      const claim = claimOf(operation);
      const recordUser = () => (Object.keys(written).length === 0 ? undefined : store.record(user.id, written));
      if (claim === undefined)
        return Object.keys(written).length === 0 ? undefined : withStore(order, inputs, recordUser);
      const claimed = claimedBy(user, operation, inputs);
      return withStore(order, inputs, async () => {
        await recordUser();
        if (Object.keys(claimed).length > 0) await store.record(claim.key, claimed);
      });
    },
  };
}

type ClaimWrite = Extract<UserWrite, { type: 'add_subscription' | 'add_alias' }>;

const ownerKey = 'owner';
const stateKey = 'state';

function ownerKeyOf(user: Alias): string {
  return `owner/${userKey(user)}`;
}

/** The token or alias that a write takes for its user; `undefined` for other writes. */
function claimOf(write: UserWrite): { write: ClaimWrite; key: string; hasState: boolean } | undefined {
  if (write.type === 'add_subscription') {
    const { subscription } = write;
    const hasState = subscription.enabled !== undefined || subscription.notification_types !== undefined;
    return { write, key: `subscription/${uuidV5(subscriptionKey(subscription), claimNamespace)}`, hasState };
  }
  if (write.type !== 'add_alias') return undefined;
  const key = `alias/${uuidV5(JSON.stringify([write.alias.label, write.alias.id]), claimNamespace)}`;
  return { write, key, hasState: false };
}

interface ClaimTimes {
  /** The newest claim of any user, and of this user. */
  owned: number | undefined;
  ownedByUser: number | undefined;
  /** The newest explicit consent state. */
  state: number | undefined;
}

/** A claim is stale if another user made a newer one. A user's own older claim still counts if its state is news. */
function isStaleClaim(at: number | undefined, hasState: boolean, { owned, ownedByUser, state }: ClaimTimes): boolean {
  if (at === undefined) return false;
  if (owned !== undefined && at < owned && owned !== ownedByUser) return true;
  return hasState && state !== undefined && at < state;
}

function claimedBy(user: Alias, operation: UserWrite, inputs: readonly PendingInput[]): Record<string, number> {
  const claimed: Record<string, number> = {};
  for (const { atMs, writes } of inputs) {
    if (atMs === undefined) continue;
    for (const write of writes.flatMap((own) => contributionOf(own, operation))) {
      const later = (key: string) => Math.max(claimed[key] ?? atMs, atMs);
      claimed[ownerKey] = later(ownerKey);
      claimed[ownerKeyOf(user)] = later(ownerKeyOf(user));
      if (claimOf(write)?.hasState) claimed[stateKey] = later(stateKey);
    }
  }
  return claimed;
}

/** The keys to ask the store about, each once. */
function guardedKeys(inputs: readonly PendingInput[]): string[] {
  const keys = inputs.flatMap((input) => (input.atMs === undefined ? [] : input.writes.flatMap(orderKeysOf)));
  return inputs.length === 1 ? keys : [...new Set(keys)];
}

/** The keys under which the times of a write stand among its user's tags. */
function orderKeysOf(write: UserWrite): string[] {
  if (write.type === 'update_user') return keysOf(write);
  if (write.type === 'add_alias') return [aliasKey(write.alias)];
  return [];
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
    input.dropStaleKeys(new Set(input.writes.flatMap(orderKeysOf)));
    input.skip('stale');
    return;
  }
  const stale = new Set(
    input.writes.flatMap((write) => (write.type === 'update_user' ? keysOf(write) : [])).filter(isOlderThan),
  );
  if (stale.size > 0) input.dropStaleKeys(stale);
  const aliases = input.writes.filter((write) => write.type === 'add_alias' && isOlderThan(aliasKey(write.alias)));
  for (const write of aliases) if (write.type === 'add_alias') input.dropWrite(write, 'stale');
  if (stale.size > 0 || aliases.length > 0) input.skipIfNothingIsLeft();
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
    return Object.fromEntries(atMs === undefined ? [] : sent.map((key) => [key, atMs]));
  }
  const written = new Map<string, number>();
  const isSent = new Set(sent);
  for (const { atMs, writes } of inputs) {
    if (atMs === undefined) continue;
    for (const key of writes.flatMap(orderKeysOf)) if (isSent.has(key)) written.set(key, atMs);
  }
  return Object.fromEntries(written);
}
