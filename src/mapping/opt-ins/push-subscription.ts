import type { Subscription } from '../../onesignal/operation.js';
import { isRecord } from '../../record.js';
import type { SegmentEvent } from '../../segment/event.js';
import { type Draft, drop } from '../draft.js';
import { addSubscription, isChannelOn, stateOf } from './subscription.js';

const types: Readonly<Record<string, Subscription['type']>> = {
  ios: 'iOSPush',
  android: 'AndroidPush',
  huawei: 'HuaweiPush',
};
/** All events of an app carry the token; these and identifies tell it often enough, and do not double the requests. */
const lifecycle = new Set(['Application Installed', 'Application Opened', 'Application Updated']);
const goodbye = 'Application Uninstalled';

/**
 * S1, option `subscriptions: { push: true }`: `context.device.token` becomes a push subscription, of the type that
 * `context.device.type` names (`ios`, `android`, `huawei`); `Application Uninstalled` disables it.
 *
 * Read on identifies and on `Application Installed`, `Opened`, `Updated` and `Uninstalled`. A token whose device has
 * another type is dropped `invalid_value`.
 *
 * @see {@link https://segment.com/docs/connections/spec/mobile/ | Segment Spec: Mobile}
 */
export function addPushSubscription(draft: Draft): void {
  const { event } = draft;
  if (!isChannelOn(draft, 'push') || !tellsToken(event)) return;
  const device = isRecord(event.context) && isRecord(event.context.device) ? event.context.device : {};
  const { token, type } = device;
  if (token === undefined || token === null || token === '') return;
  const name = typeof type === 'string' ? type.toLowerCase() : '';
  const pushType = Object.hasOwn(types, name) ? types[name] : undefined;
  if (pushType === undefined || typeof token !== 'string' || /\s/.test(token))
    drop(draft, 'context.device.token', 'invalid_value');
  else
    addSubscription(draft, {
      type: pushType,
      token,
      ...(nameOf(event) === goodbye ? stateOf(false) : {}),
    });
}

function tellsToken(event: SegmentEvent): boolean {
  const name = nameOf(event);
  return event.type === 'identify' || (name !== undefined && (lifecycle.has(name) || name === goodbye));
}

function nameOf(event: SegmentEvent): string | undefined {
  return event.type === 'track' ? event.event : undefined;
}
