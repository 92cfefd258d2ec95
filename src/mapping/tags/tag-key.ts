import type { DropReason } from '../../onesignal/plan.js';
import type { Settings } from '../settings.js';

/** OneSignal's own words in message templates: a tag of that name would hide them. */
const reservedKeys = new Set([
  'message',
  'notification',
  'subscription',
  'user',
  'template',
  'app',
  'org',
  'dynamic_content',
  'data_feed',
  'journey',
  'custom_data',
]);

/**
 * M10: why a key, in its final form, cannot be a tag's: OneSignal reserves it, or it is blank.
 *
 * @see {@link https://documentation.onesignal.com/docs/add-user-data-tags | OneSignal: Tags, restricted keys}
 */
export function refusedKey(key: string): DropReason | undefined {
  if (reservedKeys.has(key)) return 'reserved_key';
  return key.trim() === '' ? 'invalid_value' : undefined;
}

/**
 * Options `include` and `exclude`, by the name that Segment sends.
 *
 * @see {@link https://documentation.onesignal.com/docs/add-user-data-tags | OneSignal: Tags are limited by plan}
 */
export function isExcluded(name: string, settings: Settings): boolean {
  return settings.include?.has(name) === false || settings.exclude?.has(name) === true;
}

/**
 * Options `rename` and `prefix`: the key of a tag, from Segment's name and the key that the rules give it.
 *
 * @see {@link https://documentation.onesignal.com/docs/add-user-data-tags | OneSignal: Tags, naming keys}
 */
export function tagKey(name: string, key: string, prefix: string, settings: Settings): string {
  return settings.rename?.get(name) ?? prefix + key;
}

/**
 * M9, options `rename` and `prefix`: the key of a leaf, renamed by its joined name (`address_city`) or with its trait.
 *
 * @see {@link https://documentation.onesignal.com/docs/add-user-data-tags | OneSignal: Tags, naming keys}
 */
export function leafKey(trait: string, leaf: string, prefix: string, settings: Settings): string {
  return settings.rename?.get(`${trait}_${leaf}`) ?? `${tagKey(trait, trait, prefix, settings)}_${leaf}`;
}

/**
 * M16a: the key of an audience's membership tag: renamed, or after `audiencePrefix`, or after `prefix`.
 *
 * @see {@link https://documentation.onesignal.com/reference/create-segments | OneSignal: Create segment, tag filters}
 */
export function membershipKey(name: string, settings: Settings): string {
  return settings.rename?.get(name) ?? (settings.audiencePrefix ?? settings.prefix) + name;
}
