import type { Plan } from '../../onesignal/plan.js';
import type { IdentifyEvent, TrackEvent } from '../../segment/event.js';
import { isComputedTrait } from '../audience.js';
import type { ExactMapping } from '../define-mapping.js';
import type { Draft } from '../draft.js';
import { fieldsOf } from '../fields.js';
import { skipReasonOfCall } from '../skip-reason.js';
import type { TagOptions } from '../tag-options.js';
import { gatherTags } from '../tags/gather-tags.js';
import { addCallExtras } from './call-extras.js';
import { mapTags } from './map-tags.js';

/**
 * Maps an Engage computed trait (M17), sent by identify or by track, to a tag.
 *
 * Shape: `Trait Computed` with `{ trait_key: 'total_spend', total_spend: 450 }` becomes `{ total_spend: '450' }`.
 * `trait_key` is dropped with reason `metadata`, a trait that is an array with reason `nested`.
 *
 * @param event - A parsed identify or track.
 * @param options - Options for keys, values and which events are mapped. Others do not compile, even in a variable.
 * `eventName`, `audiencePrefix`, `audienceProperties` and `segmentName` have no effect here.
 * @returns The plan. It is skipped with reason `unsupported_type` if the event is not about a computed trait. Never
 * throws.
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
export function computedTraitToTags<const Options extends TagOptions = TagOptions>(
  event: IdentifyEvent | TrackEvent,
  options?: TagOptions & Options & ExactMapping<Options, TagOptions>,
): Plan {
  return mapTags(event, options, { name: 'computedTraitToTags', types: ['identify', 'track'] }, (draft) =>
    isComputedTrait(event) ? (skipReasonOfCall(draft) ?? draftComputedTrait(draft, event)) : 'unsupported_type',
  );
}

/** M17: the rule of {@link computedTraitToTags}. */
export function draftComputedTrait(draft: Draft, event: IdentifyEvent | TrackEvent): undefined {
  const source = fieldsOf(event);
  gatherTags(draft, source, draft.settings.prefix, (name) => (name === 'trait_key' ? 'metadata' : undefined));
  addCallExtras(draft, source, draft.optIns?.chosenTrack(draft, event));
  draft.optIns?.addUserDetails(draft);
}
