import type { Plan } from '../../onesignal/plan.js';
import type { IdentifyEvent } from '../../segment/event.js';
import { planFrom } from '../build-plan.js';
import type { Draft } from '../draft.js';
import { traitsOf } from '../fields.js';
import type { MappingOptions } from '../options.js';
import { prepare } from '../settings.js';
import { skipReasonOfIdentify } from '../skip-reason.js';
import { gatherTags } from '../tags/gather-tags.js';
import { addUserDetails } from './call-extras.js';
import { reportUnreadFields } from './unread-fields.js';

/**
 * Maps the traits of an identify (M2) to tags.
 *
 * Shape: `{ firstName: 'Ada', seats: 5, plan: null }` becomes `{ first_name: 'Ada', seats: '5', plan: '' }`, where `''`
 * removes the tag.
 *
 * Listed in `dropped`: `email` and `phone` (`identifier`), objects and arrays (`nested`), keys that OneSignal reserves
 * (`reserved_key`), fields that your options exclude (`excluded`), and tags over `tagLimit` (`tag_limit`). With
 * `subscriptions`, `email` and `phone` become subscriptions (S1). With `profile`, the locale and other fields become
 * the user's profile (S3).
 *
 * @param event - A parsed identify.
 * @param mapping - Mapping options.
 * @returns The plan. It is skipped with reason `empty` if nothing is left to send, and fails if a hook throws. Never
 * throws.
 *
 * @example
 * identifyToTags({ type: 'identify', userId: 'u1', traits: { plan: 'pro' } }).operations;
 * // [{ type: 'update_user', user: { label: 'external_id', id: 'u1' }, tags: { plan: 'pro' } }]
 *
 * @see {@link https://segment.com/docs/connections/destinations/catalog/onesignal-new/#identify | Segment: OneSignal, Identify}
 */
export function identifyToTags(event: IdentifyEvent, mapping?: MappingOptions): Plan {
  const settings = prepare(mapping);
  return planFrom(event, settings, (draft) => skipReasonOfIdentify(draft) ?? draftIdentify(draft, event));
}

/** M2: the rule of {@link identifyToTags}. */
export function draftIdentify(draft: Draft, event: IdentifyEvent): undefined {
  gatherTags(draft, traitsOf(event), draft.settings.prefix);
  reportUnreadFields(draft, 'traits');
  addUserDetails(draft);
}
