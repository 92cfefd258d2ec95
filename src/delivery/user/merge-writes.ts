import { byTime } from '../../onesignal/coalesce/by-time.js';
import { coalesce } from '../../onesignal/coalesce/coalesce.js';
import type { UpdateUser } from '../../onesignal/operation.js';
import type { PendingInput } from '../pending-input.js';
import { keysOf, type UserWrite, withoutKeys } from '../user-write.js';

type Writing = Pick<PendingInput, 'plan' | 'writes'>;

/** Sorts by event time, so that of several inputs that write one tag the last one is the one that was written. */
export function inTime(inputs: readonly PendingInput[]): readonly PendingInput[] {
  if (inputs.length < 2) return inputs;
  return byTime(inputs.map(({ plan }) => plan)).flatMap((index) => inputs[index] ?? []);
}

/** Merges the writes of several inputs to one user into as few operations as give the same result. */
export function mergeWrites(inputs: readonly Writing[]): { operation: UserWrite; inputs: number[] }[] {
  const [operation, ...others] = inputs.flatMap(({ writes }) => writes);
  // Nearly always: one event with one write.
  if (operation !== undefined && others.length === 0 && inputs.length === 1) return [{ operation, inputs: [0] }];
  const plans = inputs.map(({ plan, writes }) => ({ ...plan, operations: [...writes] }));
  return coalesce(plans).flatMap(({ operation, inputs }) =>
    operation.type === 'ensure_segment' || operation.type === 'send_custom_events' ? [] : [{ operation, inputs }],
  );
}

/** Reduces a merged operation to what these inputs, some of those it was merged from, contributed to it. */
export function narrow(operation: UserWrite, inputs: readonly PendingInput[]): UserWrite[] {
  const contributed = inputs.map(({ plan, writes }) => ({
    plan,
    writes: writes.flatMap((write) => contributionOf(write, operation)),
  }));
  return mergeWrites(contributed).map((merged) => merged.operation);
}

/** The part of an input's write that went into a merged operation. */
function contributionOf(write: UserWrite, merged: UserWrite): UserWrite[] {
  if (write.type === 'update_user' && merged.type === 'update_user')
    return withoutKeys([write], keysNotIn(write, merged));
  if (write.type === 'add_alias' && merged.type === 'add_alias')
    return write.alias.label === merged.alias.label && write.alias.id === merged.alias.id ? [write] : [];
  if (write.type === 'add_subscription' && merged.type === 'add_subscription') {
    const { type, token } = merged.subscription;
    return write.subscription.type === type && write.subscription.token === token ? [write] : [];
  }
  return write.type === merged.type ? [write] : [];
}

function keysNotIn(write: UpdateUser, merged: UpdateUser): Set<string> {
  const kept = new Set(keysOf(merged));
  return new Set(keysOf(write).filter((key) => !kept.has(key)));
}
