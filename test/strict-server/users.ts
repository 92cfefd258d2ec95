import { invalid, Refusal, structured } from './answers.js';
import { isWebPush, type NewSubscription, type Purchase, type SubscriptionFields } from './checks.js';

/** A user as the server stores it. */
export interface User {
  readonly onesignalId: string;
  /** Maps labels to ids, including `external_id`. */
  readonly aliases: Map<string, string>;
  readonly tags: Map<string, string>;
  readonly profile: Map<string, unknown>;
  readonly subscriptions: Set<StoredSubscription>;
  readonly purchases: Purchase[];
  sessionTime: number;
  sessionCount: number;
  readonly createdAt: number;
}

export interface StoredSubscription {
  readonly id: string;
  readonly type: string;
  readonly token: string;
  enabled: boolean;
  notification_types: number;
  readonly device: Record<string, string>;
  owner: User;
}

/** All users and subscriptions of the app. */
export class Users {
  readonly #byOnesignalId = new Map<string, User>();
  /** By label and id. */
  readonly #byAlias = new Map<string, User>();
  readonly #subscriptions = new Map<string, StoredSubscription>();
  readonly #byToken = new Map<string, StoredSubscription>();
  readonly #limit: 'evict' | 'refuse';
  #ids = 0;

  constructor(limit: 'evict' | 'refuse') {
    this.#limit = limit;
  }

  /** In order of creation. */
  all(): User[] {
    return [...this.#byOnesignalId.values()];
  }

  find(label: string, id: string): User | undefined {
    return label === 'onesignal_id' ? this.#byOnesignalId.get(id) : this.#byAlias.get(`${label} ${id}`);
  }

  create(now: number): User {
    const user: User = {
      onesignalId: this.#nextId(),
      aliases: new Map(),
      tags: new Map(),
      profile: new Map(),
      subscriptions: new Set(),
      purchases: [],
      sessionTime: 0,
      sessionCount: 0,
      createdAt: now,
    };
    this.#byOnesignalId.set(user.onesignalId, user);
    return user;
  }

  delete(user: User): void {
    for (const subscription of user.subscriptions) this.deleteSubscription(subscription);
    for (const label of [...user.aliases.keys()]) this.removeAlias(user, label);
    this.#byOnesignalId.delete(user.onesignalId);
  }

  /** Adds or replaces an alias that is free or already belongs to the user. */
  setAlias(user: User, label: string, id: string): void {
    if (label === 'onesignal_id') return;
    this.removeAlias(user, label);
    user.aliases.set(label, id);
    this.#byAlias.set(`${label} ${id}`, user);
  }

  removeAlias(user: User, label: string): void {
    this.#byAlias.delete(`${label} ${user.aliases.get(label)}`);
    user.aliases.delete(label);
  }

  /** Refuses aliases of other users before anything is changed. */
  checkAliases(user: User | undefined, aliases: ReadonlyMap<string, string>): void {
    const claimed = [...aliases].filter(([label, id]) => {
      const owner = this.find(label, id);
      return owner !== undefined && owner !== user;
    });
    if (claimed.length > 0)
      throw new Refusal(
        structured(409, 'user-2', 'One or more Aliases claimed by another User', Object.fromEntries(claimed)),
      );
    const custom = new Set([...(user?.aliases.keys() ?? []), ...aliases.keys()]);
    if (custom.size - (custom.has('external_id') ? 1 : 0) - (custom.has('onesignal_id') ? 1 : 0) > 10)
      throw new Refusal(structured(400, 'invalid', 'a user can have at most 10 custom aliases'));
  }

  subscription(id: string): StoredSubscription | undefined {
    return this.#subscriptions.get(id);
  }

  /** Type and token identify a subscription in the whole app. Email addresses are case-insensitive. */
  byToken(type: string, token: string): StoredSubscription | undefined {
    return this.#byToken.get(keyOf(type, token));
  }

  /** Refuses subscriptions that the user cannot get before anything is changed. */
  checkSubscriptions(user: User | undefined, added: readonly NewSubscription[]): void {
    for (const { type, token } of added)
      if (isWebPush(type) && this.byToken(type, token) === undefined)
        throw invalid('a web push subscription cannot be created through the REST API');
    const strangers = added.filter(
      ({ type, token }) => this.byToken(type, token)?.owner !== user || user === undefined,
    );
    if (this.#limit === 'refuse' && (user?.subscriptions.size ?? 0) + strangers.length > 20)
      throw new Refusal(structured(409, 'Subscription Limit Exceeded', 'A user can have at most 20 subscriptions'));
  }

  /** Creates a subscription, or moves the one with this type and token to the user. Returns whether it is new. */
  put(user: User, fields: NewSubscription, now: number): boolean {
    const known = this.byToken(fields.type, fields.token);
    if (known !== undefined) {
      this.move(known, user, now);
      this.change(known, fields);
      return false;
    }
    const { type, token } = fields;
    const subscription: StoredSubscription = {
      ...{ id: this.#nextId(), type, token, enabled: true, notification_types: 1, device: {}, owner: user },
    };
    this.change(subscription, fields);
    this.#subscriptions.set(subscription.id, subscription);
    this.#byToken.set(keyOf(type, token), subscription);
    this.#attach(subscription, user, now);
    return true;
  }

  /** A request without a state keeps the current state. */
  change(subscription: StoredSubscription, { enabled, notification_types, device }: SubscriptionFields): void {
    Object.assign(subscription.device, device);
    if (enabled === undefined && notification_types === undefined) return;
    subscription.enabled = enabled ?? Number(notification_types) > 0;
    subscription.notification_types = notification_types ?? (subscription.enabled ? 1 : -31);
  }

  move(subscription: StoredSubscription, user: User, now: number): void {
    if (subscription.owner === user) return;
    subscription.owner.subscriptions.delete(subscription);
    this.#attach(subscription, user, now);
  }

  deleteSubscription(subscription: StoredSubscription): void {
    subscription.owner.subscriptions.delete(subscription);
    this.#subscriptions.delete(subscription.id);
    this.#byToken.delete(keyOf(subscription.type, subscription.token));
  }

  /** The 21st subscription moves the oldest one to a new user, but 3 email and 3 SMS subscriptions stay. */
  #attach(subscription: StoredSubscription, user: User, now: number): void {
    subscription.owner = user;
    user.subscriptions.add(subscription);
    if (user.subscriptions.size <= 20) return;
    const own = [...user.subscriptions];
    const count = (type: string) => own.filter((other) => other.type === type).length;
    const oldest = own.find(({ type }) => !['Email', 'SMS'].includes(type) || count(type) > 3);
    if (oldest !== undefined) this.move(oldest, this.create(now), now);
  }

  #nextId(): string {
    this.#ids += 1;
    return `00000000-0000-4000-8000-${this.#ids.toString(16).padStart(12, '0')}`;
  }
}

function keyOf(type: string, token: string): string {
  return `${type} ${type === 'Email' ? token.toLowerCase() : token}`;
}
