import type { EnsureSegment, Operation, Profile, SendCustomEvents, UpdateUser } from '../onesignal/operation.js';
import { aliasKey, profileKey, subscriptionKey } from '../onesignal/operation-keys.js';

/** An operation on one user, sent by that user's queue; the others are shared between users. */
export type UserWrite = Exclude<Operation, EnsureSegment | SendCustomEvents>;

export function isUserWrite(operation: Operation): operation is UserWrite {
  return operation.type !== 'ensure_segment' && operation.type !== 'send_custom_events';
}

/** The keys of the tags an update writes, and its profile fields as `profile/language`; none for other writes. */
export function keysOf(write: UserWrite): string[] {
  if (write.type !== 'update_user') return [];
  const { tags, profile } = write;
  const keys = Object.keys(tags);
  return profile === undefined ? keys : keys.concat(Object.keys(profile).map(profileKey));
}

/** The tags whose key and value fulfil the condition. */
export function filterTags(
  tags: UpdateUser['tags'],
  isKept: (key: string, value: string) => boolean,
): UpdateUser['tags'] {
  return Object.fromEntries(Object.entries(tags).filter((entry) => isKept(...entry)));
}

/** The writes without these keys, and without aliases of these labels; an update left with nothing is removed. */
export function withoutKeys(writes: readonly UserWrite[], keys: ReadonlySet<string>): UserWrite[] {
  return writes.flatMap((write): UserWrite[] => {
    if (write.type === 'add_alias' && keys.has(aliasKey(write.alias))) return [];
    if (write.type !== 'update_user') return [write];
    const { profile, ...update } = write;
    const tags = filterTags(write.tags, (key) => !keys.has(key));
    const left: Profile = Object.fromEntries(
      Object.entries(profile ?? {}).filter(([field]) => !keys.has(profileKey(field))),
    );
    if (Object.keys(left).length > 0) return [{ ...update, tags, profile: left }];
    return Object.keys(tags).length > 0 ? [{ ...update, tags }] : [];
  });
}

/** The part of an input's own write that went into a merged operation; empty if none did. */
export function contributionOf(write: UserWrite, merged: UserWrite): UserWrite[] {
  if (write.type === 'update_user' && merged.type === 'update_user') {
    const kept = new Set(keysOf(merged));
    return withoutKeys([write], new Set(keysOf(write).filter((key) => !kept.has(key))));
  }
  if (write.type === 'add_alias' && merged.type === 'add_alias')
    return write.alias.label === merged.alias.label && write.alias.id === merged.alias.id ? [write] : [];
  if (write.type === 'add_subscription' && merged.type === 'add_subscription')
    return subscriptionKey(write.subscription) === subscriptionKey(merged.subscription) ? [write] : [];
  return write.type === merged.type ? [write] : [];
}

/** The rest of a write after OneSignal accepted some operations in an earlier delivery of the same event. */
export function withoutAccepted(write: UserWrite, accepted: readonly UserWrite[]): UserWrite[] {
  if (write.type !== 'update_user') return accepted.some((done) => isRepeatOf(write, done)) ? [] : [write];
  const done = new Set<string>();
  for (const update of accepted) {
    if (update.type !== 'update_user') continue;
    for (const [key, value] of Object.entries(update.tags)) if (write.tags[key] === value) done.add(key);
    for (const [field, value] of Object.entries(update.profile ?? {}))
      if (Reflect.get(write.profile ?? {}, field) === value) done.add(profileKey(field));
  }
  return done.size === 0 ? [write] : withoutKeys([write], done);
}

function isRepeatOf(write: UserWrite, done: UserWrite): boolean {
  if (write.type === 'add_subscription' && done.type === 'add_subscription') {
    const { subscription } = write;
    const known = done.subscription;
    const sameState =
      subscription.enabled === known.enabled && subscription.notification_types === known.notification_types;
    return sameState && subscriptionKey(subscription) === subscriptionKey(known);
  }
  return contributionOf(write, done).length > 0;
}
