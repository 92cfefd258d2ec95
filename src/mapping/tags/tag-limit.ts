import { maxPropertiesPerRequest } from '../../onesignal/limits.js';
import { splitTags, tagRecord } from '../../onesignal/tag-order.js';
import { type Draft, drop, type Tag } from '../draft.js';

/**
 * M12, option `tagLimit`: drops the tags that the OneSignal plan has no room for. Names are kept first, then the
 * membership, then the other fields in their order. Removals do not count.
 *
 * @see {@link https://documentation.onesignal.com/docs/add-user-data-tags | OneSignal: Tags, limits by plan}
 */
export function keepWithinLimit(draft: Draft): void {
  const { tagLimit } = draft.settings;
  if (tagLimit === undefined || draft.tags.size <= tagLimit) return;
  const set = [...draft.tags.values()].filter(({ value }) => value !== '');
  for (const { key, path } of set.sort((one, other) => one.rank - other.rank).slice(tagLimit)) {
    draft.tags.delete(key);
    drop(draft, path, 'tag_limit');
  }
}

/**
 * M11: the tags of each request that the event needs, at least one.
 *
 * @param taken - Number of other properties in the first request.
 */
export function tagsPerRequest(tags: ReadonlyMap<string, Tag>, taken: number): Record<string, string>[] {
  const isHostile = tags.has('__proto__');
  if (tags.size <= maxPropertiesPerRequest - taken) return [tagRecord(tags.values(), isHostile)];
  return splitTags(tags.values(), taken, ({ rank }) => rank).map((part) => tagRecord(part, isHostile));
}
