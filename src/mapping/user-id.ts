import type { SkipReason } from '../onesignal/plan.js';

/** OneSignal refuses these, because broken code sends them for everybody. */
const placeholders = new Set([
  'NA',
  'NULL',
  'null',
  'undefined',
  '0',
  '-1',
  'all',
  '00000000-0000-0000-0000-000000000000',
]);
/** `fetch` resolves these away, percent-encoded or not, and the request would go to another path. */
const pathSegments = new Set(['.', '..']);
const loneSurrogate = /\p{Surrogate}/u;

/**
 * M1: Segment's `userId` as OneSignal's `external_id`; a number becomes text, blank counts as none.
 *
 * @see {@link https://segment.com/docs/connections/destinations/catalog/onesignal-new/ | Segment: OneSignal, userId}
 */
export function externalIdOf(event: { readonly userId?: unknown }): string | undefined {
  const { userId } = event;
  if (typeof userId === 'number') return String(userId);
  return typeof userId === 'string' && userId.trim() !== '' ? userId : undefined;
}

/**
 * M1: why an `external_id` cannot be sent: there is none, it is a placeholder, or it cannot stand in a URL's path.
 *
 * @see {@link https://documentation.onesignal.com/docs/users | OneSignal: Users, External ID}
 */
export function refusedId(id: string | undefined): SkipReason | undefined {
  if (id === undefined) return 'no_user_id';
  const isBlocked = placeholders.has(id) || pathSegments.has(id) || id === 'NaN' || loneSurrogate.test(id);
  return isBlocked ? 'blocked_user_id' : undefined;
}
