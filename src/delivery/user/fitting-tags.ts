import type { UpdateUser } from '../../onesignal/operation.js';
import { rankOfKey } from '../../onesignal/tag-order.js';
import type { PendingInput } from '../pending-input.js';
import { filterTags } from '../user-write.js';
import type { TagLimitRange } from './tag-room.js';

/** The tag limits of OneSignal's plans, to guess an unknown limit: Free, Growth, older plans, Professional. */
const planLimits = [2, 10, 20, 100, 1_000];

/** An update in two parts: tags that never need room, and new tags in the order in which they get room. */
export interface SplitUpdate {
  /** Tags that the user has already, and removals. */
  readonly kept: readonly string[];
  /** Tags that the user does not have: names first, then memberships, then in the update's order. */
  readonly added: readonly string[];
}

/** Splits an update by the tags that the user has. */
export function splitUpdate(
  update: UpdateUser,
  inputs: readonly PendingInput[],
  has: ReadonlySet<string>,
): SplitUpdate {
  const kept: string[] = [];
  const added: string[] = [];
  for (const [key, value] of Object.entries(update.tags)) {
    if (value === '' || has.has(key)) kept.push(key);
    else added.push(key);
  }
  const memberships = new Set(inputs.map(({ membershipKey }) => membershipKey));
  const rank = (key: string): number => rankOfKey(key, memberships.has(key));
  return { kept, added: added.sort((one, other) => rank(one) - rank(other)) };
}

/**
 * How many of the wanted new tags to try next, for a user who has some already: all of them if the limit may allow it;
 * otherwise as many as are certain to fit, up to a guess at the plan's limit, or half of the remaining range.
 */
export function countToTry(has: number, wanted: number, { atLeast, atMost }: TagLimitRange): number {
  if (has + wanted <= atMost) return wanted;
  const certain = Math.max(0, atLeast - has);
  const possible = Math.max(0, atMost - has);
  if (certain >= possible) return possible;
  const guess = planLimits.filter((limit) => limit > has + certain && limit <= atMost).at(-1);
  return guess === undefined ? certain + Math.ceil((possible - certain) / 2) : guess - has;
}

/** The update with only these tags. */
export function pickTags(update: UpdateUser, keys: readonly string[]): UpdateUser {
  const picked = new Set(keys);
  return { ...update, tags: filterTags(update.tags, (key) => picked.has(key)) };
}

/** The rest of an update after a part of it was accepted. The profile went with the first part. */
export function withoutPart({ profile, ...update }: UpdateUser, part: UpdateUser): UpdateUser {
  const tags = filterTags(update.tags, (key) => !Object.hasOwn(part.tags, key));
  return part.profile !== undefined || profile === undefined ? { ...update, tags } : { ...update, tags, profile };
}

/** Whether the update changes nothing. */
export function isEmpty({ tags, profile }: UpdateUser): boolean {
  return profile === undefined && Object.keys(tags).length === 0;
}

/** The tags among these that an input itself writes, by whether it sets or removes them. */
export function ownTags(input: PendingInput, keys: readonly string[]): { set: Set<string>; removed: Set<string> } {
  const own = { set: new Set<string>(), removed: new Set<string>() };
  const among = new Set(keys);
  for (const write of input.writes) {
    if (write.type !== 'update_user') continue;
    for (const [key, value] of Object.entries(write.tags))
      if (among.has(key)) (value === '' ? own.removed : own.set).add(key);
  }
  return own;
}
