import type { Plan } from '../../onesignal/plan.js';
import type { TrackEvent } from '../../segment/event.js';
import { planFrom } from '../build-plan.js';
import { type Draft, rank } from '../draft.js';
import { type FieldSource, fieldsOf } from '../fields.js';
import { addPurchases } from '../opt-ins/purchases.js';
import type { MappingOptions } from '../options.js';
import { prepare } from '../settings.js';
import { refusedCall } from '../skip-reason.js';
import { offerTag } from '../tags/add-tag.js';
import { eventNamePrefix, eventNameTag } from '../tags/event-name.js';
import { gatherTags } from '../tags/gather-tags.js';
import { addTrackEvent, isCustomEvent } from './track-event.js';
import { dropUnreadTraits } from './unread-traits.js';
import { addUserDetails } from './user-details.js';

/**
 * M3: turns a track's properties into tags on the user; the event's name is dropped unless `eventName` keeps it.
 *
 * Shape: `Add to Cart` with `{ brand: 'Acme', price: 9.5 }` becomes `{ brand: 'Acme', price: '9.5' }`; with
 * `eventName: 'prefix'` `{ Add_to_Cart_brand: 'Acme', Add_to_Cart_price: '9.5' }`. Drops and removals as in
 * `identifyToTags`. Where a track carries `traits` instead of `properties`, they are taken; traits beside properties are
 * dropped `metadata`. With `customEvents` the track becomes a custom event too, or instead (S2); with `purchases`, Order
 * Completed adds purchases (S6).
 *
 * @param event - A parsed track.
 * @param mapping - Keys, values and limits.
 * @returns The plan; skipped `empty` where nothing is left, failed where a hook of yours throws. Never throws.
 *
 * @example
 * trackToTags({ type: 'track', userId: 'u1', event: 'Add to Cart', properties: { brand: 'Acme' } }).operations;
 * // [{ type: 'update_user', user: { label: 'external_id', id: 'u1' }, tags: { brand: 'Acme' } }]
 *
 * @see {@link https://segment.com/docs/connections/destinations/catalog/onesignal-new/#track | Segment: OneSignal, Track}
 */
export function trackToTags(event: TrackEvent, mapping?: MappingOptions): Plan {
  const settings = prepare(mapping);
  return planFrom(event, settings, (draft) => refusedCall(event, settings) ?? draftTrack(draft, event));
}

/** M3 as a rule. */
export function draftTrack(draft: Draft, event: TrackEvent): undefined {
  const { settings } = draft;
  const source = fieldsOf(event);
  const isEvent = isCustomEvent(draft, event);
  if (!(isEvent && settings.customEvents?.replacesTags)) gatherTrack(draft, event, source);
  dropUnreadTraits(draft, event, source);
  if (isEvent) addTrackEvent(draft, event, source);
  addPurchases(draft, event, source);
  addUserDetails(draft);
}

function gatherTrack(draft: Draft, event: TrackEvent, source: FieldSource): void {
  const { settings } = draft;
  const nameTag = eventNameTag(event, settings);
  // First, so that a property of the same key loses: this key was chosen on purpose.
  if (nameTag !== undefined) offerTag(draft, nameTag.key, nameTag.value, 'event', rank.other);
  gatherTags(draft, source, settings.prefix + eventNamePrefix(event, settings));
}
