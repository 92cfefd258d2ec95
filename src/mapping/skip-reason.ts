import type { SkipReason } from '../onesignal/plan.js';
import { isRecord, recordOf } from '../record.js';
import type { SegmentEvent } from '../segment/event.js';
import { isLoop } from './loop.js';
import type { MappingOptions } from './options.js';
import type { Settings } from './settings.js';
import { refusedId } from './user-id.js';

/** Names of the official destination. Their order matters only if an event contradicts itself. */
const oneSignalNames = ['OneSignal New', 'OneSignal (New)', 'OneSignal'];

/** M20, M1, in this order: why a deletion is skipped. It needs no consent. */
export function skipReasonOfDeletion(event: SegmentEvent, settings: Settings): SkipReason | undefined {
  return isSwitchedOff(event.integrations, settings.integrations) ? 'integration_off' : refusedId(event.userId);
}

/** M20, M1, S7, in this order: why an identify is skipped before its fields are read. */
export function skipReasonOfIdentify(event: SegmentEvent, settings: Settings): SkipReason | undefined {
  return skipReasonOfDeletion(event, settings) ?? (hasConsent(event, settings) ? undefined : 'no_consent');
}

/** M20, M19, M1, S7, in this order: why a call other than a deletion is skipped before its fields are read. */
export function skipReasonOfCall(event: SegmentEvent, settings: Settings): SkipReason | undefined {
  const reason = skipReasonOfIdentify(event, settings);
  return reason !== 'integration_off' && isLoop(event, settings) ? 'loop' : reason;
}

/**
 * M20: whether the `integrations` object turns OneSignal off. OneSignal's own names override `All`.
 *
 * As in Segment, `false` means off, `true` and an object mean on, and `null` says nothing.
 *
 * @see {@link https://segment.com/docs/guides/filtering-data/#filtering-with-the-integrations-object | Segment: Filtering with the integrations object}
 */
function isSwitchedOff(integrations: unknown, option: MappingOptions['integrations']): boolean {
  if (option === undefined || option === 'ignore' || !isRecord(integrations)) return false;
  const own = option === 'respect' ? [] : [option.respect];
  const values = [...own, ...oneSignalNames, 'All', 'all'].map((name) =>
    Object.hasOwn(integrations, name) ? integrations[name] : undefined,
  );
  return values.find((value) => value !== undefined && value !== null) === false;
}

/**
 * S7, option `consent`: whether the user has agreed to every category you name. A category that the event does not
 * mention counts as refused.
 *
 * @see {@link https://segment.com/docs/privacy/consent-management/consent-in-segment-connections/ | Segment: Consent in Segment Connections}
 */
function hasConsent({ context }: SegmentEvent, { consent }: Settings): boolean {
  if (consent === undefined) return true;
  const given = recordOf(recordOf(recordOf(context).consent).categoryPreferences);
  return consent.every((category) => Object.hasOwn(given, category) && given[category] === true);
}
