import type { Subscription } from '../../onesignal/operation.js';
import type { DropReason } from '../../onesignal/plan.js';
import type { Draft } from '../draft.js';
import type { SubscriptionOptions } from '../options.js';
import { emailOf, phoneOf } from './contact.js';

/** Of the channels that OneSignal has, the two that a contact opens: how each is switched on, and how its token is read. */
export const contactChannels = {
  Email: { option: 'email', read: emailOf },
  SMS: { option: 'sms', read: phoneOf },
} as const;

/**
 * S1, option `subscriptions`: an identify's `email` or `phone` becomes a subscription where that channel is switched on.
 *
 * OneSignal moves it here from whichever user had it. Without a state in `context.messaging_subscriptions` none is sent, so
 * that OneSignal decides. The `email` of a track or group may be anybody's.
 *
 * @returns `used`, or why it is not carried over.
 *
 * @see {@link https://documentation.onesignal.com/reference/create-subscription | OneSignal: Create subscription}
 */
export function offerContact(draft: Draft, name: string, value: unknown): DropReason | 'used' {
  const type = name.toLowerCase() === 'email' ? 'Email' : 'SMS';
  const { option, read } = contactChannels[type];
  if (draft.event.type !== 'identify' || !isChannelOn(draft, option) || draft.settings.exclude?.has(name))
    return 'identifier';
  const token = read(value);
  if (token === undefined) return 'invalid_value';
  addSubscription(draft, { type, token });
  return 'used';
}

/**
 * S1: whether a channel is switched on.
 *
 * @see {@link https://documentation.onesignal.com/docs/subscriptions | OneSignal: Subscriptions}
 */
export function isChannelOn({ settings }: Draft, channel: keyof SubscriptionOptions): boolean {
  return settings.subscriptions?.[channel] === true;
}

/**
 * S1: adds a subscription, or what is known of its state to the one that is there.
 *
 * @see {@link https://documentation.onesignal.com/reference/create-subscription | OneSignal: Create subscription}
 */
export function addSubscription(draft: Draft, subscription: Subscription): void {
  const key = `${subscription.type}\n${subscription.token}`;
  draft.subscriptions ??= new Map();
  const { subscriptions } = draft;
  subscriptions.set(key, { ...subscriptions.get(key), ...subscription });
}

/**
 * S1: what OneSignal is told of a channel that the user has agreed to, or not.
 *
 * @see {@link https://documentation.onesignal.com/reference/create-subscription | OneSignal: Create subscription, notification_types}
 */
export function stateOf(isSubscribed: boolean): Pick<Subscription, 'enabled' | 'notification_types'> {
  return isSubscribed ? { enabled: true, notification_types: 1 } : { enabled: false, notification_types: -31 };
}
