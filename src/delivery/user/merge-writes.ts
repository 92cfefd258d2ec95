import { byTime } from '../../onesignal/coalesce/by-time.js';
import { coalesce } from '../../onesignal/coalesce/coalesce.js';
import type { UpdateUser } from '../../onesignal/operation.js';
import type { Entry, UserWrite } from '../pending-input.js';
import { keysOf, withoutKeys } from './update-keys.js';

/** In the order of time, so that of several inputs that write one tag the last is the one that was written. @internal */
export function inTime(entries: readonly Entry[]): readonly Entry[] {
  if (entries.length < 2) return entries;
  return byTime(entries.map(({ plan }) => plan)).flatMap((index) => entries[index] ?? []);
}

/** What several inputs want of one user, in as few operations as give the same; `inputs` are indexes into the entries. @internal */
export function mergeWrites(entries: readonly Entry[]): { operation: UserWrite; inputs: number[] }[] {
  const [operation, ...others] = entries.flatMap(({ writes }) => writes);
  // Nearly always: one event that wants one thing.
  if (operation !== undefined && others.length === 0 && entries.length === 1) return [{ operation, inputs: [0] }];
  const plans = entries.map(({ plan, writes }) => ({ ...plan, operations: writes }));
  return coalesce(plans).flatMap(({ operation, inputs }) =>
    operation.type === 'ensure_segment' || operation.type === 'send_custom_events' ? [] : [{ operation, inputs }],
  );
}

/** What is left of a merged operation when only some of its inputs want it. @internal */
export function narrow(operation: UserWrite, entries: readonly Entry[]): UserWrite[] {
  const narrowed = entries.map((entry) => ({
    ...entry,
    writes: entry.writes.flatMap((write) => partOf(write, operation)),
  }));
  return mergeWrites(narrowed).map((merged) => merged.operation);
}

/** The part of an input's write that went into a merged operation. */
function partOf(write: UserWrite, merged: UserWrite): UserWrite[] {
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
