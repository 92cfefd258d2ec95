import type { Plan } from '../../onesignal/plan.js';
import { tagRank } from '../../onesignal/tag-order.js';
import type { TrackEvent } from '../../segment/event.js';
import type { ExactMapping } from '../define-mapping.js';
import type { Draft } from '../draft.js';
import { type FieldSource, fieldsOf } from '../fields.js';
import { skipReasonOfCall } from '../skip-reason.js';
import type { TagOptions } from '../tag-options.js';
import { offerTag } from '../tags/add-tag.js';
import { eventNamePrefix, eventNameTag } from '../tags/event-name.js';
import { gatherTags } from '../tags/gather-tags.js';
import { addCallExtras } from './call-extras.js';
import { mapTags } from './map-tags.js';

/**
 * Maps the properties of a track (M3) to tags. The event name is dropped unless `eventName` keeps it.
 *
 * Shape: `Add to Cart` with `{ brand: 'Acme', price: 9.5 }` becomes `{ brand: 'Acme', price: '9.5' }`. With
 * `eventName: 'prefix'` it becomes `{ Add_to_Cart_brand: 'Acme', Add_to_Cart_price: '9.5' }`.
 *
 * Fields are removed and dropped as in `identifyToTags`. If a track has `traits` and no properties, its traits become
 * tags; if it has both, its traits are dropped with reason `metadata`. Call {@link mapEvent} to map
 * more than tags.
 *
 * @param event - A parsed track.
 * @param options - Options for keys, values and which events are mapped. Others do not compile, even in a variable.
 * `audiencePrefix`, `audienceProperties` and `segmentName` have no effect here.
 * @returns The plan. It is skipped with reason `empty` if nothing is left to send, and fails if the options are invalid
 * or a hook throws. Never throws.
 *
 * @example
 * trackToTags({ type: 'track', userId: 'u1', event: 'Add to Cart', properties: { brand: 'Acme' } }).operations;
 * // [{ type: 'update_user', user: { label: 'external_id', id: 'u1' }, tags: { brand: 'Acme' } }]
 *
 * @see {@link https://segment.com/docs/connections/destinations/catalog/onesignal-new/#track | Segment: OneSignal, Track}
 */
export function trackToTags<const Options extends TagOptions = TagOptions>(
  event: TrackEvent,
  options?: TagOptions & Options & ExactMapping<Options, TagOptions>,
): Plan {
  return mapTags(
    event,
    options,
    { name: 'trackToTags', types: ['track'] },
    (draft) => skipReasonOfCall(draft) ?? draftTrack(draft, event),
  );
}

/** M3: the rule of {@link trackToTags}. */
export function draftTrack(draft: Draft, event: TrackEvent): undefined {
  const source = fieldsOf(event);
  const chosen = draft.optIns?.chosenTrack(draft, event);
  const hasTags = chosen === undefined || draft.settings.customEvents?.replacesTags !== true;
  if (hasTags) gatherTrack(draft, event, source);
  addCallExtras(draft, source, chosen, hasTags ? {} : source.fields);
  draft.optIns?.addPurchases(draft, event, source);
  draft.optIns?.addUserDetails(draft);
}

function gatherTrack(draft: Draft, event: TrackEvent, source: FieldSource): void {
  const { settings } = draft;
  const nameTag = eventNameTag(event, settings);
  // First, so that it wins over a property with the same key: you chose this key on purpose.
  if (nameTag !== undefined) offerTag(draft, nameTag.key, nameTag.value, 'event', tagRank.other);
  gatherTags(draft, source, settings.prefix + eventNamePrefix(event, settings));
}
