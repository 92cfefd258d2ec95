import type { Subscription } from '../../onesignal/operation.js';
import { recordOf } from '../../record.js';
import type { SegmentEvent } from '../../segment/event.js';
import { type Draft, drop } from '../draft.js';
import { addSubscription, isChannelOn, stateOf } from './subscription.js';

const types: Readonly<Record<string, Subscription['type']>> = {
  ios: 'iOSPush',
  android: 'AndroidPush',
  huawei: 'HuaweiPush',
};
/** Every event of an app carries the token. It is read only from these and from identifies, to save requests. */
const lifecycle = new Set(['Application Installed', 'Application Opened', 'Application Updated']);
const uninstalled = 'Application Uninstalled';

/**
 * S1, option `subscriptions: { push: true }`: `context.device.token` becomes a push subscription of the type that
 * `context.device.type` names (`ios`, `android` or `huawei`). `Application Uninstalled` disables it.
 *
 * Read on identifies and on `Application Installed`, `Opened`, `Updated` and `Uninstalled`. The token of a device of
 * another type is dropped with reason `invalid_value`.
 *
 * @see {@link https://segment.com/docs/connections/spec/mobile/ | Segment Spec: Mobile}
 */
export function addPushSubscription(draft: Draft): void {
  const { event } = draft;
  if (!isChannelOn(draft, 'push') || !isTokenRead(event)) return;
  const { token, type } = recordOf(recordOf(event.context).device);
  if (token === undefined || token === null || token === '') return;
  const name = typeof type === 'string' ? type.toLowerCase() : '';
  const pushType = Object.hasOwn(types, name) ? types[name] : undefined;
  if (pushType === undefined || typeof token !== 'string' || /\s/.test(token))
    drop(draft, 'context.device.token', 'invalid_value');
  else
    addSubscription(draft, {
      type: pushType,
      token,
      ...(nameOf(event) === uninstalled ? stateOf(false) : {}),
    });
}

function isTokenRead(event: SegmentEvent): boolean {
  const name = nameOf(event);
  return event.type === 'identify' || (name !== undefined && (lifecycle.has(name) || name === uninstalled));
}

function nameOf(event: SegmentEvent): string | undefined {
  return event.type === 'track' ? event.event : undefined;
}
