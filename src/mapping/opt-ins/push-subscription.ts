import { maxTokenCharacters } from '../../onesignal/limits.js';
import type { Subscription } from '../../onesignal/operation.js';
import { recordOf, type UnknownRecord } from '../../record.js';
import type { SegmentEvent } from '../../segment/event.js';
import { type Draft, drop } from '../draft.js';
import { isBlank } from '../tags/tag-value.js';
import { externalIdOf } from '../user-id.js';
import { addSubscription, isChannelOn, stateOf } from './subscription.js';

const types: Readonly<Record<string, Subscription['type']>> = {
  ios: 'iOSPush',
  android: 'AndroidPush',
  huawei: 'HuaweiPush',
};
/** A token of APNs. */
const iosToken = /^[\da-f]{64}$/;
/** Every event of an app carries the token. Reading it from these and from identifies does not double the requests. */
const lifecycle = new Set([
  'Application Installed',
  'Application Opened',
  'Application Updated',
  // Sent by Segment's plugin for React Native, when the token appears.
  'Device Token Retrieved',
]);
const uninstalled = 'Application Uninstalled';
/** Where OneSignal's fields stand in the context of an event. */
const deviceFields = [
  ['device_model', 'device', 'model'],
  ['device_os', 'os', 'version'],
  ['app_version', 'app', 'version'],
] as const;
const maxDeviceCharacters = 128;

/**
 * S1, option `subscriptions: { push: true }`: `context.device.token` becomes a push subscription of the type that
 * `context.device.type` names (`ios`, `android` or `huawei`), with the device's model, the version of its system and
 * that of the app. `Application Uninstalled` disables it.
 *
 * Read on identifies, on `Application Installed`, `Opened`, `Updated` and `Uninstalled`, and on `Device Token
 * Retrieved`. The token of a device of another type, an iOS token that is not 64 hexadecimal characters and a device
 * field that is not a string are dropped with reason `invalid_value`.
 *
 * @see {@link https://segment.com/docs/connections/spec/mobile/ | Segment Spec: Mobile}
 */
export function addPushSubscription(draft: Draft): void {
  const { event } = draft;
  if (!isChannelOn(draft, 'push') || !isTokenRead(event)) return;
  const context = recordOf(event.context);
  const device = recordOf(context.device);
  if (device.token === undefined || device.token === null || device.token === '') return;
  const type = typeOf(device.type);
  const token = type === undefined ? undefined : tokenOf(type, device.token);
  if (type === undefined || token === undefined) {
    drop(draft, 'context.device.token', 'invalid_value');
    return;
  }
  const state = nameOf(event) === uninstalled ? stateOf(type, false) : {};
  const subscription: Subscription = { type, token, ...state, ...deviceOf(draft, context) };
  if (!addSubscription(draft, subscription, 'context.device.token'))
    drop(draft, 'context.device.token', 'invalid_value');
}

function typeOf(type: unknown): Subscription['type'] | undefined {
  const name = typeof type === 'string' ? type.toLowerCase() : '';
  return Object.hasOwn(types, name) ? types[name] : undefined;
}

/**
 * A push token. That of an iOS device is written in lower case, as OneSignal's SDK does: Firebase writes the same token
 * in upper case, and it would become a second subscription of the device.
 *
 * @see {@link https://documentation.onesignal.com/reference/create-subscription | OneSignal: Create subscription, token}
 */
function tokenOf(type: Subscription['type'], token: unknown): string | undefined {
  if (typeof token !== 'string' || token.length > maxTokenCharacters || /\s/.test(token)) return undefined;
  if (type !== 'iOSPush') return token;
  const lower = token.toLowerCase();
  return iosToken.test(lower) ? lower : undefined;
}

function deviceOf(draft: Draft, context: UnknownRecord): Partial<Subscription> {
  const found: Partial<Subscription> = {};
  for (const [field, group, name] of deviceFields) {
    const value = recordOf(context[group])[name];
    if (isBlank(value)) continue;
    const text = externalIdOf(value);
    if (text !== undefined && text.length <= maxDeviceCharacters) found[field] = text;
    else drop(draft, `context.${group}.${name}`, 'invalid_value');
  }
  return found;
}

function isTokenRead(event: SegmentEvent): boolean {
  const name = nameOf(event);
  return event.type === 'identify' || (name !== undefined && (lifecycle.has(name) || name === uninstalled));
}

function nameOf(event: SegmentEvent): string | undefined {
  return event.type === 'track' ? event.event : undefined;
}
