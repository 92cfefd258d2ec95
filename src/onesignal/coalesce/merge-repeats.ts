import { mergeSubscriptions } from '../merge-subscriptions.js';
import type { AddAlias, AddSubscription, EnsureSegment } from '../operation.js';
import { subscriptionKey } from '../operation-keys.js';
import type { Coalesced } from '../plan.js';
import { ascending } from './by-time.js';

/** Operations that are idempotent in OneSignal, so repeats collapse into one. */
export type RepeatableOperation = EnsureSegment | AddAlias | AddSubscription;

/** Recognizes operations that repeat an earlier one. */
export interface RepeatMerge {
  /** Adds an operation after those added before. Returns it, unless it only repeats an earlier one. */
  add(operation: RepeatableOperation, input: number): Repeated | undefined;
  /** Forgets aliases and subscriptions: after a deletion, another user may take them. */
  forgetUsers(): void;
}

/** An operation and its repeats. */
export interface Repeated {
  /** The operation they collapse into. */
  operations(): readonly Coalesced[];
}

interface Kept {
  operation: RepeatableOperation;
  inputs: number[];
}

/**
 * Collapses repeated operations. A segment keeps its first name, a subscription gets its latest state.
 *
 * An operation is not a repeat if another user took the alias or the subscription in between: it belongs to the user
 * who took it last.
 *
 * @internal
 */
export function createRepeatMerge(): RepeatMerge {
  const segments = new Map<string, Kept>();
  const ofUsers = new Map<string, Kept>();

  return {
    add(operation, input) {
      const latest = operation.type === 'ensure_segment' ? segments : ofUsers;
      const key = targetKey(operation);
      const known = latest.get(key);
      if (known !== undefined && isRepeat(known.operation, operation)) {
        known.inputs.push(input);
        known.operation = withLatestState(known.operation, operation);
        return undefined;
      }
      const kept: Kept = { operation, inputs: [input] };
      latest.set(key, kept);
      return { operations: () => [{ operation: kept.operation, inputs: ascending(kept.inputs) }] };
    },
    forgetUsers: () => ofUsers.clear(),
  };
}

/** OneSignal has one segment per set of filters, one alias per user and label, and one subscription per token. */
function targetKey(operation: RepeatableOperation): string {
  switch (operation.type) {
    case 'ensure_segment':
      return JSON.stringify(operation.filters);
    case 'add_alias':
      return JSON.stringify(['alias', operation.user.label, operation.user.id, operation.alias.label]);
    case 'add_subscription':
      return subscriptionKey(operation.subscription);
  }
}

/** An operation without a state for the subscription leaves it as it was. */
function withLatestState(known: RepeatableOperation, later: RepeatableOperation): RepeatableOperation {
  return known.type === 'add_subscription' && later.type === 'add_subscription'
    ? { ...later, subscription: mergeSubscriptions(known.subscription, later.subscription) }
    : known;
}

function isRepeat(known: RepeatableOperation, operation: RepeatableOperation): boolean {
  if (operation.type === 'ensure_segment') return true;
  if (operation.type === 'add_alias') return known.type === 'add_alias' && known.alias.id === operation.alias.id;
  const { label, id } = operation.user;
  return known.type === 'add_subscription' && known.user.label === label && known.user.id === id;
}
