import type { Subscription } from '../onesignal/operation.js';
import { invalid, Refused, structuredError } from './answers.js';
import type { User } from './users.js';
import { isRecord } from './values.js';

/** Facts 2.5: "up to 20 subscriptions". */
const MAX_SUBSCRIPTIONS = 20;
/** Those that this library writes; readers show these. */
const WRITTEN_TYPES: readonly Subscription['type'][] = ['Email', 'SMS', 'iOSPush', 'AndroidPush', 'HuaweiPush'];
/** Facts 2.6. */
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

/** A channel and whose it is. */
export interface StoredSubscription {
  readonly id: string;
  readonly type: string;
  token: string;
  enabled: boolean;
  notificationTypes: number;
  appVersion: string;
  owner: User;
}

/** What a request says of a channel. */
export interface SubscriptionFields {
  type?: string;
  token?: string;
  enabled?: boolean;
  notificationTypes?: number;
  appVersion?: string;
}

/** All channels of the app; type and token name one, whoever owns it. */
export interface Subscriptions {
  byId(id: string): StoredSubscription | undefined;
  byToken(type: string, token: string): StoredSubscription | undefined;
  /** Adds the channel, or moves it here from whoever has it (facts 2.6). */
  put(
    owner: User,
    fields: SubscriptionFields & { type: string; token: string },
  ): { subscription: StoredSubscription; isNew: boolean };
  update(subscription: StoredSubscription, fields: SubscriptionFields): void;
  move(subscription: StoredSubscription, owner: User): void;
  delete(subscription: StoredSubscription): void;
}

export function createSubscriptions(): Subscriptions {
  const byId = new Map<string, StoredSubscription>();
  const byToken = new Map<string, StoredSubscription>();
  const keyOf = (type: string, token: string) => `${type} ${token}`;

  const subscriptions: Subscriptions = {
    byId: (id) => byId.get(id),
    byToken: (type, token) => byToken.get(keyOf(type, token)),
    put(owner, fields) {
      const existing = subscriptions.byToken(fields.type, fields.token);
      if (existing !== undefined) {
        subscriptions.move(existing, owner);
        subscriptions.update(existing, fields);
        return { subscription: existing, isNew: false };
      }
      checkRoom(owner, 1);
      const { type, token, enabled = true, notificationTypes = enabled ? 1 : -31, appVersion = '' } = fields;
      const subscription = { id: crypto.randomUUID(), type, token, enabled, notificationTypes, appVersion, owner };
      byId.set(subscription.id, subscription);
      byToken.set(keyOf(type, token), subscription);
      owner.subscriptions.add(subscription);
      return { subscription, isNew: true };
    },
    update(subscription, { token, enabled, notificationTypes, appVersion }) {
      if (token !== undefined && token !== subscription.token) {
        if (subscriptions.byToken(subscription.type, token) !== undefined)
          throw new Refused(structuredError(409, 'Conflict', 'Another subscription has this token'));
        byToken.delete(keyOf(subscription.type, subscription.token));
        subscription.token = token;
        byToken.set(keyOf(subscription.type, token), subscription);
      }
      if (enabled !== undefined) {
        subscription.enabled = enabled;
        // Facts 2.6: 1 = subscribed, -31 = unsubscribed through the API.
        subscription.notificationTypes = enabled ? 1 : -31;
      }
      if (notificationTypes !== undefined) subscription.notificationTypes = notificationTypes;
      if (appVersion !== undefined) subscription.appVersion = appVersion;
    },
    move(subscription, owner) {
      if (subscription.owner === owner) return;
      checkRoom(owner, 1);
      subscription.owner.subscriptions.delete(subscription);
      subscription.owner = owner;
      owner.subscriptions.add(subscription);
    },
    delete(subscription) {
      byId.delete(subscription.id);
      byToken.delete(keyOf(subscription.type, subscription.token));
      subscription.owner.subscriptions.delete(subscription);
    },
  };
  return subscriptions;
}

/** Facts 7: the documented example of a 409 at users. */
export function checkRoom(owner: Pick<User, 'subscriptions'>, added: number): void {
  if (owner.subscriptions.size + added > MAX_SUBSCRIPTIONS)
    throw new Refused(
      structuredError(409, 'Subscription Limit Exceeded', `A user has at most ${MAX_SUBSCRIPTIONS} subscriptions`),
    );
}

/** Reads a `subscription` object. */
export function readSubscription(value: unknown): SubscriptionFields {
  if (!isRecord(value)) throw invalid('subscription must be an object');
  const { type, token, enabled, notification_types: notificationTypes, app_version: appVersion } = value;
  const fields: SubscriptionFields = {};
  if (type !== undefined) {
    if (typeof type !== 'string' || !TYPES.includes(type)) throw invalid('type is no subscription type');
    fields.type = type;
  }
  if (token !== undefined) {
    if (typeof token !== 'string' || token === '') throw invalid('token must be a string');
    // Facts 2.6: SMS tokens are E.164.
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

/** A channel to create needs both (facts 2.6). */
export function readNewSubscription(value: unknown): SubscriptionFields & { type: string; token: string } {
  const { type, token, ...fields } = readSubscription(value);
  if (type === undefined || token === undefined) throw invalid('type and token are required');
  return { ...fields, type, token };
}

/** The channel as OneSignal writes it. */
export function subscriptionBody(subscription: StoredSubscription, appId: string): Record<string, unknown> {
  const { id, type, token, enabled, notificationTypes, appVersion } = subscription;
  return { id, app_id: appId, type, token, enabled, notification_types: notificationTypes, app_version: appVersion };
}

/** The channel as this library writes it; nothing for the types that it never writes. */
export function toSubscription({ type, token, enabled, notificationTypes }: StoredSubscription): Subscription[] {
  const written = WRITTEN_TYPES.find((known) => known === type);
  return written === undefined ? [] : [{ type: written, token, enabled, notification_types: notificationTypes }];
}
