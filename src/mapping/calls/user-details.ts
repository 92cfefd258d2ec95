import type { Draft } from '../draft.js';
import { addProfile } from '../opt-ins/profile.js';
import { addPushSubscription } from '../opt-ins/push-subscription.js';
import { addSubscriptionStates } from '../opt-ins/subscription-state.js';

/**
 * S1, S3: what an identify or track says of its user besides tags, where that is switched on.
 *
 * @see {@link https://segment.com/docs/connections/spec/common/#context | Segment Spec: Context}
 */
export function addUserDetails(draft: Draft): undefined {
  addProfile(draft);
  addSubscriptionStates(draft);
  addPushSubscription(draft);
}
