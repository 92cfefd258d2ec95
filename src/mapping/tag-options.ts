import type { SegmentEvent } from '../segment/event.js';

/**
 * The value of a trait or property, as the `tag` hook receives and returns it. `null` removes the tag from the user.
 */
export type TagValue = string | number | boolean | null;

/** What the `tag` hook changes about a tag: its key, its value, or both. `{}` keeps the tag as it is. */
export interface TagChange {
  /** New key of the tag. Omit it to keep the key. */
  key?: string | undefined;
  /** New value of the tag; `null` removes the tag from the user. Omit it to keep the value. */
  value?: TagValue | undefined;
}

/** Limits for flattened objects. */
export interface FlattenOptions {
  /**
   * Number of levels to read below a trait. Anything deeper is dropped with reason `nested`.
   *
   * @defaultValue 3
   */
  maxDepth?: number | undefined;
  /**
   * Number of tags that one nested trait can become. The rest is dropped with reason `nested`.
   *
   * @defaultValue 50
   */
  maxTags?: number | undefined;
}

/** Respects `integrations` under a name of your own as well as under OneSignal's names. */
export interface RespectIntegrations {
  /** The name, exactly as it appears in `integrations`: `'My Function (My Workspace)'`. */
  respect: string;
}

/** Keeps the event name as the value of a tag. */
export interface EventNameTag {
  /** Key of the tag, used as it is: neither `prefix` nor `rename` changes it. */
  tag: string;
}

/** Identifies users by one of your aliases: their `userId` is its id. */
export interface UserLabel {
  /**
   * Label of the alias: `external_id`, `onesignal_id`, or a label of your own with 1 to 128 characters, without white
   * space, `..` and `/?#&=`.
   */
  label: string;
}

/** The user whom an event is about, as the `user` function returns it. */
export interface EventUser extends UserLabel {
  /**
   * Id of the user under that label. A number becomes a string. Without an id, the event is skipped with reason
   * `no_user_id`.
   */
  id: string | number | null | undefined;
}

/**
 * The options of the functions that map one kind of event: those for keys, values and which events are mapped. The
 * others belong to {@link mapEvent}.
 */
export interface TagOptions {
  /**
   * The only traits and properties that become tags, by the names Segment sends. All others are dropped with reason
   * `excluded`, audience memberships included.
   *
   * Applies only to tags: a custom event still carries every property.
   *
   * @defaultValue all traits and properties
   */
  include?: readonly string[] | undefined;
  /**
   * Traits and properties that are never sent, by the names Segment sends: not as a tag, and not in a custom event, a
   * subscription, the profile or a purchase. They are dropped with reason `excluded`.
   *
   * @defaultValue none
   */
  exclude?: readonly string[] | undefined;
  /**
   * Tag keys by the names Segment sends: `{ plan: 'tier' }` writes the trait `plan` to the tag `tier`. Overrides
   * `prefix`.
   *
   * With `nested: 'flatten'`, you can also rename a single value by its joined name, such as `address_city`.
   *
   * @defaultValue none
   */
  rename?: Readonly<Record<string, string>> | undefined;
  /**
   * Text to put before every tag key that `rename` does not set: `'seg_'` turns `plan` into `seg_plan`.
   *
   * @defaultValue ''
   */
  prefix?: string | undefined;
  /**
   * Text to put before the key of an audience's membership tag, in place of `prefix`. The segment's filter follows.
   *
   * @defaultValue the value of `prefix`
   */
  audiencePrefix?: string | undefined;
  /**
   * Changes the key or value of each tag, or drops the tag with reason `excluded` if it returns `null`. It is not
   * called for audience memberships.
   *
   * It must be pure and synchronous. If it throws or returns anything else, the plan fails with `hook_failed`.
   *
   * @defaultValue every tag is kept as it is
   */
  tag?: ((key: string, value: TagValue, event: SegmentEvent) => TagChange | null) | undefined;
  /**
   * Whether objects are dropped with reason `nested`, or flattened into a tag per value with names joined by `_`, such
   * as `address_city`. Arrays are always dropped, and so is an `email` or `phone` at any level (`identifier`).
   *
   * Pass {@link FlattenOptions} to flatten with limits of your own.
   *
   * @defaultValue 'drop'
   */
  nested?: 'drop' | 'flatten' | FlattenOptions | undefined;
  /**
   * Traits and properties, by the names Segment sends, whose dates are written in Unix seconds, as OneSignal's time
   * operators require. `'auto'` converts every full ISO 8601 time with an offset.
   *
   * A named one can be ISO 8601, a date without a time (`1990-05-01`, read as midnight UTC) or Unix time in seconds or
   * milliseconds. Other values stay as they are.
   *
   * @defaultValue none
   */
  dates?: 'auto' | readonly string[] | undefined;
  /**
   * Number of tags your OneSignal plan allows per user. Tags of an event beyond it are dropped with reason `tag_limit`;
   * names and audience memberships are kept first, and removals do not count.
   *
   * Set it to your plan's limit. Without it, a destination learns the limit from the updates that OneSignal refuses.
   *
   * @defaultValue no limit
   */
  tagLimit?: number | undefined;
  /**
   * Whether the event name of a track is dropped (`'drop'`), put before each tag key (`'prefix'`, as in
   * `Add_to_Cart_brand`), or kept as the value of a tag (`{ tag: 'last_event' }`).
   *
   * It cannot be kept if `customEvents: { tags: 'replace' }` leaves no tags to keep it in.
   *
   * @defaultValue 'drop'
   */
  eventName?: 'drop' | 'prefix' | EventNameTag | undefined;
  /**
   * Which user an event belongs to. Set it if OneSignal knows your users by another alias than `external_id`, or if
   * their id is not the event's `userId`: `{ label: 'customer_id' }`, or a function that returns `{ label, id }`. If
   * the function returns `undefined`, the event is skipped with reason `no_user_id`.
   *
   * Under a label other than `external_id` and `onesignal_id`, an event cannot become a custom event: the custom event
   * is dropped with reason `unsupported_label`.
   *
   * The function is called for deletions too, which have a `userId` and no traits. It must be pure and synchronous. If
   * it throws or returns anything else, the plan fails with `hook_failed`.
   *
   * @defaultValue `{ label: 'external_id' }`: the event's `userId` is the External ID
   */
  user?: UserLabel | ((event: SegmentEvent) => EventUser | undefined) | undefined;
  /**
   * Whether the other properties of an audience's track event (Segment's trait enrichment) are dropped with reason
   * `audience_property` or become tags.
   *
   * @defaultValue 'drop'
   */
  audienceProperties?: 'drop' | 'tags' | undefined;
  /**
   * Names the OneSignal segment of an audience. Names are cut to 128 code points.
   *
   * It must be pure and synchronous. If it throws or returns a blank name, the plan fails with `hook_failed`.
   *
   * @defaultValue the event's `audience_name`, or the audience key if there is none
   */
  segmentName?: ((key: string, event: SegmentEvent) => string) | undefined;
  /**
   * Whether events that OneSignal itself sends to Segment are skipped with reason `loop` or mapped like any other.
   *
   * `'allow'` can make the two services send each other events forever.
   *
   * @defaultValue 'skip'
   */
  loops?: 'skip' | 'allow' | undefined;
  /**
   * Whether events that Segment's `integrations` object turns off for OneSignal are skipped with reason
   * `integration_off`. Pass {@link RespectIntegrations} to add a name of your own.
   *
   * Keep `'ignore'` for events that Segment delivers, since Segment has applied `integrations` by then. Use `'respect'`
   * for archives and replays.
   *
   * @defaultValue 'ignore'
   */
  integrations?: 'ignore' | 'respect' | RespectIntegrations | undefined;
  /**
   * Consent categories that must all be `true` in the event's `context.consent.categoryPreferences`. Otherwise the
   * event is skipped with reason `no_consent`. Deletions need no consent.
   *
   * @defaultValue none
   */
  consent?: readonly string[] | undefined;
}
