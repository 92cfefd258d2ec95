import type { Profile, UpdateUser } from '../../onesignal/operation.js';
import { profileKey } from '../../onesignal/plan.js';
import type { UserWrite } from '../pending-input.js';

/** Everything that an update writes: keys of tags, and fields of the profile as `profile/language`. @internal */
export function keysOf({ tags, profile = {} }: UpdateUser): string[] {
  return [...Object.keys(tags), ...Object.keys(profile).map(profileKey)];
}

/** The writes without some keys; an update that has nothing left goes too. @internal */
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
