import type { DropReason } from '../onesignal/plan.js';
import type { SegmentEvent } from '../segment/event.js';
import { type Draft, drop, type Tag } from './draft.js';
import type { Settings } from './settings.js';
import { type AppliedChange, applyHook } from './tag-hook.js';
import { refusedKey } from './tag-key.js';
import { scalarOf, textOf } from './tag-value.js';

/** Where tags are gathered, for which event, under which options. */
export interface Gathering {
  readonly draft: Draft;
  readonly event: SegmentEvent;
  readonly settings: Settings;
}

/** A field that has its key and not yet its text. */
export type Offer = Omit<Tag, 'value'> & { readonly value: unknown };

/**
 * M6 to M8, then the option `tag`, then M10: one field becomes a tag of the draft, or is reported.
 *
 * @see {@link https://documentation.onesignal.com/docs/add-user-data-tags | OneSignal: Tags}
 */
export function offerTag(gathering: Gathering, offer: Offer): void {
  const found = tagOf(offer, gathering);
  if (typeof found === 'string') drop(gathering.draft, offer.path, found);
  else addTag(gathering.draft, found);
}

/**
 * M4, M10: adds a tag whose key is final. Of two fields with one key the earlier wins, unless the later prevails (M4);
 * the loser is reported, never silent.
 *
 * @see {@link https://documentation.onesignal.com/docs/add-user-data-tags | OneSignal: Tags}
 */
export function addTag({ tags, dropped }: Draft, tag: Tag): void {
  const refused = refusedKey(tag.key);
  const earlier = tags.get(tag.key);
  if (refused !== undefined) dropped.push({ path: tag.path, reason: refused });
  else if (earlier === undefined) tags.set(tag.key, tag);
  else {
    const winner = tag.prevails && !earlier.prevails ? tag : earlier;
    dropped.push({ path: (winner === tag ? earlier : tag).path, reason: 'duplicate_key' });
    tags.set(tag.key, winner);
  }
}

function tagOf(offer: Offer, { event, settings }: Gathering): Tag | DropReason {
  const scalar = scalarOf(offer.value);
  if (scalar === undefined) return 'invalid_value';
  const value = textOf(scalar);
  if (value === undefined) return 'not_finite';
  const tag = { ...offer, value };
  return settings.hook === undefined ? tag : changed(tag, applyHook(settings.hook, offer.key, scalar, event));
}

function changed(tag: Tag, change: AppliedChange | null): Tag | DropReason {
  if (change === null) return 'excluded';
  const value = textOf(change.value);
  return value === undefined ? 'not_finite' : { ...tag, key: change.key, value };
}
