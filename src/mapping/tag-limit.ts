import { type Draft, drop, type Tag } from './draft.js';

/**
 * M12: what one event may set within the plan's limit: names first, then the membership, then as the fields appear.
 *
 * Removals do not count: they make room.
 *
 * @see {@link https://documentation.onesignal.com/docs/add-user-data-tags | OneSignal: Tags, limits by plan}
 */
export function keepWithinLimit(draft: Draft, tagLimit: number): void {
  if (draft.tags.size <= tagLimit) return;
  const set = [...draft.tags.values()].filter((tag) => tag.value !== '');
  const kept = new Set([...set].sort(byRank).slice(0, Math.max(0, tagLimit)));
  for (const tag of set) {
    if (kept.has(tag)) continue;
    draft.tags.delete(tag.key);
    drop(draft, tag.path, 'tag_limit');
  }
}

/** `Array.prototype.sort` is stable, so that equals stay as they appear. */
export function byRank(one: Tag, other: Tag): number {
  return one.rank - other.rank;
}
