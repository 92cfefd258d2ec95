import { invalid, Refused, structuredError } from '../answers.js';
import type { SandboxOptions } from '../options.js';
import type { StoredSubscription, User } from '../records.js';
import type { Users } from '../users/users.js';
import { checkToken, isWebPush, type NewSubscription, type SubscriptionFields } from './subscription-fields.js';

/** docs/onesignal.md 2.5: "up to 20 subscriptions". */
const MAX_SUBSCRIPTIONS = 20;
/** docs/onesignal.md 2.5: the minimum of each type that stays with the user when a new subscription makes one leave. */
const RETAINED_TYPES: readonly string[] = ['Email', 'SMS'];
const RETAINED = 3;

/** All subscriptions of the app. Type and token identify one; its owner does not matter. */
export interface Subscriptions {
  byId(id: string): StoredSubscription | undefined;
  byToken(type: string, token: string): StoredSubscription | undefined;
  /**
   * Refuses subscriptions that the owner cannot have, before anything is changed. Without an owner, they are those of a
   * new user.
   */
  check(owner: User | undefined, incoming: readonly NewSubscription[]): void;
  /** Adds a subscription, or moves it here from its present owner (docs/onesignal.md 2.6). */
  put(owner: User, fields: NewSubscription): { subscription: StoredSubscription; isNew: boolean };
  update(subscription: StoredSubscription, fields: SubscriptionFields): void;
  move(subscription: StoredSubscription, owner: User): void;
  delete(subscription: StoredSubscription): void;
}

/** `limit` says what happens to a 21st subscription; the oldest one that leaves gets a user of its own in `users`. */
export function createSubscriptions(
  users: Users,
  limit: SandboxOptions['subscriptionOverflow'] = 'evict',
): Subscriptions {
  const byId = new Map<string, StoredSubscription>();
  const byKey = new Map<string, StoredSubscription>();

  const subscriptions: Subscriptions = {
    byId: (id) => byId.get(id),
    byToken: (type, token) => byKey.get(keyOf(type, token)),
    check(owner, incoming) {
      const added = new Set<string>();
      for (const { type, token } of incoming) {
        const existing = subscriptions.byToken(type, token);
        if (existing === undefined && isWebPush(type))
          throw invalid('a web push subscription cannot be created via the REST API');
        if (existing === undefined || existing.owner !== owner) added.add(keyOf(type, token));
      }
      if (limit === 'refuse') checkLimit((owner?.subscriptions.size ?? 0) + added.size);
    },
    put(owner, fields) {
      const { type, token, device } = fields;
      const existing = subscriptions.byToken(type, token);
      if (existing !== undefined) {
        subscriptions.move(existing, owner);
        // An address keeps the spelling with which it was created.
        subscriptions.update(existing, { ...fields, token: existing.token });
        return { subscription: existing, isNew: false };
      }
      const state = stateOf(fields) ?? { enabled: true, notificationTypes: 1 };
      const subscription = { id: crypto.randomUUID(), type, token, ...state, device: { ...device }, owner };
      byId.set(subscription.id, subscription);
      byKey.set(keyOf(type, token), subscription);
      attach(subscription, owner);
      return { subscription, isNew: true };
    },
    update(subscription, fields) {
      const { token, device } = fields;
      if (token !== undefined && token !== subscription.token) {
        checkToken(subscription.type, token);
        const other = subscriptions.byToken(subscription.type, token);
        if (other !== undefined && other !== subscription)
          throw new Refused(structuredError(409, 'Conflict', 'Another subscription has this token'));
        byKey.delete(keyOf(subscription.type, subscription.token));
        subscription.token = token;
        byKey.set(keyOf(subscription.type, token), subscription);
      }
      // docs/onesignal.md 2.6: without a state in the request, the subscription keeps its own.
      Object.assign(subscription, stateOf(fields));
      Object.assign(subscription.device, device);
    },
    move(subscription, owner) {
      if (subscription.owner === owner) return;
      if (limit === 'refuse') checkLimit(owner.subscriptions.size + 1);
      subscription.owner.subscriptions.delete(subscription);
      attach(subscription, owner);
    },
    delete(subscription) {
      byId.delete(subscription.id);
      byKey.delete(keyOf(subscription.type, subscription.token));
      subscription.owner.subscriptions.delete(subscription);
    },
  };

  function attach(subscription: StoredSubscription, owner: User): void {
    subscription.owner = owner;
    owner.subscriptions.add(subscription);
    // docs/onesignal.md 2.5: the oldest subscription becomes that of a new, anonymous user.
    const oldest = owner.subscriptions.size > MAX_SUBSCRIPTIONS ? oldestOf(owner) : undefined;
    if (oldest !== undefined) subscriptions.move(oldest, users.create(new Map(), 0));
  }

  return subscriptions;
}

/** docs/onesignal.md 2.6: only email addresses are compared without regard to case. */
function keyOf(type: string, token: string): string {
  return `${type} ${type === 'Email' ? token.toLowerCase() : token}`;
}

/**
 * The state that a request gives to a subscription, if it names one. docs/onesignal.md 2.6: 1 or more means subscribed,
 * -31 unsubscribed through the API.
 */
function stateOf({
  enabled,
  notificationTypes,
}: SubscriptionFields): Pick<StoredSubscription, 'enabled' | 'notificationTypes'> | undefined {
  if (enabled === undefined && notificationTypes === undefined) return undefined;
  const isEnabled = enabled ?? Number(notificationTypes) > 0;
  return { enabled: isEnabled, notificationTypes: notificationTypes ?? (isEnabled ? 1 : -31) };
}

/** The subscription that the user has had for longest, without those that OneSignal retains. */
function oldestOf({ subscriptions }: User): StoredSubscription | undefined {
  const count = (type: string) => [...subscriptions].filter((subscription) => subscription.type === type).length;
  return [...subscriptions].find(({ type }) => !RETAINED_TYPES.includes(type) || count(type) > RETAINED);
}

/** Refuses with the 409 that docs/onesignal.md 7 gives as an example. */
function checkLimit(count: number): void {
  if (count > MAX_SUBSCRIPTIONS)
    throw new Refused(
      structuredError(409, 'Subscription Limit Exceeded', `A user can have at most ${MAX_SUBSCRIPTIONS} subscriptions`),
    );
}
