import type { AddAlias, AddSubscription, EnsureSegment } from '../operation.js';
import type { Coalesced } from '../plan.js';
import { ascending } from './ascending.js';

/** What OneSignal has once, whoever asks for it how often: a segment, a name of a user, a token. */
export type RepeatableOperation = EnsureSegment | AddAlias | AddSubscription;

/** Recognises operations that repeat an earlier one. */
export interface RepeatMerge {
  /** Adds one, later than those before; gives back what it became, unless it only repeats. */
  add(operation: RepeatableOperation, input: number): Repeated | undefined;
  /** After a deletion an alias or a token may be free for somebody else: nothing repeats what came before. */
  forgetUsers(): void;
}

/** An operation and all that repeat it. */
export interface Repeated {
  /** The one operation. */
  operations(): readonly Coalesced[];
}

/**
 * Joins what asks for the same thing. A segment keeps the name that came first, a subscription the settings that came last.
 *
 * A phone that goes from hand to hand belongs to whoever came last: what asks for a thing that somebody else asked for meanwhile is no repeat.
 *
 * @see {@link https://documentation.onesignal.com/reference/create-subscription | OneSignal: Create subscription, transfer}
 * @internal
 */
export function createRepeatMerge(): RepeatMerge {
  const segments = new Map<string, Kept>();
  const ofUsers = new Map<string, Kept>();

  return {
    add(operation, input) {
      const latest = operation.type === 'ensure_segment' ? segments : ofUsers;
      const thing = thingOf(operation);
      const known = latest.get(thing);
      if (known !== undefined && isRepeat(known.operation, operation)) {
        known.inputs.push(input);
        known.operation = settled(known.operation, operation);
        return undefined;
      }
      const kept: Kept = { operation, inputs: [input] };
      latest.set(thing, kept);
      return { operations: () => [{ operation: kept.operation, inputs: ascending(kept.inputs) }] };
    },
    forgetUsers: () => ofUsers.clear(),
  };
}

interface Kept {
  operation: RepeatableOperation;
  inputs: number[];
}

/** What there is one of: a segment per filters, an alias per user and label, a subscription per token. */
function thingOf(operation: RepeatableOperation): string {
  switch (operation.type) {
    case 'ensure_segment':
      return JSON.stringify(operation.filters);
    case 'add_alias':
      return JSON.stringify(['alias', operation.user.label, operation.user.id, operation.alias.label]);
    case 'add_subscription':
      return JSON.stringify(['subscription', operation.subscription.type, operation.subscription.token]);
  }
}

/** A subscription's state stays as it was where the later one says nothing of it; the rest stays as it came first. */
function settled(known: RepeatableOperation, later: RepeatableOperation): RepeatableOperation {
  return known.type === 'add_subscription' && later.type === 'add_subscription'
    ? { ...later, subscription: { ...known.subscription, ...later.subscription } }
    : known;
}

function isRepeat(known: RepeatableOperation, operation: RepeatableOperation): boolean {
  if (operation.type === 'ensure_segment') return true;
  if (operation.type === 'add_alias') return known.type === 'add_alias' && known.alias.id === operation.alias.id;
  const { label, id } = operation.user;
  return known.type === 'add_subscription' && known.user.label === label && known.user.id === id;
}
