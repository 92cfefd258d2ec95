import type { Plan } from '../../onesignal/plan.js';
import type { IdentifyEvent, TrackEvent } from '../../segment/event.js';
import { planFrom } from '../build-plan.js';
import type { Draft } from '../draft.js';
import { fieldsOf } from '../fields.js';
import type { MappingOptions } from '../options.js';
import { isOfAudience, personasOf } from '../personas.js';
import { prepare } from '../settings.js';
import { refusedCall } from '../skip-reason.js';
import { gatherTags } from '../tags/gather-tags.js';
import { addTrackEvent, isCustomEvent } from './track-event.js';
import { dropUnreadTraits } from './unread-traits.js';
import { addUserDetails } from './user-details.js';

/**
 * M17: turns an Engage computed trait into a tag, whether it comes by identify or by track.
 *
 * Shape: `Trait Computed` with `{ trait_key: 'total_spend', total_spend: 450 }` becomes `{ total_spend: '450' }`;
 * `trait_key` is dropped `metadata`, a trait that is a list `nested`.
 *
 * @param event - A parsed identify or track.
 * @param mapping - Keys, values and limits; `eventName` is about ordinary tracks only.
 * @returns The plan; skipped `unsupported_type` where the event is no computed trait's. Never throws.
 *
 * @example
 * computedTraitToTags({
 *   type: 'identify',
 *   userId: 'u1',
 *   traits: { total_spend: 450 },
 *   context: { personas: { computation_class: 'trait', computation_key: 'total_spend' } },
 * }).operations;
 * // [{ type: 'update_user', user: { label: 'external_id', id: 'u1' }, tags: { total_spend: '450' } }]
 *
 * @see {@link https://segment.com/docs/connections/destinations/catalog/onesignal-new/#computed-traits | Segment: OneSignal, Computed traits}
 */
export function computedTraitToTags(event: IdentifyEvent | TrackEvent, mapping?: MappingOptions): Plan {
  const settings = prepare(mapping);
  return planFrom(event, settings, (draft) =>
    isComputedTrait(event) ? (refusedCall(event, settings) ?? draftComputedTrait(draft, event)) : 'unsupported_type',
  );
}

/** M17 as a rule. */
export function draftComputedTrait(draft: Draft, event: IdentifyEvent | TrackEvent): undefined {
  const source = fieldsOf(event);
  gatherTags(draft, source, draft.settings.prefix, (name) => (name === 'trait_key' ? 'metadata' : undefined));
  dropUnreadTraits(draft, event, source);
  if (isCustomEvent(draft, event)) addTrackEvent(draft, event, source);
  addUserDetails(draft);
}

/**
 * M17: whether Engage made the event for a computed trait: it carries the mark, and not an audience's. The documented
 * class is `trait`, others have been seen.
 *
 * @see {@link https://segment.com/docs/engage/using-engage-data/ | Segment: Using Engage data, computed traits}
 */
export function isComputedTrait(event: IdentifyEvent | TrackEvent): boolean {
  const personas = personasOf(event);
  return personas !== undefined && !isOfAudience(personas);
}
