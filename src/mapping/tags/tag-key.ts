import type { DropReason } from '../../onesignal/plan.js';
import type { Settings } from '../settings.js';

/** Names of objects in OneSignal's message templates, which tags with these keys would hide. */
const reservedKeys = new Set(
  'message notification subscription user template app org dynamic_content data_feed journey custom_data'.split(' '),
);

/**
 * M10: why a key, in its final form, cannot be that of a tag: OneSignal reserves it, or it is blank.
 *
 * @see {@link https://documentation.onesignal.com/docs/add-user-data-tags | OneSignal: Tags, restricted keys}
 */
export function refusedKey(key: string): DropReason | undefined {
  if (reservedKeys.has(key)) return 'reserved_key';
  return key.trim() === '' ? 'invalid_value' : undefined;
}

/** Options `include` and `exclude`, by the name that Segment sends. */
export function isExcluded(name: string, settings: Settings): boolean {
  return settings.include?.has(name) === false || settings.exclude?.has(name) === true;
}

/**
 * Options `rename` and `prefix`: the key of a tag.
 *
 * @param name - The name that Segment sends.
 * @param key - The key that the rules give it.
 */
export function tagKey(name: string, key: string, prefix: string, settings: Settings): string {
  return settings.rename?.get(name) ?? prefix + key;
}

/**
 * M9, options `rename` and `prefix`: the key of a flattened value. It is renamed by its joined name, `address_city`, or
 * together with its trait.
 */
export function leafKey(trait: string, leaf: string, prefix: string, settings: Settings): string {
  return settings.rename?.get(`${trait}_${leaf}`) ?? `${tagKey(trait, trait, prefix, settings)}_${leaf}`;
}

/** M16a: the key of an audience's membership tag: renamed, or with `audiencePrefix`, or else with `prefix`. */
export function membershipTagKey(name: string, settings: Settings): string {
  return settings.rename?.get(name) ?? (settings.audiencePrefix ?? settings.prefix) + name;
}
