import type { SkipReason } from '../onesignal/plan.js';
import type { SegmentEvent } from '../segment/event.js';
import { fieldsOf } from './fields.js';
import { isSwitchedOff } from './integrations.js';
import { isLoop } from './loop.js';
import type { Settings } from './settings.js';
import { externalIdOf, refusedId } from './user-id.js';

/**
 * M20, M19, M1, in this order: why a whole event is skipped before any field is looked at.
 *
 * @see {@link https://segment.com/docs/connections/destinations/catalog/onesignal-new/ | Segment: OneSignal}
 */
export function skipReasonOf(event: SegmentEvent, settings: Settings): SkipReason | undefined {
  const { integrationNames } = settings;
  if (integrationNames !== undefined && isSwitchedOff(event.integrations, integrationNames)) return 'integration_off';
  if (!settings.allowsLoops && event.type === 'track' && isLoop(event.event, fieldsOf(event).fields)) return 'loop';
  return refusedId(externalIdOf(event));
}
