import type { SegmentEvent } from '../segment/event.js';
import type { OptInOptions, TrackOptions } from './opt-in-options.js';

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
  /** Only these traits and properties (by the name that Segment sends) become tags; others are dropped `excluded`. About tags alone: a custom event has everything. */
  include?: readonly string[] | undefined;
  /** These traits and properties (by the name that Segment sends) never leave: neither as tags nor in a custom event, a subscription or a purchase; they are dropped `excluded`. */
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
  /**
   * S8: traits and properties (by the name that Segment sends) whose date becomes unix seconds, which OneSignal's time filters need: ISO-8601, a day alone
   * (`1990-05-01`, its midnight in UTC), unix milliseconds. `'auto'` takes every value that can only be a time: full ISO-8601 with an offset.
   */
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
  /** S7: consent categories that must all be `true` in `context.consent.categoryPreferences`; else skipped `no_consent`. A deletion needs none. */
  consent?: readonly string[] | undefined;
}

/** Respects `integrations` under a name of yours besides OneSignal's. */
export interface RespectIntegrations {
  /** The name, exactly as it stands in `integrations`: `'My Function (My Workspace)'`. */
  respect: string;
}

/** Everything about mapping: pure, without a clock or I/O. Every option may be given as `undefined`, which means absent. */
export type MappingOptions = KeyOptions & EventOptions & OptInOptions & TrackOptions;
