import type { TagRank } from '../../onesignal/tag-order.js';
import { type Draft, drop, type Tag } from '../draft.js';
import type { TagValue } from '../tag-options.js';
import { applyTagHook } from './tag-hook.js';
import { refusedKey } from './tag-key.js';
import { isTooLarge } from './tag-size.js';
import { scalarOf, textOf } from './tag-value.js';

/** M6 to M8, then the option `tag`, then M10: turns a field into a tag with the given key, or drops it. */
export function offerTag(draft: Draft, key: string, value: unknown, path: string, rank: TagRank): void {
  const { event, settings } = draft;
  const scalar = scalarOf(value);
  if (settings.tag === undefined || scalar === undefined) addScalar(draft, key, scalar, path, rank);
  else {
    const change = applyTagHook(settings.tag, key, scalar, event);
    if (change === null) drop(draft, path, 'excluded');
    else addScalar(draft, change.key ?? key, change.value === undefined ? scalar : change.value, path, rank);
  }
}

function addScalar(draft: Draft, key: string, scalar: TagValue | undefined, path: string, rank: TagRank): void {
  const value = scalar === undefined ? scalar : textOf(scalar);
  if (value !== undefined) addTag(draft, { key, value, path, rank });
  else drop(draft, path, scalar === undefined ? 'invalid_value' : 'not_finite');
}

/**
 * M4, M6, M10: adds a tag whose key is final. If two fields have the same key, the one with the lower rank wins, or
 * else the one that came first. The other one is dropped.
 */
export function addTag(draft: Draft, tag: Tag): void {
  // The size comes first: looking up a key takes time proportional to its length, and an event name may precede every
  // key.
  const refused = isTooLarge(tag.key, tag.value) ? 'invalid_value' : refusedKey(tag.key);
  if (refused !== undefined) {
    drop(draft, tag.path, refused);
    return;
  }
  const earlier = draft.tags.get(tag.key);
  if (earlier === undefined) draft.tags.set(tag.key, tag);
  else {
    const [winner, loser] = tag.rank < earlier.rank ? [tag, earlier] : [earlier, tag];
    drop(draft, loser.path, 'duplicate_key');
    draft.tags.set(tag.key, winner);
  }
}
