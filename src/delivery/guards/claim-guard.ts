import type { Alias } from '../../onesignal/operation.js';
import { subscriptionKey } from '../../onesignal/operation-keys.js';
import { userKey } from '../../onesignal/user-key.js';
import { uuidV5 } from '../../onesignal/uuid.js';
import type { PendingInput } from '../pending-input.js';
import type { OrderStore } from '../stores.js';
import { contributionOf, type UserWrite } from '../user-write.js';
import { orderStore, withStore } from './with-store.js';

/** Tokens and aliases are stored under a digest, so that a shared store holds no address or phone number. */
const claimNamespace = 'b9a2a2d0-5b0e-4a86-8f0e-6d1f0a6b1c35';

const ownerKey = 'owner';
const stateKey = 'state';
/** When several users claimed the token or alias at the same time. */
const tiedKey = 'tied';

type ClaimWrite = Extract<UserWrite, { type: 'add_subscription' | 'add_alias' }>;

/** Keeps late events from taking a token or alias back from the user who claimed it since (D9). */
export interface ClaimGuard {
  /** Takes claims that a newer event has settled out of the inputs' writes. */
  dropStale(user: Alias, inputs: readonly PendingInput[]): Promise<void>;
  /** Remembers an accepted claim of these inputs. */
  record(operation: ClaimWrite, inputs: readonly PendingInput[]): Promise<void>;
}

export function isClaim(write: UserWrite): write is ClaimWrite {
  return write.type === 'add_subscription' || write.type === 'add_alias';
}

/** @internal */
export function createClaimGuard(store: OrderStore): ClaimGuard {
  /** Claims of the same time as another user's newest one. */
  const tied = new WeakSet<UserWrite>();

  /** A claim is stale if another user made a newer one. A user's own older claim still counts if its state is news. */
  const dropStaleClaim = (user: Alias, input: PendingInput, write: ClaimWrite, atMs: number): void | Promise<void> =>
    withStore(
      orderStore,
      [input],
      () => store.newest(claimKeyOf(write), [ownerKey, ownerKeyOf(user), stateKey, tiedKey]),
      ([owned, ownedByUser, state = atMs, tiedAt]) => {
        const isOfOther = owned !== ownedByUser;
        if (owned === atMs && isOfOther) tied.add(write);
        const isTaken = owned !== undefined && atMs < owned && (isOfOther || owned === tiedAt);
        if (!isTaken && !(hasState(write) && atMs < state)) return;
        input.dropWrite(write, 'stale');
        input.skipIfNothingIsLeft('stale');
      },
    );

  return {
    async dropStale(user, inputs) {
      for (const input of inputs)
        for (const write of input.writes)
          if (isClaim(write) && input.atMs !== undefined && input.isWanted)
            await dropStaleClaim(user, input, write, input.atMs);
    },
    async record(operation, inputs) {
      const times = claimedBy(operation, inputs, tied);
      if (Object.keys(times).length > 0) await store.record(claimKeyOf(operation), times);
    },
  };
}

function ownerKeyOf(user: Alias): string {
  return `owner/${userKey(user)}`;
}

/** The name under which a store holds what is known of a subscription or alias. */
export function claimKeyOf(write: ClaimWrite): string {
  if (write.type === 'add_subscription')
    return `subscription/${uuidV5(subscriptionKey(write.subscription), claimNamespace)}`;
  const { label, id } = write.alias;
  return `alias/${uuidV5(JSON.stringify([label, id]), claimNamespace)}`;
}

function hasState(write: UserWrite): boolean {
  if (write.type !== 'add_subscription') return false;
  return write.subscription.enabled !== undefined || write.subscription.notification_types !== undefined;
}

function claimedBy(
  operation: ClaimWrite,
  inputs: readonly PendingInput[],
  tied: WeakSet<UserWrite>,
): Record<string, number> {
  const claimed: Record<string, number> = {};
  for (const { atMs, writes } of inputs) {
    if (atMs === undefined) continue;
    for (const write of writes.flatMap((own) => contributionOf(own, operation))) {
      const later = (key: string) => Math.max(claimed[key] ?? atMs, atMs);
      claimed[ownerKey] = later(ownerKey);
      claimed[ownerKeyOf(operation.user)] = later(ownerKeyOf(operation.user));
      if (tied.has(write)) claimed[tiedKey] = later(tiedKey);
      if (hasState(write)) claimed[stateKey] = later(stateKey);
    }
  }
  return claimed;
}
