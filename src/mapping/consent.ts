import { isRecord } from '../record.js';
import type { SegmentEvent } from '../segment/event.js';
import type { Settings } from './settings.js';

/**
 * S7, option `consent`: whether every category that you name is `true` in `context.consent.categoryPreferences`.
 *
 * A category that the event does not mention counts as refused: nobody has agreed to it.
 *
 * @see {@link https://segment.com/docs/privacy/consent-management/consent-in-segment-connections/ | Segment: Consent in Segment Connections}
 */
export function hasConsent({ context }: SegmentEvent, { consent }: Settings): boolean {
  if (consent === undefined) return true;
  const given = isRecord(context) && isRecord(context.consent) ? context.consent.categoryPreferences : undefined;
  return consent.every((category) => isRecord(given) && Object.hasOwn(given, category) && given[category] === true);
}
