import type { Profile } from '../onesignal/operation.js';
import type { TrackEvent } from '../segment/event.js';
import type { TagOptions } from './tag-options.js';

/** Which channels become subscriptions of the user. */
export interface SubscriptionOptions {
  /**
   * Turns the `email` of an identify into an Email subscription. An invalid address is dropped with reason
   * `invalid_value`.
   *
   * @defaultValue false
   */
  email?: boolean | undefined;
  /**
   * Turns the `phone` of an identify into an SMS subscription. A number that is not in E.164 format, apart from spaces,
   * dots and hyphens, is dropped with reason `invalid_value`.
   *
   * @defaultValue false
   */
  sms?: boolean | undefined;
  /**
   * Turns the `context.device.token` of an identify, and of the events `Application Installed`, `Opened` and `Updated`
   * and `Device Token Retrieved`, into a push subscription. `Application Uninstalled` disables it. The
   * subscription carries the device's model, the version of its system and that of the app.
   *
   * An iOS token that is not 64 hexadecimal characters is dropped with reason `invalid_value`.
   *
   * @defaultValue false
   */
  push?: boolean | undefined;
}

/** How `group` events become tags. */
export interface GroupOptions {
  /**
   * Text to put before the keys of the group's traits, after the general `prefix`.
   *
   * @defaultValue 'group_'
   */
  prefix?: string | undefined;
}

/** How `alias` events become aliases. */
export interface AliasOptions {
  /**
   * Label of the alias: 1 to 128 characters, without white space, `..` and `/?#&=`. `external_id` and `onesignal_id`
   * are reserved.
   */
  label: string;
}

/** Which track events become custom events, and whether they also become tags. */
export interface CustomEventOptions {
  /**
   * Limits custom events to these event names, or to the events for which a pure function returns `true`.
   *
   * @defaultValue all track events
   */
  only?: readonly string[] | ((event: TrackEvent) => boolean) | undefined;
  /**
   * Whether the event is sent as tags as well (`'keep'`), or only as a custom event (`'replace'`). Audience memberships
   * and computed traits become tags in any case.
   *
   * @defaultValue 'keep'
   */
  tags?: 'keep' | 'replace' | undefined;
}

/**
 * How events are mapped. Mapping is pure: it reads no clock and does no I/O. An option that is `undefined` counts as
 * absent.
 *
 * Pass the options to {@link defineMapping} if you keep them in a constant: it refuses unknown options, which the
 * compiler lets through in a variable.
 */
export interface MappingOptions extends TagOptions {
  /**
   * Turns email addresses, phone numbers and push tokens into subscriptions of the user. OneSignal moves each one here
   * from the user who had it before.
   *
   * `context.messaging_subscriptions` enables or disables email and SMS. For anything it does not mention, OneSignal
   * decides.
   *
   * @defaultValue none
   */
  subscriptions?: SubscriptionOptions | undefined;
  /**
   * Sets the user's language, time zone, country, location and activity times from identify and track events: all of
   * them, or only the fields you list.
   *
   * A language that OneSignal does not support and a time zone that does not exist are dropped with reason
   * `invalid_value`.
   *
   * @defaultValue false
   */
  profile?: boolean | readonly (keyof Profile)[] | undefined;
  /**
   * Turns `group` events into the tag `group_id` and a tag for each group trait, under the keys `group_…`.
   *
   * @defaultValue false
   */
  group?: boolean | GroupOptions | undefined;
  /**
   * Turns `page` events into custom events such as `Viewed Pricing Page`.
   *
   * @defaultValue page events are skipped with reason `unsupported_type`
   */
  page?: 'custom_event' | undefined;
  /**
   * Turns `screen` events into custom events such as `Viewed Home Screen`.
   *
   * @defaultValue screen events are skipped with reason `unsupported_type`
   */
  screen?: 'custom_event' | undefined;
  /**
   * Turns the `previousId` of `alias` events into an alias of the user.
   *
   * @defaultValue alias events are skipped with reason `unsupported_type`
   */
  alias?: AliasOptions | undefined;
  /**
   * Turns `delete` events into the deletion of the user in OneSignal, which cannot be undone.
   *
   * @defaultValue false
   */
  deleteUsers?: boolean | undefined;
  /**
   * Adds the products of `Order Completed` events, or the revenue if no product has a price, to the user's purchases.
   *
   * OneSignal adds up purchases, so a redelivered event counts twice unless you also set `delivery.seen`.
   *
   * @defaultValue false
   */
  purchases?: boolean | undefined;
  /**
   * Sends track events as custom events: all of them, those with the names you list, or those for which a pure function
   * returns `true`. They also become tags, unless you pass {@link CustomEventOptions} with `tags: 'replace'`.
   *
   * Custom events need a paid OneSignal plan and are billed. If the function throws, the plan fails with
   * `hook_failed`.
   *
   * @defaultValue false
   */
  customEvents?: boolean | readonly string[] | ((event: TrackEvent) => boolean) | CustomEventOptions | undefined;
}
