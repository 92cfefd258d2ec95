/**
 * A name of a user in OneSignal, for example `{ label: 'external_id', id: 'u1' }`.
 *
 * @see {@link https://documentation.onesignal.com/docs/aliases | OneSignal: Aliases}
 */
export interface Alias {
  /** `external_id`, `onesignal_id` or a label of yours. */
  label: string;
  /** The id under that label; a person's id, so never put it into a log. */
  id: string;
}

/**
 * A condition on a tag, for example `{ field: 'tag', key: 'big_spenders', relation: '=', value: 'true' }`.
 *
 * @see {@link https://documentation.onesignal.com/reference/create-segments | OneSignal: Create segment}
 */
export interface TagFilter {
  /** Always `tag`. */
  field: 'tag';
  /** The tag's key. */
  key: string;
  /** Always `=`. */
  relation: '=';
  /** The value that makes a user a member. */
  value: string;
}

/**
 * What OneSignal knows of a user besides tags.
 *
 * @see {@link https://documentation.onesignal.com/reference/update-user | OneSignal: Update user}
 */
export interface Profile {
  /** ISO 639-1, lower case: `en`. */
  language?: string;
  /** A name of the tz database: `Europe/Vienna`. */
  timezone_id?: string;
  /** ISO 3166-1 alpha-2, upper case: `AT`. */
  country?: string;
  /** Latitude, -90 to 90. */
  lat?: number;
  /** Longitude, -180 to 180. */
  long?: number;
  /** Unix seconds. */
  first_active?: number;
  /** Unix seconds. */
  last_active?: number;
}

/**
 * A channel on which a user can be reached.
 *
 * @see {@link https://documentation.onesignal.com/reference/create-subscription | OneSignal: Create subscription}
 */
export interface Subscription {
  /** The channel. */
  type: 'Email' | 'SMS' | 'iOSPush' | 'AndroidPush' | 'HuaweiPush';
  /** The address, the phone number in E.164, or the push token. */
  token: string;
  /** Whether messages may be sent. */
  enabled?: boolean;
  /** 1 = subscribed, -31 = unsubscribed through the API. */
  notification_types?: number;
}

/**
 * One article bought; OneSignal adds it to what it has, so a repeat counts twice.
 *
 * @see {@link https://documentation.onesignal.com/reference/update-user | OneSignal: Update user, deltas.purchases}
 */
export interface Purchase {
  /** What was bought. */
  sku: string;
  /** The price of one as a decimal string: `19.98`. */
  amount: string;
  /** ISO 4217: `EUR`. */
  iso: string;
  /** How many. */
  count?: number;
}

/**
 * One custom event, at most 2,024 bytes as JSON.
 *
 * @see {@link https://documentation.onesignal.com/reference/create-custom-events | OneSignal: Create custom events}
 */
export interface OneSignalCustomEvent {
  /** At most 128 characters, not starting with `os.` or `os__`. */
  name: string;
  /** The user's external id. */
  external_id: string;
  /** ISO 8601. */
  timestamp?: string;
  /** Real JSON, nested as it came. */
  properties: Record<string, unknown>;
  /** A UUID; OneSignal ignores a second event with the same one for at least 4 hours. */
  idempotency_key?: string;
}

/** Sets a user's tags and profile; `''` removes a tag. At most 100 tags. */
export interface UpdateUser {
  /** Always `update_user`. */
  type: 'update_user';
  /** The user. */
  user: Alias;
  /** Key to value, `''` removes. */
  tags: Record<string, string>;
  /** What else is set. */
  profile?: Profile;
}

/** Creates a segment if it is absent; its id follows from the app and the filters, so that a second creation is a 409. */
export interface EnsureSegment {
  /** Always `ensure_segment`. */
  type: 'ensure_segment';
  /** At most 128 code points. */
  name: string;
  /** All must hold. */
  filters: TagFilter[];
}

/** Sends custom events, at most 1 MB together. */
export interface SendCustomEvents {
  /** Always `send_custom_events`. */
  type: 'send_custom_events';
  /** In the order in which they happened. */
  events: OneSignalCustomEvent[];
}

/** Gives the user a channel; OneSignal moves it here from whoever had it. */
export interface AddSubscription {
  /** Always `add_subscription`. */
  type: 'add_subscription';
  /** The user. */
  user: Alias;
  /** The channel. */
  subscription: Subscription;
}

/** Gives the user one more name. */
export interface AddAlias {
  /** Always `add_alias`. */
  type: 'add_alias';
  /** The user. */
  user: Alias;
  /** The name to add. */
  alias: Alias;
}

/** Adds purchases; apart from `update_user` because a repeat counts twice. */
export interface AddPurchases {
  /** Always `add_purchases`. */
  type: 'add_purchases';
  /** The user. */
  user: Alias;
  /** What was bought. */
  purchases: Purchase[];
}

/** Deletes the user with all aliases, subscriptions and tags; cannot be undone. */
export interface DeleteUser {
  /** Always `delete_user`. */
  type: 'delete_user';
  /** The user. */
  user: Alias;
}

/** One intended change in OneSignal, which is one valid request. Plain JSON, without a secret. */
export type Operation =
  | UpdateUser
  | EnsureSegment
  | SendCustomEvents
  | AddSubscription
  | AddAlias
  | AddPurchases
  | DeleteUser;
