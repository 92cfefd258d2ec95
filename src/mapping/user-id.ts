import { maxExternalIdCharacters } from '../onesignal/limits.js';

/** Placeholders, which broken code sends for every user and OneSignal refuses; `.` and `..` get lost in a URL path. */
const blocked = new Set('NA NULL null undefined 0 -1 all 00000000-0000-0000-0000-000000000000 . ..'.split(' '));
const loneSurrogate = /\p{Surrogate}/u;

/** M1: Segment's `userId` as OneSignal's `external_id`. A number becomes a string, a blank string counts as absent. */
export function externalIdOf(userId: unknown): string | undefined {
  const id = Number.isFinite(userId) ? String(userId) : userId;
  return typeof id === 'string' && id.trim() !== '' ? id : undefined;
}

/**
 * M1: whether an id is a placeholder, too long, or cannot be part of a URL.
 *
 * @see {@link https://documentation.onesignal.com/docs/users | OneSignal: Users, External ID}
 */
export function isBlockedId(id: string): boolean {
  return id.length > maxExternalIdCharacters || blocked.has(id) || loneSurrogate.test(id);
}
