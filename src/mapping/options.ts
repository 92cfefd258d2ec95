import type { Profile } from '../onesignal/operation.js';
import type { SegmentEvent, TrackEvent } from '../segment/event.js';

/** A value of a trait or property as the `tag` hook sees it and may return it; `null` removes the tag. */
export type TagValue = string | number | boolean | null;

/** What the `tag` hook changes: a key, a value, or both. */
export interface TagChange {
  /** The tag's new key. */
  key?: string;
  /** The tag's new value; `null` removes the tag. */
  value?: TagValue;
}

/** Bounds for `nested: 'flatten'`. */
export interface FlattenOptions {
  /**
   * How many levels below the trait are read; deeper ones are dropped `nested`.
   * @defaultValue 3
   */
  maxDepth?: number | undefined;
  /**
   * How many tags one nested trait may become; the rest are dropped `nested`.
   * @defaultValue 50
   */
  maxTags?: number | undefined;
}

/** Which traits and properties become tags, and under which keys. */
export interface KeyOptions {
  /** Only these traits and properties (by the name that Segment sends) become tags; others are dropped `excluded`. */
  include?: readonly string[] | undefined;
  /** These traits and properties (by the name that Segment sends) never become tags; they are dropped `excluded`. */
  exclude?: readonly string[] | undefined;
  /** From Segment's name to the tag's key: `{ plan: 'tier' }`. Beats `prefix`. */
  rename?: Readonly<Record<string, string>> | undefined;
  /** Put before every tag's key but renamed ones: `'seg_'`. */
  prefix?: string | undefined;
  /** Put before the key of an audience's membership tag instead of `prefix`. */
  audiencePrefix?: string | undefined;
  /** Your own rule, for each tag but memberships: returns a change, or `null` to drop it (`excluded`). Must be pure. A throw makes a failed plan (`hook_failed`). */
  tag?: ((key: string, value: TagValue, event: SegmentEvent) => TagChange | null) | undefined;
  /**
   * Objects are dropped, or their scalar leaves become tags joined with `_` (`address_city`). Arrays are always dropped.
   * @defaultValue 'drop'
   */
  nested?: 'drop' | 'flatten' | FlattenOptions | undefined;
  /** Keys whose ISO-8601 value becomes unix seconds, which OneSignal's time filters need; `'auto'` takes every value that is one. */
  dates?: 'auto' | readonly string[] | undefined;
  /** How many tags your OneSignal plan allows for a user; what one event brings beyond is dropped `tag_limit`. Removals do not count. */
  tagLimit?: number | undefined;
}

/** How whole events are read. */
export interface EventOptions {
  /**
   * What becomes of the other properties of an audience's track: dropped `audience_property`, or tags (Segment's trait enrichment).
   * @defaultValue 'drop'
   */
  audienceProperties?: 'drop' | 'tags' | undefined;
  /** Names an audience's segment from its key; by default `audience_name`, else the key. Cut to 128 code points. Must be pure. */
  segmentName?: ((key: string, event: SegmentEvent) => string) | undefined;
  /**
   * What OneSignal itself sends to Segment is skipped `loop`, or let through.
   * @defaultValue 'skip'
   */
  loops?: 'skip' | 'allow' | undefined;
  /**
   * Segment's `integrations` switches: not looked at, since whoever delivered the event has routed it, or respected (for archives), under OneSignal's names or one of yours.
   * @defaultValue 'ignore'
   */
  integrations?: 'ignore' | 'respect' | RespectIntegrations | undefined;
  /** Consent categories that must all be `true` in `context.consent.categoryPreferences`; else skipped `no_consent`. */
  consent?: readonly string[] | undefined;
}

/** Respects `integrations` under a name of yours besides OneSignal's. */
export interface RespectIntegrations {
  /** The name, exactly as it stands in `integrations`: `'My Function (My Workspace)'`. */
  respect: string;
}

/** Which channels become subscriptions. */
export interface SubscriptionOptions {
  /** `email` → an Email subscription. */
  email?: boolean | undefined;
  /** `phone` in E.164 → an SMS subscription. */
  sms?: boolean | undefined;
  /** `context.device.token` → a push subscription. */
  push?: boolean | undefined;
}

/** Mappings that are off unless you switch them on. */
export interface OptInOptions {
  /** Email, phone and push token become subscriptions of the user. */
  subscriptions?: SubscriptionOptions | undefined;
  /** Locale, time zone, country, location and times become properties of the user: all of them, or those you name. */
  profile?: boolean | readonly (keyof Profile)[] | undefined;
  /** `group` becomes tags: `group_id`, and its traits after a prefix (default `group_`). */
  group?: boolean | GroupOptions | undefined;
  /** `page` becomes a custom event. */
  page?: 'custom_event' | undefined;
  /** `screen` becomes a custom event. */
  screen?: 'custom_event' | undefined;
  /** `alias` becomes an alias of the user, under a label of yours. */
  alias?: AliasOptions | undefined;
  /** `delete` deletes the user in OneSignal; cannot be undone. */
  deleteUsers?: boolean | undefined;
  /** Order Completed adds purchases. They increment: a redelivery counts twice unless `delivery.seen` is given. */
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
  /** The alias label under which `previousId` is kept. */
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
      /** Which tracks become custom events: all, those named, those a pure function picks. Default none. */
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
      /** Custom events instead of tags. */
      customEvents: CustomEventOptions<'replace'>;
    };

/** Everything about mapping: pure, without a clock or I/O. Every option may be given as `undefined`, which means absent. */
export type MappingOptions = KeyOptions & EventOptions & OptInOptions & TrackOptions;
