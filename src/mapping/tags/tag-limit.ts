import { type Draft, drop, type Tag } from '../draft.js';

/**
 * M12: what one event may set within the plan's limit: names first, then the membership, then as the fields appear.
 *
 * Removals do not count: they make room.
 *
 * @see {@link https://documentation.onesignal.com/docs/add-user-data-tags | OneSignal: Tags, limits by plan}
 */
export function keepWithinLimit(draft: Draft): void {
  const { tagLimit = Number.POSITIVE_INFINITY } = draft.settings;
  if (draft.tags.size <= tagLimit) return;
  for (const { key, path } of inOrder(draft.tags).filter(isSet).slice(tagLimit)) {
    draft.tags.delete(key);
    drop(draft, path, 'tag_limit');
  }
}

/**
 * M11, M12: removals first, then the tags that are set, by rank.
 *
 * @see {@link https://documentation.onesignal.com/docs/add-user-data-tags | OneSignal: Tags, delete first, then add}
 */
export function inOrder(tags: ReadonlyMap<string, Tag>): Tag[] {
  const place = (tag: Tag) => (isSet(tag) ? tag.rank : -1);
  // Sorting is stable, so that equals stay as they appear.
  return [...tags.values()].sort((one, other) => place(one) - place(other));
}

function isSet(tag: Tag): boolean {
  return tag.value !== '';
}
