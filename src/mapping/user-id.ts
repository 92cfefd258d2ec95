import type { SkipReason } from '../onesignal/plan.js';

/** OneSignal refuses the placeholders, because broken code sends them for everybody; `fetch` resolves the dots away. */
const blocked = new Set('NA NULL null undefined 0 -1 all 00000000-0000-0000-0000-000000000000 . ..'.split(' '));
const loneSurrogate = /\p{Surrogate}/u;

/**
 * M1: Segment's `userId` as OneSignal's `external_id`; a number becomes text, blank counts as none.
 *
 * @see {@link https://segment.com/docs/connections/destinations/catalog/onesignal-new/ | Segment: OneSignal, userId}
 */
export function externalIdOf(userId: unknown): string | undefined {
  const id = Number.isFinite(userId) ? String(userId) : userId;
  return typeof id === 'string' && id.trim() !== '' ? id : undefined;
}

/**
 * M1: why there is no `external_id` to send to: none came, it is a placeholder, or it cannot stand in a URL's path.
 *
 * @see {@link https://documentation.onesignal.com/docs/users | OneSignal: Users, External ID}
 */
export function refusedId(userId: unknown): SkipReason | undefined {
  const id = externalIdOf(userId);
  if (id === undefined) return 'no_user_id';
  return blocked.has(id) || loneSurrogate.test(id) ? 'blocked_user_id' : undefined;
}
