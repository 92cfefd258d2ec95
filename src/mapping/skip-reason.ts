import type { SkipReason } from '../onesignal/plan.js';
import { isRecord, recordOf } from '../record.js';
import type { Draft } from './draft.js';
import { isLoop } from './loop.js';

/** Names of the official destination. Their order matters only if an event contradicts itself. */
const oneSignalNames = ['OneSignal New', 'OneSignal (New)', 'OneSignal'];

/** M20, M1, in this order: why a deletion is skipped. It needs no consent. Otherwise the draft gets its user. */
export function skipReasonOfDeletion(draft: Draft): SkipReason | undefined {
  return isOff(draft) ? 'integration_off' : takeUser(draft);
}

/** M20, M1, S7, in this order: why an identify is skipped before its fields are read. */
export function skipReasonOfIdentify(draft: Draft): SkipReason | undefined {
  return skipReasonOfDeletion(draft) ?? (hasConsent(draft) ? undefined : 'no_consent');
}

/** M20, M19, M1, S7, in this order: why a call other than a deletion is skipped before its fields are read. */
export function skipReasonOfCall(draft: Draft): SkipReason | undefined {
  if (isOff(draft)) return 'integration_off';
  // Before the user: a function in the options must not fail an event that is not sent anyway.
  if (isLoop(draft.event, draft.settings)) return 'loop';
  return takeUser(draft) ?? (hasConsent(draft) ? undefined : 'no_consent');
}

function takeUser(draft: Draft): SkipReason | undefined {
  const user = draft.settings.userOf(draft.event);
  if (typeof user === 'string') return user;
  draft.user = user;
  return undefined;
}

/**
 * M20: whether the `integrations` object turns OneSignal off. OneSignal's own names override `All`.
 *
 * As in Segment, `false` means off, `true` and an object mean on, and `null` says nothing.
 *
 * @see {@link https://segment.com/docs/guides/filtering-data/#filtering-with-the-integrations-object | Segment: Filtering with the integrations object}
 */
function isOff({ event: { integrations }, settings: { integrations: option } }: Draft): boolean {
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
function hasConsent({ event: { context }, settings: { consent } }: Draft): boolean {
  if (consent === undefined) return true;
  const given = recordOf(recordOf(recordOf(context).consent).categoryPreferences);
  return consent.every((category) => Object.hasOwn(given, category) && given[category] === true);
}
