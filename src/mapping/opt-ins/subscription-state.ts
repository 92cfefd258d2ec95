import { isRecord } from '../../record.js';
import { type Draft, drop } from '../draft.js';
import { addSubscription, contactChannels, isChannelOn, stateOf } from './subscription.js';

/**
 * S1: an identify's `context.messaging_subscriptions`, in which Engage keeps whether a user has agreed to a channel.
 *
 * Shape: `{ key: 'ada@example.com', type: 'EMAIL', status: 'UNSUBSCRIBED' }` gives the Email subscription of that address
 * `enabled: false`; `DID_NOT_SUBSCRIBE` likewise. Dropped `invalid_value`: a key that is no address or number in E.164, a
 * status or channel that OneSignal does not have (WhatsApp). Groups have no counterpart.
 *
 * @see {@link https://segment.com/docs/engage/user-subscriptions/set-user-subscriptions/ | Segment: Set user subscriptions}
 */
export function addSubscriptionStates(draft: Draft): void {
  const { context, type } = draft.event;
  const entries = isRecord(context) ? context.messaging_subscriptions : undefined;
  if (type !== 'identify' || draft.settings.subscriptions === undefined || !Array.isArray(entries)) return;
  entries.forEach((entry: unknown, index) => {
    if (!addState(draft, isRecord(entry) ? entry : {}))
      drop(draft, `context.messaging_subscriptions.${index}`, 'invalid_value');
  });
}

/** Whether the entry is dealt with; one of a channel that is switched off is. */
function addState(draft: Draft, { key, type, status }: { key?: unknown; type?: unknown; status?: unknown }): boolean {
  const name = textOf(type) === 'EMAIL' ? 'Email' : textOf(type) === 'SMS' ? 'SMS' : undefined;
  if (name === undefined) return false;
  const { option, read } = contactChannels[name];
  if (!isChannelOn(draft, option)) return true;
  const token = read(key);
  if (token === undefined || !/^(?:UN|DID_NOT_)?SUBSCRIBED?$/.test(textOf(status))) return false;
  addSubscription(draft, { type: name, token, ...stateOf(textOf(status) === 'SUBSCRIBED') });
  return true;
}

/** In either case, as it comes. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value.toUpperCase() : '';
}
