import { maxPropertiesPerRequest } from '../limits.js';
import type { AddPurchases, Alias, Profile, Purchase, UpdateUser } from '../operation.js';
import type { Coalesced } from '../plan.js';
import { splitTags, tagRecord } from '../tag-order.js';
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

interface MergedTag {
  readonly key: string;
  /** The latest value. */
  value: string;
  /** Inputs of the operation that the tag becomes a part of, if the user's tags need several. */
  inputs: number[] | undefined;
}

/**
 * Merges the operations on one user: the latest value of a tag or profile field wins, purchases add up.
 *
 * @internal
 */
export function createUserMerge(user: Alias): UserMerge {
  const updates: Update[] = [];
  let bought: { purchases: Purchase[]; inputs: number[] } | undefined;

  return {
    add(operation, input) {
      if (operation.type === 'update_user') {
        updates.push({ operation, input });
        return;
      }
      bought ??= { purchases: [], inputs: [] };
      // Not `push(...)`: arguments beyond a hundred thousand overflow the stack.
      for (const purchase of operation.purchases) bought.purchases.push(purchase);
      bought.inputs.push(input);
    },
    operations() {
      const merged = mergeUpdates(user, updates);
      if (bought === undefined) return merged;
      const { purchases, inputs } = bought;
      return [...merged, { operation: { type: 'add_purchases', user, purchases }, inputs: ascending(inputs) }];
    },
  };
}

function mergeUpdates(user: Alias, updates: readonly Update[]): Coalesced[] {
  const [first] = updates;
  if (first === undefined) return [];
  // Most users have one update, which needs no merging.
  if (updates.length === 1 && sizeOf(first.operation) <= maxPropertiesPerRequest)
    return [{ operation: first.operation, inputs: [first.input] }];
  const tags = new Map<string, MergedTag>();
  let profile: Profile | undefined;
  for (const { operation } of updates) {
    for (const [key, value] of Object.entries(operation.tags)) {
      const tag = tags.get(key);
      if (tag === undefined) tags.set(key, { key, value, inputs: undefined });
      else tag.value = value;
    }
    if (operation.profile !== undefined) profile = { ...profile, ...operation.profile };
  }
  const isHostile = tags.has('__proto__');
  const profileSize = profile === undefined ? 0 : Object.keys(profile).length;
  if (tags.size + profileSize <= maxPropertiesPerRequest)
    return [
      {
        operation: updateOf(user, tagRecord(tags.values(), isHostile), profile),
        inputs: ascending(updates.map(({ input }) => input)),
      },
    ];

  const parts = splitTags(tags.values(), profileSize, () => 0).map((part) => {
    const inputs: number[] = [];
    for (const tag of part) tag.inputs = inputs;
    return { part, inputs };
  });
  // Every key of every update is looked at once, however many parts there are.
  for (const { operation, input } of updates) {
    // The profile goes with the first part.
    if (operation.profile !== undefined) serve(parts[0]?.inputs, input);
    for (const key of Object.keys(operation.tags)) serve(tags.get(key)?.inputs, input);
  }
  return parts.map(({ part, inputs }, index) => ({
    operation: updateOf(user, tagRecord(part, isHostile), index === 0 ? profile : undefined),
    inputs: ascending(inputs),
  }));
}

function sizeOf({ tags, profile = {} }: UpdateUser): number {
  return Object.keys(tags).length + Object.keys(profile).length;
}

function serve(inputs: number[] | undefined, input: number): void {
  if (inputs !== undefined && inputs.at(-1) !== input) inputs.push(input);
}

function updateOf(user: Alias, tags: Record<string, string>, profile: Profile | undefined): UpdateUser {
  const operation: UpdateUser = { type: 'update_user', user, tags };
  return profile === undefined ? operation : { ...operation, profile };
}
