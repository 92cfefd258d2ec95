import type { Plan } from '../../onesignal/plan.js';
import type { IdentifyEvent } from '../../segment/event.js';
import { planFrom } from '../build-plan.js';
import type { Draft } from '../draft.js';
import { traitsOf } from '../fields.js';
import type { MappingOptions } from '../options.js';
import { prepare } from '../settings.js';
import { refusedIdentify } from '../skip-reason.js';
import { gatherTags } from '../tags/gather-tags.js';
import { addUserDetails } from './user-details.js';

/**
 * M2: turns an identify's traits into tags on the user.
 *
 * Shape: `{ firstName: 'Ada', seats: 5, plan: null }` becomes `{ first_name: 'Ada', seats: '5', plan: '' }`; `''` removes
 * a tag. Dropped, and reported in `dropped`: `email` and `phone` (`identifier`), objects and arrays (`nested`), OneSignal's
 * own keys (`reserved_key`), what your options exclude, what is over `tagLimit`. With `subscriptions`, `email` and `phone`
 * become subscriptions (S1); with `profile`, the locale and the like become the user's profile (S3).
 *
 * @param event - A parsed identify.
 * @param mapping - Keys, values and limits.
 * @returns The plan; skipped `empty` where nothing is left, failed where a hook of yours throws. Never throws.
 *
 * @example
 * identifyToTags({ type: 'identify', userId: 'u1', traits: { plan: 'pro' } }).operations;
 * // [{ type: 'update_user', user: { label: 'external_id', id: 'u1' }, tags: { plan: 'pro' } }]
 *
 * @see {@link https://segment.com/docs/connections/destinations/catalog/onesignal-new/#identify | Segment: OneSignal, Identify}
 */
export function identifyToTags(event: IdentifyEvent, mapping?: MappingOptions): Plan {
  const settings = prepare(mapping);
  return planFrom(event, settings, (draft) => refusedIdentify(event, settings) ?? draftIdentify(draft, event));
}

/** M2 as a rule. */
export function draftIdentify(draft: Draft, event: IdentifyEvent): undefined {
  gatherTags(draft, traitsOf(event), draft.settings.prefix);
  addUserDetails(draft);
}
