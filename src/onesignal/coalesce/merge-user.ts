import { maxPropertiesPerRequest } from '../limits.js';
import type { AddPurchases, Alias, Profile, Purchase, UpdateUser } from '../operation.js';
import type { Coalesced } from '../plan.js';
import { splitTags } from '../tag-order.js';
import { ascending } from './by-time.js';

/** Collects the tags, profile and purchases of one user. */
export interface UserMerge {
  /** Adds an operation after those added before. */
  add(operation: UpdateUser | AddPurchases, input: number): void;
  /** The merged operations, updates first. */
  operations(): Coalesced[];
}

interface Update {
  operation: UpdateUser;
  input: number;
}

/**
 * Merges the operations on one user: the latest value of a tag or profile field wins, purchases add up.
 *
 * @internal
 */
export function createUserMerge(user: Alias): UserMerge {
  const updates: Update[] = [];
  const purchases: Purchase[] = [];
  const purchaseInputs: number[] = [];

  return {
    add(operation, input) {
      if (operation.type === 'update_user') {
        updates.push({ operation, input });
        return;
      }
      // Not `push(...)`: arguments beyond a hundred thousand overflow the stack.
      for (const purchase of operation.purchases) purchases.push(purchase);
      purchaseInputs.push(input);
    },
    operations() {
      const merged = mergeUpdates(user, updates);
      if (purchaseInputs.length > 0)
        merged.push({ operation: { type: 'add_purchases', user, purchases }, inputs: ascending(purchaseInputs) });
      return merged;
    },
  };
}

function mergeUpdates(user: Alias, updates: readonly Update[]): Coalesced[] {
  if (updates.length === 0) return [];
  const tags = new Map<string, string>();
  let profile: Profile | undefined;
  for (const { operation } of updates) {
    for (const [key, value] of Object.entries(operation.tags)) tags.set(key, value);
    if (operation.profile !== undefined) profile = { ...profile, ...operation.profile };
  }
  const profileSize = profile === undefined ? 0 : Object.keys(profile).length;
  if (tags.size + profileSize <= maxPropertiesPerRequest)
    return [{ operation: updateOf(user, tags, profile), inputs: inputsOf(updates) }];

  const parts = splitTags(
    Array.from(tags, ([key, value]) => ({ key, value })),
    profileSize,
    () => 0,
  );
  return parts.map((part, index) => {
    const partTags = new Map(part.map(({ key, value }) => [key, value]));
    const partProfile = index === 0 ? profile : undefined;
    const merged = updates.filter(
      ({ operation }) =>
        (partProfile !== undefined && operation.profile !== undefined) ||
        Object.keys(operation.tags).some((key) => partTags.has(key)),
    );
    return { operation: updateOf(user, partTags, partProfile), inputs: inputsOf(merged) };
  });
}

function inputsOf(updates: readonly Update[]): number[] {
  return ascending(updates.map(({ input }) => input));
}

function updateOf(user: Alias, tags: ReadonlyMap<string, string>, profile: Profile | undefined): UpdateUser {
  const operation: UpdateUser = { type: 'update_user', user, tags: Object.fromEntries(tags) };
  return profile === undefined ? operation : { ...operation, profile };
}
