import type { EnsureSegment, Operation, Profile, SendCustomEvents, UpdateUser } from '../onesignal/operation.js';
import { profileKey } from '../onesignal/plan.js';

/** An operation on one user, sent by that user's queue; the others are shared between users. */
export type UserWrite = Exclude<Operation, EnsureSegment | SendCustomEvents>;

export function isUserWrite(operation: Operation): operation is UserWrite {
  return operation.type !== 'ensure_segment' && operation.type !== 'send_custom_events';
}

/** The keys of the tags an update writes, and its profile fields as `profile/language`. */
export function keysOf({ tags, profile = {} }: UpdateUser): string[] {
  return [...Object.keys(tags), ...Object.keys(profile).map(profileKey)];
}

/** The writes without these keys; an update left with nothing is removed. */
export function withoutKeys(writes: readonly UserWrite[], keys: ReadonlySet<string>): UserWrite[] {
  return writes.flatMap((write): UserWrite[] => {
    if (write.type !== 'update_user') return [write];
    const { profile, ...update } = write;
    const tags = Object.fromEntries(Object.entries(write.tags).filter(([key]) => !keys.has(key)));
    const left: Profile = Object.fromEntries(
      Object.entries(profile ?? {}).filter(([field]) => !keys.has(profileKey(field))),
    );
    if (Object.keys(left).length > 0) return [{ ...update, tags, profile: left }];
    return Object.keys(tags).length > 0 ? [{ ...update, tags }] : [];
  });
}
