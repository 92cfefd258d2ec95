import { type Draft, drop, type Tag } from '../draft.js';
import type { TagValue } from '../options.js';
import { applyHook } from './tag-hook.js';
import { refusedKey } from './tag-key.js';
import { scalarOf, textOf } from './tag-value.js';

/**
 * M6 to M8, then the option `tag`, then M10: a field that has its key becomes a tag of the draft, or is reported.
 *
 * @see {@link https://documentation.onesignal.com/docs/add-user-data-tags | OneSignal: Tags}
 */
export function offerTag(draft: Draft, key: string, value: unknown, path: string, rank: Tag['rank']): void {
  const { event, settings } = draft;
  const scalar = scalarOf(value);
  if (settings.tag === undefined || scalar === undefined) addScalar(draft, key, scalar, path, rank);
  else {
    const change = applyHook(settings.tag, key, scalar, event);
    if (change === null) drop(draft, path, 'excluded');
    else addScalar(draft, change.key ?? key, change.value === undefined ? scalar : change.value, path, rank);
  }
}

function addScalar(draft: Draft, key: string, scalar: TagValue | undefined, path: string, rank: Tag['rank']): void {
  const value = scalar === undefined ? scalar : textOf(scalar);
  if (value !== undefined) addTag(draft, { key, value, path, rank });
  else drop(draft, path, scalar === undefined ? 'invalid_value' : 'not_finite');
}

/**
 * M4, M10: adds a tag whose key is final. Of two fields with one key the lower rank wins, of equals the earlier; the
 * loser is reported, never silent.
 *
 * @see {@link https://documentation.onesignal.com/docs/add-user-data-tags | OneSignal: Tags}
 */
export function addTag(draft: Draft, tag: Tag): void {
  const refused = refusedKey(tag.key);
  const earlier = draft.tags.get(tag.key);
  if (refused !== undefined) drop(draft, tag.path, refused);
  else if (earlier === undefined) draft.tags.set(tag.key, tag);
  else {
    const [winner, loser] = tag.rank < earlier.rank ? [tag, earlier] : [earlier, tag];
    drop(draft, loser.path, 'duplicate_key');
    draft.tags.set(tag.key, winner);
  }
}
