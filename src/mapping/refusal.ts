import type { SkipReason } from '../onesignal/plan.js';
import type { IdentifyEvent, TrackEvent } from '../segment/event.js';
import { isSwitchedOff } from './integrations.js';
import { isLoop } from './loop.js';
import type { Settings } from './settings.js';
import { refusedId } from './user-id.js';

/**
 * M20, M1, in this order: why a whole identify is skipped before its fields are looked at.
 *
 * @see {@link https://segment.com/docs/connections/destinations/catalog/onesignal-new/ | Segment: OneSignal}
 */
export function refusedIdentify(event: IdentifyEvent | TrackEvent, settings: Settings): SkipReason | undefined {
  return isSwitchedOff(event.integrations, settings.integrations) ? 'integration_off' : refusedId(event.userId);
}

/**
 * M20, M19, M1, in this order: why a whole track, or an identify, is skipped before its fields are looked at.
 *
 * @see {@link https://segment.com/docs/connections/destinations/catalog/onesignal-new/ | Segment: OneSignal}
 */
export function refusedCall(event: IdentifyEvent | TrackEvent, settings: Settings): SkipReason | undefined {
  const refused = refusedIdentify(event, settings);
  return refused !== 'integration_off' && isLoop(event, settings) ? 'loop' : refused;
}
