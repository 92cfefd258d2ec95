import type { IdentifyEvent, TrackEvent } from '../../segment/event.js';
import type { Draft } from '../draft.js';
import type { FieldSource } from '../fields.js';
import { addCustomEvent, canNameUser, dropCustomEvent } from '../opt-ins/custom-event.js';
import { addProfile } from '../opt-ins/profile.js';
import { addPushSubscription } from '../opt-ins/push-subscription.js';
import { addSubscriptionStates } from '../opt-ins/subscription-state.js';
import { reportUnreadFields } from './unread-fields.js';

/** S2, option `customEvents`: the event if it is to become a custom event, which only a track can. */
export function chosenTrack({ settings }: Draft, event: IdentifyEvent | TrackEvent): TrackEvent | undefined {
  return event.type === 'track' && settings.customEvents?.isChosen(event) === true ? event : undefined;
}

/**
 * M3, S2: adds the custom event of a track, and reports the fields that the event is not read from.
 *
 * @param chosen - The event, if it is to become a custom event.
 * @param lost - The fields that are lost if there cannot be a custom event: none if they became tags as well.
 */
export function addCallExtras(
  draft: Draft,
  { root, fields }: FieldSource,
  chosen: TrackEvent | undefined,
  lost: FieldSource['fields'] = {},
): void {
  reportUnreadFields(draft, root);
  if (chosen === undefined) return;
  if (canNameUser(draft)) addCustomEvent(draft, { name: chosen.event, namePath: 'event', properties: fields, root });
  else dropCustomEvent(draft, { namePath: 'event', properties: lost, root });
}

/** S1, S3: adds the user's profile, subscription states and push token, if the options turn them on. */
export function addUserDetails(draft: Draft): undefined {
  addProfile(draft);
  addSubscriptionStates(draft);
  addPushSubscription(draft);
}
