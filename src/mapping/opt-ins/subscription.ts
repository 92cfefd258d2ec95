import { maxEmailCharacters, maxSubscriptionsPerUser } from '../../onesignal/limits.js';
import { mergeSubscriptions } from '../../onesignal/merge-subscriptions.js';
import type { Subscription } from '../../onesignal/operation.js';
import { subscriptionKey } from '../../onesignal/operation-keys.js';
import type { DropReason } from '../../onesignal/plan.js';
import { type Draft, recordPath } from '../draft.js';
import type { SubscriptionOptions } from '../options.js';

const email = /^[^\s@"'<>,;]+@[^\s@"'<>,;]+\.[^\s@"'<>,;]+$/;
const e164 = /^\+[1-9]\d{6,14}$/;
/** Far more than the separators in a phone number need. */
const maxPhoneCharacters = 100;

/** Channels whose token is a trait, each with its option and the function that reads the token. */
export const contactChannels = {
  Email: { option: 'email', read: emailOf },
  SMS: { option: 'sms', read: phoneOf },
} as const;

/**
 * S1, option `subscriptions`: the `email` or `phone` of an identify becomes a subscription if its channel is on. Those
 * of a track or group may be another person's.
 *
 * OneSignal moves the subscription here from the user who had it before. It has no state unless
 * `context.messaging_subscriptions` gives one, so that OneSignal decides.
 *
 * @returns `used`, or why the field is not carried over.
 */
export function offerContact(draft: Draft, name: string, value: unknown, path: string): DropReason | 'used' {
  const type = name.toLowerCase() === 'email' ? 'Email' : 'SMS';
  const { option, read } = contactChannels[type];
  if (draft.event.type !== 'identify' || !isChannelOn(draft, option) || draft.settings.exclude?.has(name))
    return 'identifier';
  const token = read(value);
  return token !== undefined && addSubscription(draft, { type, token }, path) ? 'used' : 'invalid_value';
}

/** S1: whether the options turn a channel on. */
export function isChannelOn({ settings }: Draft, channel: keyof SubscriptionOptions): boolean {
  return settings.subscriptions?.[channel] === true;
}

/**
 * S1: adds a subscription, or its state if the subscription is there already.
 *
 * @param path - Path of the field it comes from.
 * @returns Whether there was room for it: OneSignal allows 20 subscriptions per user.
 */
export function addSubscription(draft: Draft, subscription: Subscription, path: string): boolean {
  const key = subscriptionKey(subscription);
  draft.subscriptions ??= new Map();
  const { subscriptions } = draft;
  const known = subscriptions.get(key);
  if (known === undefined && subscriptions.size >= maxSubscriptionsPerUser) return false;
  subscriptions.set(key, known === undefined ? subscription : mergeSubscriptions(known, subscription));
  recordPath(draft, key, path);
  return true;
}

/**
 * S1: the state of a subscription in OneSignal.
 *
 * An SMS number that the user has subscribed is only enabled: `notification_types: 1` would override a double opt-in
 * that OneSignal still waits for (`-98`).
 *
 * @see {@link https://documentation.onesignal.com/docs/subscriptions | OneSignal: Subscriptions, notification_types}
 */
export function stateOf(
  type: Subscription['type'],
  isSubscribed: boolean,
): Pick<Subscription, 'enabled' | 'notification_types'> {
  if (!isSubscribed) return { enabled: false, notification_types: -31 };
  return type === 'SMS' ? { enabled: true } : { enabled: true, notification_types: 1 };
}

/** An email address without surrounding white space. */
function emailOf(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value.trim() : '';
  // The length comes first: the search for the last dot takes quadratic time.
  return text.length <= maxEmailCharacters && email.test(text) ? text : undefined;
}

/**
 * A phone number in E.164 format: `+436641234567`. Spaces, hyphens and dots between the digits are removed.
 *
 * A national number has no country code, and parentheses can hold digits that must not be dialed, as in
 * `+44 (0)20`. Neither is guessed at.
 *
 * @see {@link https://documentation.onesignal.com/docs/sms-faq | OneSignal: SMS, E.164 format}
 */
function phoneOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > maxPhoneCharacters) return undefined;
  const text = value.trim().replace(/(\d)[ .\u00a0-](?=\d)/g, '$1');
  return e164.test(text) ? text : undefined;
}
