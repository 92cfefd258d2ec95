import type { Plan } from '../../onesignal/plan.js';
import type { IdentifyEvent } from '../../segment/event.js';
import type { ExactMapping } from '../define-mapping.js';
import type { Draft } from '../draft.js';
import { traitsOf } from '../fields.js';
import { skipReasonOfIdentify } from '../skip-reason.js';
import type { TagOptions } from '../tag-options.js';
import { gatherTags } from '../tags/gather-tags.js';
import { mapTags } from './map-tags.js';
import { reportUnreadFields } from './unread-fields.js';

/**
 * Maps the traits of an identify (M2) to tags.
 *
 * Shape: `{ firstName: 'Ada', seats: 5, plan: null }` becomes `{ first_name: 'Ada', seats: '5', plan: '' }`, where `''`
 * removes the tag.
 *
 * Listed in `dropped`: `email` and `phone` (`identifier`), objects and arrays (`nested`), keys that OneSignal reserves
 * (`reserved_key`), fields that your options exclude (`excluded`), and tags over `tagLimit` (`tag_limit`). Call
 * {@link mapEvent} to map more than tags.
 *
 * @param event - A parsed identify.
 * @param options - Options for keys, values and which events are mapped. Others do not compile, even in a variable.
 * `eventName`, `loops`, `audiencePrefix`, `audienceProperties` and `segmentName` have no effect here.
 * @returns The plan. It is skipped with reason `empty` if nothing is left to send, and fails if the options are invalid
 * or a hook throws. Never throws.
 *
 * @example
 * identifyToTags({ type: 'identify', userId: 'u1', traits: { plan: 'pro' } }).operations;
 * // [{ type: 'update_user', user: { label: 'external_id', id: 'u1' }, tags: { plan: 'pro' } }]
 *
 * @see {@link https://segment.com/docs/connections/destinations/catalog/onesignal-new/#identify | Segment: OneSignal, Identify}
 */
export function identifyToTags<const Options extends TagOptions = TagOptions>(
  event: IdentifyEvent,
  options?: TagOptions & Options & ExactMapping<Options, TagOptions>,
): Plan {
  return mapTags(
    event,
    options,
    { name: 'identifyToTags', types: ['identify'] },
    (draft) => skipReasonOfIdentify(draft) ?? draftIdentify(draft, event),
  );
}

/** M2: the rule of {@link identifyToTags}. */
export function draftIdentify(draft: Draft, event: IdentifyEvent): undefined {
  gatherTags(draft, traitsOf(event), draft.settings.prefix);
  reportUnreadFields(draft, 'traits');
  draft.optIns?.addUserDetails(draft);
}
