import type { UpdateUser } from '../../onesignal/operation.js';
import { rankOfKey } from '../../onesignal/tag-order.js';
import type { PendingInput } from '../pending-input.js';

/** Tags that a user has, or that were written. */
export type Tags = Readonly<Record<string, unknown>>;

/** The keys that the update removes, or `'all'` if it only removes tags. */
export function removalsOf({ tags }: UpdateUser): ReadonlySet<string> | 'all' {
  const keys = Object.keys(tags);
  const removals = keys.filter((key) => tags[key] === '');
  return removals.length === keys.length ? 'all' : new Set(removals);
}

/**
 * The keys that fit: those the user has, and new ones while there is room — names first, then memberships, then in the
 * update's order. If the user's tags are unknown, only removals fit.
 */
export function fittingKeys(
  operation: UpdateUser,
  inputs: readonly PendingInput[],
  known: Tags | undefined,
  tagLimit: number | undefined,
): Set<string> {
  const keys = Object.keys(operation.tags);
  const has = (key: string): boolean => (known === undefined ? operation.tags[key] === '' : Object.hasOwn(known, key));
  const memberships = inputs.map(({ membershipKey }) => membershipKey);
  const rank = (key: string): number => rankOfKey(key, memberships.includes(key));
  const added = keys.filter((key) => !has(key) && operation.tags[key] !== '').sort((a, b) => rank(a) - rank(b));
  const room = known === undefined || tagLimit === undefined ? 0 : Math.max(0, tagLimit - Object.keys(known).length);
  return new Set([...keys.filter(has), ...added.slice(0, room)]);
}

/** The update with only these tags. */
export function pickTags(operation: UpdateUser, keys: ReadonlySet<string>): UpdateUser {
  return { ...operation, tags: Object.fromEntries(Object.entries(operation.tags).filter(([key]) => keys.has(key))) };
}

/** Whether the update changes nothing. */
export function isEmpty({ tags, profile }: UpdateUser): boolean {
  return profile === undefined && Object.keys(tags).length === 0;
}

/**
 * The tags that an input wanted from an update and did not get. Removing a tag that the user does not have counts as
 * done.
 */
export function lostKeys(
  input: PendingInput,
  { tags }: UpdateUser,
  written: Tags,
  known: Tags | undefined,
): Set<string> {
  const isLost = ([key, value]: [string, string]): boolean =>
    Object.hasOwn(tags, key) &&
    !Object.hasOwn(written, key) &&
    !(value === '' && known !== undefined && !Object.hasOwn(known, key));
  const own = input.writes.flatMap((write) => (write.type === 'update_user' ? Object.entries(write.tags) : []));
  return new Set(own.filter(isLost).map(([key]) => key));
}
