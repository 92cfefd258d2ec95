import { Refused, structuredError } from './answers.js';
import type { StoredSubscription, User } from './records.js';
import type { SubscriptionFields } from './subscription-fields.js';

/** docs/onesignal.md 2.5: "up to 20 subscriptions". */
const MAX_SUBSCRIPTIONS = 20;

/** All subscriptions of the app. Type and token identify one; its owner does not matter. */
export interface Subscriptions {
  byId(id: string): StoredSubscription | undefined;
  byToken(type: string, token: string): StoredSubscription | undefined;
  /** Adds a subscription, or moves it here from its present owner (docs/onesignal.md 2.6). */
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
      checkSubscriptionLimit(owner, 1);
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
        // docs/onesignal.md 2.6: 1 means subscribed, -31 unsubscribed through the API.
        subscription.notificationTypes = enabled ? 1 : -31;
      }
      if (notificationTypes !== undefined) subscription.notificationTypes = notificationTypes;
      if (appVersion !== undefined) subscription.appVersion = appVersion;
    },
    move(subscription, owner) {
      if (subscription.owner === owner) return;
      checkSubscriptionLimit(owner, 1);
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

/** Refuses with the 409 that docs/onesignal.md 7 gives as an example. */
export function checkSubscriptionLimit(owner: Pick<User, 'subscriptions'>, added: number): void {
  if (owner.subscriptions.size + added > MAX_SUBSCRIPTIONS)
    throw new Refused(
      structuredError(409, 'Subscription Limit Exceeded', `A user can have at most ${MAX_SUBSCRIPTIONS} subscriptions`),
    );
}
