import { maxPropertiesPerRequest } from '../limits.js';
import type { AddPurchases, Alias, Profile, Purchase, UpdateUser } from '../operation.js';
import type { Coalesced } from '../plan.js';
import { ascending } from './ascending.js';

/** Gathers the tags and purchases of one user between two deletions. */
export interface UserMerge {
  /** Adds some, later than those before. */
  add(operation: UpdateUser | AddPurchases, input: number): void;
  /** The merged ones, tags first. */
  operations(): Coalesced[];
}

/**
 * Merges what is meant for one user: the later value wins per tag and profile field, purchases add up.
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

interface Update {
  operation: UpdateUser;
  input: number;
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
  if (tags.size + profileSize <= maxPropertiesPerRequest) {
    return [{ operation: updateOf(user, tags, profile), inputs: ascending(updates.map(({ input }) => input)) }];
  }
  return split(user, tags, profile, profileSize, updates);
}

/** Removals go first: they make room where the user is at the plan's limit of tags (spec M11). The profile goes with the first part. */
function split(
  user: Alias,
  tags: ReadonlyMap<string, string>,
  profile: Profile | undefined,
  profileSize: number,
  updates: readonly Update[],
): Coalesced[] {
  const ordered = [...tags].sort(([, a], [, b]) => Number(a !== '') - Number(b !== ''));
  const merged: Coalesced[] = [];
  let carried = profile;
  for (let start = 0; start < ordered.length; ) {
    const end = start + maxPropertiesPerRequest - (carried === undefined ? 0 : profileSize);
    const part = new Map(ordered.slice(start, end));
    const wanting = updates.filter(
      ({ operation }) =>
        (carried !== undefined && operation.profile !== undefined) ||
        Object.keys(operation.tags).some((key) => part.has(key)),
    );
    merged.push({
      operation: updateOf(user, part, carried),
      inputs: ascending(wanting.map(({ input }) => input)),
    });
    carried = undefined;
    start = end;
  }
  return merged;
}

function updateOf(user: Alias, tags: ReadonlyMap<string, string>, profile: Profile | undefined): UpdateUser {
  const operation: UpdateUser = { type: 'update_user', user, tags: Object.fromEntries(tags) };
  return profile === undefined ? operation : { ...operation, profile };
}
