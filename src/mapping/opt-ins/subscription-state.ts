import { recordOf } from '../../record.js';
import { type Draft, drop } from '../draft.js';
import { addSubscription, contactChannels, isChannelOn, stateOf } from './subscription.js';

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
    if (!addState(draft, recordOf(entry))) drop(draft, `context.messaging_subscriptions.${index}`, 'invalid_value');
  });
}

/** Whether the entry could be read. Entries of a channel that is off are ignored. */
function addState(draft: Draft, { key, type, status }: { key?: unknown; type?: unknown; status?: unknown }): boolean {
  const name = upperCase(type) === 'EMAIL' ? 'Email' : upperCase(type) === 'SMS' ? 'SMS' : undefined;
  if (name === undefined) return false;
  const { option, read } = contactChannels[name];
  if (!isChannelOn(draft, option)) return true;
  const token = read(key);
  if (token === undefined || !/^(?:UN|DID_NOT_)?SUBSCRIBED?$/.test(upperCase(status))) return false;
  addSubscription(draft, { type: name, token, ...stateOf(upperCase(status) === 'SUBSCRIBED') });
  return true;
}

/** Payloads use upper and lower case. */
function upperCase(value: unknown): string {
  return typeof value === 'string' ? value.toUpperCase() : '';
}
