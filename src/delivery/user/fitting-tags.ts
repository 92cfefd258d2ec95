import type { UpdateUser } from '../../onesignal/operation.js';
import { rankOfKey } from '../../onesignal/tag-order.js';
import { type Entry, membershipKey } from '../pending-input.js';

/** Tags that a user has, or that were written. */
export type Tags = Readonly<Record<string, unknown>>;

/** The keys that it removes, or that it does nothing else. @internal */
export function removalsOf({ tags }: UpdateUser): ReadonlySet<string> | 'all' {
  const keys = Object.keys(tags);
  const removals = keys.filter((key) => tags[key] === '');
  return removals.length === keys.length ? 'all' : new Set(removals);
}

/** Keys that the user has, and new ones as far as there is room: names first, then memberships, then the rest as they stand. Unread: what is removed. @internal */
export function fittingKeys(
  operation: UpdateUser,
  entries: readonly Entry[],
  known: Tags | undefined,
  tagLimit: number | undefined,
): Set<string> {
  const keys = Object.keys(operation.tags);
  const has = (key: string): boolean => (known === undefined ? operation.tags[key] === '' : Object.hasOwn(known, key));
  const memberships = entries.map(membershipKey);
  const rank = (key: string): number => rankOfKey(key, memberships.includes(key));
  const added = keys.filter((key) => !has(key) && operation.tags[key] !== '').sort((a, b) => rank(a) - rank(b));
  const room = known === undefined || tagLimit === undefined ? 0 : Math.max(0, tagLimit - Object.keys(known).length);
  return new Set([...keys.filter(has), ...added.slice(0, room)]);
}

/** The update, of its tags only some. @internal */
export function partOf(operation: UpdateUser, keys: ReadonlySet<string>): UpdateUser {
  return { ...operation, tags: Object.fromEntries(Object.entries(operation.tags).filter(([key]) => keys.has(key))) };
}

/** Whether it changes nothing. @internal */
export function isEmpty({ tags, profile }: UpdateUser): boolean {
  return profile === undefined && Object.keys(tags).length === 0;
}

/** What the input itself wanted of an update and did not get. Removals of what the user does not have are done, not lost. @internal */
export function lostOf(entry: Entry, { tags }: UpdateUser, written: Tags, known: Tags | undefined): Set<string> {
  const isLost = ([key, value]: [string, string]): boolean =>
    Object.hasOwn(tags, key) &&
    !Object.hasOwn(written, key) &&
    !(value === '' && known !== undefined && !Object.hasOwn(known, key));
  const own = entry.writes.flatMap((write) => (write.type === 'update_user' ? Object.entries(write.tags) : []));
  return new Set(own.filter(isLost).map(([key]) => key));
}
