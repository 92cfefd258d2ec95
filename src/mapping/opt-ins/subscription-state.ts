import { recordOf, type UnknownRecord } from '../../record.js';
import { type Draft, drop } from '../draft.js';
import { addSubscription, contactChannels, isChannelOn, stateOf } from './subscription.js';

/** Whether a user with this status has subscribed. */
const statuses: Readonly<Record<string, boolean>> = {
  SUBSCRIBED: true,
  UNSUBSCRIBED: false,
  DID_NOT_SUBSCRIBE: false,
};

/**
 * S1: an identify's `context.messaging_subscriptions`, where Engage states whether the user has subscribed to a
 * channel.
 *
 * Shape: `{ key: 'ada@example.com', type: 'EMAIL', status: 'UNSUBSCRIBED' }` gives the Email subscription of that
 * address `enabled: false`, as does `DID_NOT_SUBSCRIBE`.
 *
 * Dropped with reason `invalid_value`: a key that is not an email address or a number in E.164, and a status or channel
 * that OneSignal does not have, such as WhatsApp. Subscription groups have no counterpart in OneSignal and are ignored.
 *
 * @see {@link https://segment.com/docs/engage/user-subscriptions/set-user-subscriptions/ | Segment: Set user subscriptions}
 */
export function addSubscriptionStates(draft: Draft): void {
  const { context, type } = draft.event;
  const entries = recordOf(context).messaging_subscriptions;
  if (type !== 'identify' || draft.settings.subscriptions === undefined || !Array.isArray(entries)) return;
  entries.forEach((entry: unknown, index) => {
    const path = `context.messaging_subscriptions.${index}`;
    if (!addState(draft, recordOf(entry), path)) drop(draft, path, 'invalid_value');
  });
}

/** Whether the entry could be used. That of a channel that is turned off is ignored. */
function addState(draft: Draft, { key, type, status }: UnknownRecord, path: string): boolean {
  const name = upperCase(type) === 'EMAIL' ? 'Email' : upperCase(type) === 'SMS' ? 'SMS' : undefined;
  if (name === undefined) return false;
  const { option, read } = contactChannels[name];
  if (!isChannelOn(draft, option)) return true;
  const token = read(key);
  const isSubscribed = Object.hasOwn(statuses, upperCase(status)) ? statuses[upperCase(status)] : undefined;
  if (token === undefined || isSubscribed === undefined) return false;
  return addSubscription(draft, { type: name, token, ...stateOf(name, isSubscribed) }, path);
}

/** Payloads use upper and lower case. */
function upperCase(value: unknown): string {
  return typeof value === 'string' ? value.toUpperCase() : '';
}
