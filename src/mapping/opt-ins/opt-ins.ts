import type { OptIns } from '../draft.js';
import { redactedCause } from '../hook-cause.js';
import { addCustomEvent, canNameUser, dropCustomEvent } from './custom-event.js';
import { addProfile } from './profile.js';
import { addPurchases } from './purchases.js';
import { addPushSubscription } from './push-subscription.js';
import { offerContact } from './subscription.js';
import { addSubscriptionStates } from './subscription-state.js';

/** The opt-ins of `mapEvent`. Each of them does nothing if its option is off. */
export const optIns: OptIns = {
  offerContact,
  chosenTrack: ({ settings }, event) =>
    event.type === 'track' && settings.customEvents?.isChosen(event) === true ? event : undefined,
  canNameUser,
  addCustomEvent(draft, source, lost) {
    if (canNameUser(draft)) addCustomEvent(draft, source);
    else dropCustomEvent(draft, { ...source, properties: lost });
  },
  addPurchases,
  addUserDetails(draft) {
    addProfile(draft);
    addSubscriptionStates(draft);
    addPushSubscription(draft);
  },
  causeOf: redactedCause,
};
