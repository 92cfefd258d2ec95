/**
 * A name of a user in OneSignal: `{ label: 'external_id', id: 'u1' }`.
 *
 * @see {@link https://documentation.onesignal.com/docs/aliases | OneSignal: Aliases}
 */
export interface Alias {
  /** `external_id`, `onesignal_id`, or a label of your own. */
  label: string;
  /** Id of the user under that label. It identifies a person, so keep it out of logs. */
  id: string;
}

/** A condition on a tag: `{ field: 'tag', key: 'big_spenders', relation: '=', value: 'true' }`. */
export interface TagFilter {
  /** Always `tag`. */
  field: 'tag';
  /** Key of the tag. */
  key: string;
  /** Always `=`. */
  relation: '=';
  /** Value that a member's tag has. */
  value: string;
}

/** Properties of a user besides tags. */
export interface Profile {
  /** A language that OneSignal supports: an ISO 639-1 code in lower case such as `en`, `zh-Hans` or `zh-Hant`. */
  language?: string;
  /** Name of a time zone in the tz database: `Europe/Vienna`. */
  timezone_id?: string;
  /** ISO 3166-1 alpha-2 code in upper case: `AT`. */
  country?: string;
  /** Latitude in degrees, from -90 to 90. */
  lat?: number;
  /** Longitude in degrees, from -180 to 180. */
  long?: number;
  /** Time of the user's first activity, in Unix seconds. */
  first_active?: number;
  /** Time of the user's last activity, in Unix seconds. */
  last_active?: number;
}

/** A channel that reaches a user. */
export interface Subscription {
  /** Type of the channel. */
  type: 'Email' | 'SMS' | 'iOSPush' | 'AndroidPush' | 'HuaweiPush';
  /** Email address, phone number in E.164 format, or push token (iOS: 64 hexadecimal characters). */
  token: string;
  /** Whether messages may be sent. If absent, OneSignal decides. */
  enabled?: boolean;
  /** `1` for subscribed, `-31` for unsubscribed through the API. If absent, OneSignal decides. */
  notification_types?: number;
  /** Model of the device: `iPhone16,2`. Push only. */
  device_model?: string;
  /** Version of the device's operating system, without its name: `17.4`. Push only. */
  device_os?: string;
  /** Version of the app: `1.1.0`. Push only. */
  app_version?: string;
}

/** A purchased product. OneSignal adds up purchases, so sending one again counts it twice. */
export interface Purchase {
  /** SKU of the product. */
  sku: string;
  /** Price of one unit as a decimal string: `19.98`. */
  amount: string;
  /** ISO 4217 code of the currency: `EUR`. */
  iso: string;
  /** Number of units. */
  count?: number;
}

/** A custom event, at most 2,024 bytes as JSON. Either `external_id` or `onesignal_id` names its user. */
export interface OneSignalCustomEvent {
  /** Name of the event: at most 128 characters, not starting with `os.` or `os__`. */
  name: string;
  /** External ID of the user. */
  external_id?: string;
  /** OneSignal's own id of the user, a UUID. */
  onesignal_id?: string;
  /** Time of the event, in ISO 8601. */
  timestamp?: string;
  /** Properties as JSON, nested or not. */
  properties: Record<string, unknown>;
  /** A UUID. OneSignal ignores another event with the same key for at least 4 hours. */
  idempotency_key?: string;
}

/**
 * Sets tags and profile fields of a user, at most 100 together.
 *
 * @see {@link https://documentation.onesignal.com/reference/update-user | OneSignal: Update user}
 */
export interface UpdateUser {
  /** Always `update_user`. */
  type: 'update_user';
  /** User to update. */
  user: Alias;
  /** Tags by key. `''` removes a tag. */
  tags: Record<string, string>;
  /** Profile fields to set. */
  profile?: Profile;
}

/**
 * Creates a segment if it does not exist. Its id is derived from the app id and the filters, so creating it again does
 * nothing.
 *
 * @see {@link https://documentation.onesignal.com/reference/create-segments | OneSignal: Create segment}
 */
export interface EnsureSegment {
  /** Always `ensure_segment`. */
  type: 'ensure_segment';
  /** Name of the segment, at most 128 code points. */
  name: string;
  /** Conditions that a member meets, all of them. */
  filters: TagFilter[];
}

/**
 * Sends custom events, at most 1 MB together.
 *
 * @see {@link https://documentation.onesignal.com/reference/create-custom-events | OneSignal: Create custom events}
 */
export interface SendCustomEvents {
  /** Always `send_custom_events`. */
  type: 'send_custom_events';
  /** Events in the order they happened. */
  events: OneSignalCustomEvent[];
}

/**
 * Adds a subscription to a user. OneSignal moves it here from the user who had it before.
 *
 * @see {@link https://documentation.onesignal.com/reference/create-subscription | OneSignal: Create subscription}
 */
export interface AddSubscription {
  /** Always `add_subscription`. */
  type: 'add_subscription';
  /** User who gets the subscription. */
  user: Alias;
  /** Subscription to add. */
  subscription: Subscription;
}

/**
 * Adds an alias to a user.
 *
 * @see {@link https://documentation.onesignal.com/reference/create-alias | OneSignal: Create alias}
 */
export interface AddAlias {
  /** Always `add_alias`. */
  type: 'add_alias';
  /** User who gets the alias. */
  user: Alias;
  /** Alias to add. */
  alias: Alias;
}

/**
 * Adds purchases to a user. Not a part of `update_user`, because sending it again counts the purchases twice.
 *
 * @see {@link https://documentation.onesignal.com/reference/update-user | OneSignal: Update user}
 */
export interface AddPurchases {
  /** Always `add_purchases`. */
  type: 'add_purchases';
  /** User who made the purchases. */
  user: Alias;
  /** Purchases to add. */
  purchases: Purchase[];
}

/**
 * Deletes a user with all aliases, subscriptions and tags. This cannot be undone.
 *
 * @see {@link https://documentation.onesignal.com/reference/delete-user | OneSignal: Delete user}
 */
export interface DeleteUser {
  /** Always `delete_user`. */
  type: 'delete_user';
  /** User to delete. */
  user: Alias;
}

/**
 * An intended change in OneSignal that fits into one valid request. It is plain JSON and holds no secret.
 *
 * A minor release may add types: give a `switch` over `type` a `default`.
 */
export type Operation =
  | UpdateUser
  | EnsureSegment
  | SendCustomEvents
  | AddSubscription
  | AddAlias
  | AddPurchases
  | DeleteUser;
