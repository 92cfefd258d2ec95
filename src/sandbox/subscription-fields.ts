import type { Subscription } from '../onesignal/operation.js';
import { isRecord } from '../record.js';
import { invalid } from './answers.js';
import type { StoredSubscription } from './records.js';

/** The types that this library writes, which are the ones that readers show. */
const WRITTEN_TYPES: readonly Subscription['type'][] = ['Email', 'SMS', 'iOSPush', 'AndroidPush', 'HuaweiPush'];
/** docs/onesignal.md 2.6. */
const TYPES: readonly string[] = [
  ...WRITTEN_TYPES,
  'FireOSPush',
  'WindowsPush',
  'macOSPush',
  'ChromeExtensionPush',
  'ChromePush',
  'SafariLegacyPush',
  'FirefoxPush',
  'SafariPush',
];

/** The fields of a subscription that a request names. */
export interface SubscriptionFields {
  type?: string;
  token?: string;
  enabled?: boolean;
  notificationTypes?: number;
  appVersion?: string;
}

/** Reads a `subscription` object. */
export function readSubscription(value: unknown): SubscriptionFields {
  if (!isRecord(value)) throw invalid('subscription must be an object');
  const { type, token, enabled, notification_types: notificationTypes, app_version: appVersion } = value;
  const fields: SubscriptionFields = {};
  if (type !== undefined) {
    if (typeof type !== 'string' || !TYPES.includes(type)) throw invalid('type is not a subscription type');
    fields.type = type;
  }
  if (token !== undefined) {
    if (typeof token !== 'string' || token === '') throw invalid('token must be a non-empty string');
    // docs/onesignal.md 2.6: SMS tokens are E.164.
    if (type === 'SMS' && !/^\+[1-9]\d{1,14}$/.test(token)) throw invalid('token of an SMS subscription must be E.164');
    if (type === 'Email' && !/^\S+@\S+$/.test(token))
      throw invalid('token of an Email subscription must be an address');
    fields.token = token;
  }
  if (enabled !== undefined) {
    if (typeof enabled !== 'boolean') throw invalid('enabled must be a boolean');
    fields.enabled = enabled;
  }
  if (notificationTypes !== undefined) {
    if (typeof notificationTypes !== 'number' || !Number.isInteger(notificationTypes))
      throw invalid('notification_types must be an integer');
    fields.notificationTypes = notificationTypes;
  }
  if (typeof appVersion === 'string') fields.appVersion = appVersion;
  return fields;
}

/** Reads a subscription to create, which needs a type and a token (docs/onesignal.md 2.6). */
export function readNewSubscription(value: unknown): SubscriptionFields & { type: string; token: string } {
  const { type, token, ...fields } = readSubscription(value);
  if (type === undefined || token === undefined) throw invalid('type and token are required');
  return { ...fields, type, token };
}

/** The subscription as OneSignal returns it. */
export function subscriptionBody(subscription: StoredSubscription, appId: string): Record<string, unknown> {
  const { id, type, token, enabled, notificationTypes, appVersion } = subscription;
  return { id, app_id: appId, type, token, enabled, notification_types: notificationTypes, app_version: appVersion };
}

/** The subscription as this library writes it; an empty array for the types that it never writes. */
export function toSubscription({ type, token, enabled, notificationTypes }: StoredSubscription): Subscription[] {
  const written = WRITTEN_TYPES.find((known) => known === type);
  return written === undefined ? [] : [{ type: written, token, enabled, notification_types: notificationTypes }];
}
