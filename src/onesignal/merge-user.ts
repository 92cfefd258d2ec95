import { maxPropertiesPerRequest } from './limits.js';
import type {
  AddAlias,
  AddPurchases,
  AddSubscription,
  Alias,
  Operation,
  Profile,
  Purchase,
  UpdateUser,
} from './operation.js';
import type { Coalesced } from './plan.js';

/** Operations on one user that may be merged: all but the deletion. */
export type UserOperation = UpdateUser | AddAlias | AddSubscription | AddPurchases;

/** Gathers the operations on one user between two deletions. */
export interface UserMerge {
  /** Adds one, later than those before. */
  add(operation: UserOperation, input: number): void;
  /** The merged ones: tags first, since whatever else fails must not delay them. */
  operations(): Coalesced[];
}

/**
 * Merges what is meant for one user: the later value wins per tag and profile field, and the same alias or subscription is added once.
 *
 * @internal
 */
export function createUserMerge(user: Alias): UserMerge {
  const updates: { operation: UpdateUser; input: number }[] = [];
  const aliases = new Map<string, Latest>();
  const subscriptions = new Map<string, Latest>();
  const purchases: Purchase[] = [];
  const purchaseInputs: number[] = [];

  return {
    add(operation, input) {
      switch (operation.type) {
        case 'update_user':
          updates.push({ operation, input });
          return;
        case 'add_alias':
          later(aliases, operation.alias.label, operation, input);
          return;
        case 'add_subscription':
          later(subscriptions, `${operation.subscription.type}\n${operation.subscription.token}`, operation, input);
          return;
        case 'add_purchases':
          purchases.push(...operation.purchases);
          purchaseInputs.push(input);
      }
    },
    operations() {
      return [
        ...mergeUpdates(user, updates),
        ...[...aliases.values(), ...subscriptions.values()].map(({ operation, inputs }) => ({
          operation,
          inputs: [...inputs],
        })),
        ...(purchases.length === 0
          ? []
          : [
              {
                operation: { type: 'add_purchases', user, purchases } satisfies Operation,
                inputs: unique(purchaseInputs),
              },
            ]),
      ];
    },
  };
}

interface Latest {
  operation: Operation;
  inputs: Set<number>;
}

/** The later operation wins under a key; the inputs of the earlier one are served by it too. */
function later(merged: Map<string, Latest>, key: string, operation: Operation, input: number): void {
  const known = merged.get(key);
  if (known === undefined) {
    merged.set(key, { operation, inputs: new Set([input]) });
    return;
  }
  known.operation = operation;
  known.inputs.add(input);
}

function mergeUpdates(user: Alias, updates: readonly { operation: UpdateUser; input: number }[]): Coalesced[] {
  if (updates.length === 0) return [];
  const tags = new Map<string, string>();
  let profile: Profile | undefined;
  for (const { operation } of updates) {
    for (const [key, value] of Object.entries(operation.tags)) tags.set(key, value);
    if (operation.profile !== undefined) profile = { ...profile, ...operation.profile };
  }
  const profileSize = profile === undefined ? 0 : Object.keys(profile).length;
  if (tags.size + profileSize <= maxPropertiesPerRequest) {
    return [{ operation: updateOf(user, tags, profile), inputs: unique(updates.map(({ input }) => input)) }];
  }
  // Removals go first: they make room where the user is at the plan's limit of tags (spec M11).
  const ordered = [...tags].sort(([, a], [, b]) => Number(a !== '') - Number(b !== ''));
  const operations: Coalesced[] = [];
  for (let start = 0; start < ordered.length; ) {
    const room = maxPropertiesPerRequest - (start === 0 ? profileSize : 0);
    const part = new Map(ordered.slice(start, start + room));
    const wanting = updates.filter(
      ({ operation }) =>
        (start === 0 && operation.profile !== undefined) || Object.keys(operation.tags).some((key) => part.has(key)),
    );
    operations.push({
      operation: updateOf(user, part, start === 0 ? profile : undefined),
      inputs: unique(wanting.map(({ input }) => input)),
    });
    start += room;
  }
  return operations;
}

function updateOf(user: Alias, tags: ReadonlyMap<string, string>, profile: Profile | undefined): UpdateUser {
  const operation: UpdateUser = { type: 'update_user', user, tags: Object.fromEntries(tags) };
  return profile === undefined ? operation : { ...operation, profile };
}

function unique(inputs: readonly number[]): number[] {
  return [...new Set(inputs)];
}
