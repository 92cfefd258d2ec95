import type { SkipReason } from '../onesignal/plan.js';
import type { SegmentEvent } from '../segment/event.js';
import { hasConsent } from './consent.js';
import { isSwitchedOff } from './integrations.js';
import { isLoop } from './loop.js';
import type { Settings } from './settings.js';
import { refusedId } from './user-id.js';

/**
 * M20, M1, in this order: why a deletion is skipped. It needs no consent.
 *
 * @see {@link https://segment.com/docs/privacy/user-deletion-and-suppression/ | Segment: User deletion}
 */
export function refusedDeletion(event: SegmentEvent, settings: Settings): SkipReason | undefined {
  return isSwitchedOff(event.integrations, settings.integrations) ? 'integration_off' : refusedId(event.userId);
}

/**
 * M20, M1, S7, in this order: why a whole call but a track is skipped before its fields are looked at.
 *
 * @see {@link https://segment.com/docs/connections/destinations/catalog/onesignal-new/ | Segment: OneSignal}
 */
export function refusedIdentify(event: SegmentEvent, settings: Settings): SkipReason | undefined {
  return refusedDeletion(event, settings) ?? (hasConsent(event, settings) ? undefined : 'no_consent');
}

/**
 * M20, M19, M1, S7, in this order: why a whole call is skipped before its fields are looked at.
 *
 * @see {@link https://segment.com/docs/connections/destinations/catalog/onesignal-new/ | Segment: OneSignal}
 */
export function refusedCall(event: SegmentEvent, settings: Settings): SkipReason | undefined {
  const refused = refusedIdentify(event, settings);
  return refused !== 'integration_off' && isLoop(event, settings) ? 'loop' : refused;
}
