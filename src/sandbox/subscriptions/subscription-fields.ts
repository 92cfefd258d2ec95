import type { Subscription } from '../../onesignal/operation.js';
import { isRecord } from '../../record.js';
import { invalid } from '../answers.js';
import type { SandboxSubscription } from '../options.js';
import type { DeviceField, StoredSubscription } from '../records.js';

/** The types that this library writes, which are the ones that readers show. */
const WRITTEN_TYPES: readonly Subscription['type'][] = ['Email', 'SMS', 'iOSPush', 'AndroidPush', 'HuaweiPush'];
/** docs/onesignal.md 2.6: the subscriptions of browsers, which only OneSignal's SDK creates. */
const WEB_PUSH_TYPES: readonly string[] = [
  'ChromeExtensionPush',
  'ChromePush',
  'FirefoxPush',
  'SafariLegacyPush',
  'SafariPush',
];
/** docs/onesignal.md 2.6. */
const TYPES: readonly string[] = [...WRITTEN_TYPES, ...WEB_PUSH_TYPES, 'FireOSPush', 'WindowsPush', 'macOSPush'];
const DEVICE_FIELDS: readonly DeviceField[] = ['app_version', 'device_model', 'device_os', 'sdk'];

/** The fields of a subscription that a request names. */
export interface SubscriptionFields {
  type?: string;
  token?: string;
  enabled?: boolean;
  notificationTypes?: number;
  device: Partial<Record<DeviceField, string>>;
}

/** The fields of a subscription to create. */
export interface NewSubscription extends SubscriptionFields {
  type: string;
  token: string;
}

/** Reads a `subscription` object. */
export function readSubscription(value: unknown): SubscriptionFields {
  if (!isRecord(value)) throw invalid('subscription must be an object');
  const { type, token, enabled, notification_types: notificationTypes } = value;
  const fields: SubscriptionFields = { device: readDevice(value) };
  if (type !== undefined) {
    if (typeof type !== 'string' || !TYPES.includes(type)) throw invalid('type is not a subscription type');
    fields.type = type;
  }
  if (token !== undefined) {
    if (typeof token !== 'string' || token === '') throw invalid('token must be a non-empty string');
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
  return fields;
}

function readDevice(value: Record<string, unknown>): SubscriptionFields['device'] {
  const device: SubscriptionFields['device'] = {};
  for (const name of DEVICE_FIELDS) {
    const text = Object.hasOwn(value, name) ? value[name] : undefined;
    if (text === undefined) continue;
    if (typeof text !== 'string') throw invalid(`${name} must be a string`);
    device[name] = text;
  }
  return device;
}

/** Reads a subscription to create, which needs a type and a token (docs/onesignal.md 2.6). */
export function readNewSubscription(value: unknown): NewSubscription {
  const { type, token, ...fields } = readSubscription(value);
  if (type === undefined || token === undefined) throw invalid('type and token are required');
  checkToken(type, token);
  return { ...fields, type, token };
}

/** docs/onesignal.md 2.6: the formats of tokens. That of Android is only typical, so it is not checked. */
export function checkToken(type: string, token: string): void {
  if (type === 'SMS' && !/^\+[1-9]\d{1,14}$/.test(token)) throw invalid('token of an SMS subscription must be E.164');
  if (type === 'Email' && !/^\S+@\S+$/.test(token)) throw invalid('token of an Email subscription must be an address');
  if (type === 'iOSPush' && !/^[\da-f]{64}$/i.test(token))
    throw invalid('token of an iOSPush subscription must have 64 hexadecimal characters');
}

export function isWebPush(type: string): boolean {
  return WEB_PUSH_TYPES.includes(type);
}

/** The subscription as OneSignal returns it. */
export function subscriptionBody(subscription: StoredSubscription, appId: string): Record<string, unknown> {
  const { id, type, token, enabled, notificationTypes, device } = subscription;
  return {
    id,
    app_id: appId,
    type,
    token,
    enabled,
    notification_types: notificationTypes,
    ...Object.fromEntries(DEVICE_FIELDS.map((name) => [name, device[name] ?? ''])),
  };
}

/** The subscription for readers; an empty array for the types that this library never writes. */
export function toSubscription({
  type,
  token,
  enabled,
  notificationTypes,
  device,
}: StoredSubscription): SandboxSubscription[] {
  const written = WRITTEN_TYPES.find((known) => known === type);
  return written === undefined
    ? []
    : [{ type: written, token, enabled, notification_types: notificationTypes, ...device }];
}
