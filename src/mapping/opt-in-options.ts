import type { Profile } from '../onesignal/operation.js';
import type { TrackEvent } from '../segment/event.js';

/** Which channels become subscriptions. */
export interface SubscriptionOptions {
  /** An identify's `email` → an Email subscription. */
  email?: boolean | undefined;
  /** An identify's `phone` → an SMS subscription; one that is not in E.164 is dropped `invalid_value`. */
  sms?: boolean | undefined;
  /** `context.device.token` of an identify or an app's lifecycle event → a push subscription; `Application Uninstalled` disables it. */
  push?: boolean | undefined;
}

/** Mappings that are off unless you switch them on. */
export interface OptInOptions {
  /**
   * S1: email, phone and push token become subscriptions of the user; OneSignal moves them here from whoever had them. `context.messaging_subscriptions` says
   * whether they are enabled; without it OneSignal decides.
   */
  subscriptions?: SubscriptionOptions | undefined;
  /** S3: locale, time zone, country, location and times of an identify or track become properties of the user: all of them, or those you name. */
  profile?: boolean | readonly (keyof Profile)[] | undefined;
  /** S4: `group` becomes tags: `group_id`, and its traits after a prefix (default `group_`). */
  group?: boolean | GroupOptions | undefined;
  /** S4: `page` becomes a custom event, `Viewed Pricing Page`. */
  page?: 'custom_event' | undefined;
  /** S4: `screen` becomes a custom event, `Viewed Home Screen`. */
  screen?: 'custom_event' | undefined;
  /** S4: `alias` becomes an alias of the user, under a label of yours. */
  alias?: AliasOptions | undefined;
  /** S5: `delete` deletes the user in OneSignal; cannot be undone. */
  deleteUsers?: boolean | undefined;
  /** S6: Order Completed adds purchases. They increment: a redelivery counts twice unless `delivery.seen` is given. */
  purchases?: boolean | undefined;
}

/** How `group` becomes tags. */
export interface GroupOptions {
  /**
   * Put before the group's traits.
   * @defaultValue 'group_'
   */
  prefix?: string | undefined;
}

/** How `alias` becomes an alias. */
export interface AliasOptions {
  /** The alias label under which `previousId` is kept: neither `external_id` nor `onesignal_id`, at most 128 characters without white space and `/?#&=`. */
  label: string;
}

/** Keeps the event's name as the value of a tag. */
export interface EventNameTag {
  /** The tag's key. */
  tag: string;
}

/** Which tracks become custom events, and whether they become tags as well. */
export type CustomEventOptions<Tags extends 'keep' | 'replace'> = {
  /** Only these: event names, or a pure function; without it, all. */
  only?: readonly string[] | ((event: TrackEvent) => boolean) | undefined;
} & (Tags extends 'keep'
  ? {
      /** They become tags as well. */
      tags?: 'keep' | undefined;
    }
  : {
      /** They become custom events instead of tags. */
      tags: 'replace';
    });

/** A track becomes tags, custom events, or both; the event's name can be kept in tags only where there are tags. */
export type TrackOptions =
  | {
      /** The event's name: dropped, put before each key (`Add_to_Cart_brand`), or the value of a tag. Default `'drop'`. */
      eventName?: 'drop' | 'prefix' | EventNameTag | undefined;
      /** S2: which tracks become custom events besides tags: all, those named, those a pure function picks. Default none. */
      customEvents?:
        | boolean
        | readonly string[]
        | ((event: TrackEvent) => boolean)
        | CustomEventOptions<'keep'>
        | undefined;
    }
  | {
      /** Not possible where custom events replace tags. */
      eventName?: undefined;
      /** S2: custom events instead of tags; an audience's membership and a computed trait stay tags. */
      customEvents: CustomEventOptions<'replace'>;
    };
