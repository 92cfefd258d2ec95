import type { Plan } from '../onesignal/plan.js';
import type { TrackEvent } from '../segment/event.js';
import { rank } from './draft.js';
import { eventNamePrefix, eventNameTag } from './event-name.js';
import { fieldsOf } from './fields.js';
import { gatherTags } from './gather-tags.js';
import { type Gathering, offerTag } from './offer-tag.js';
import type { MappingOptions } from './options.js';
import { draftFrom, planFrom } from './plan-from.js';
import { prepare } from './settings.js';

/**
 * M3: turns a track's properties into tags on the user; the event's name is dropped unless `eventName` keeps it.
 *
 * Shape: `Add to Cart` with `{ brand: 'Acme', price: 9.5 }` becomes `{ brand: 'Acme', price: '9.5' }`; with
 * `eventName: 'prefix'` `{ Add_to_Cart_brand: 'Acme', Add_to_Cart_price: '9.5' }`. Drops and removals as in
 * `identifyToTags`. Where a track carries `traits` instead of `properties`, they are taken; traits beside properties are
 * dropped `metadata`.
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
  return planFrom(event, () => {
    const settings = prepare(mapping);
    return draftFrom(event, settings, (draft) => draftTrack({ draft, event, settings }, event));
  });
}

/** M3 as a rule. */
export function draftTrack(gathering: Gathering, event: TrackEvent): void {
  const { settings } = gathering;
  const nameTag = eventNameTag(event, settings);
  // The key was named on purpose, so a property of the same key loses.
  if (nameTag !== undefined) offerTag(gathering, { ...nameTag, path: 'event', rank: rank.other, prevails: true });
  gatherTags(gathering, fieldsOf(event), { prefix: settings.prefix + eventNamePrefix(event, settings) });
}
