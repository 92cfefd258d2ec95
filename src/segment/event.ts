/**
 * What Segment adds around a call. Only `personas` is read by default; everything else is tolerated.
 *
 * @see {@link https://segment.com/docs/connections/spec/common/#context | Segment Spec: Context}
 */
export interface SegmentContext {
  /** Engage's mark on events that an audience, a computed trait or a journey made. */
  readonly personas?: Personas | null;
  /** Anything else: `locale`, `timezone`, `device`, `traits` … */
  readonly [key: string]: unknown;
}

/**
 * Engage's mark on an event, for example `{ computation_class: 'audience', computation_key: 'big_spenders' }`.
 *
 * @see {@link https://segment.com/docs/engage/using-engage-data/ | Segment: Using Engage data}
 */
export interface Personas {
  /** `audience`, `journey_step`; anything else is taken for a computed trait. */
  computation_class?: string;
  /** The audience's or trait's key. */
  computation_key?: string;
  /** Seen instead of `computation_key` in some payloads. */
  audience_key?: string;
  /** Ids of the space, the computation and the activation. */
  [key: string]: unknown;
}

/** Traits or properties: an object; `null` and `[]` count as `{}`. */
export type Fields = Record<string, unknown> | readonly unknown[] | null;

/**
 * The fields common to all calls, as lenient as real payloads are.
 *
 * @see {@link https://segment.com/docs/connections/spec/common/ | Segment Spec: Common fields}
 */
export interface EventFields {
  /** Segment's id of this call, at most 100 characters; the key to find an event by. */
  messageId?: string | null;
  /** Your id of the user; becomes OneSignal's `external_id`. A number is stringified. */
  userId?: string | number | null;
  /** Segment's id of a user who is not known yet; never sent. */
  anonymousId?: string | number | null;
  /** When it happened: ISO-8601, or unix seconds / milliseconds in 10 / 13 digits. Anything else counts as absent. */
  timestamp?: string | number | Date | null;
  /** When Segment received it, ISO-8601; a `timestamp` later than this counts as this. */
  receivedAt?: string | null;
  /** What Segment adds around the call; `null` and `[]` count as `{}`. */
  context?: SegmentContext | readonly unknown[] | null;
  /** Segment's routing switches; looked at only with `integrations: 'respect'`. */
  integrations?: Record<string, unknown> | readonly unknown[] | null;
}

/** Who the user is, for example `{ type: 'identify', userId: 'u1', traits: { plan: 'pro' } }`. @see {@link https://segment.com/docs/connections/spec/identify/ | Segment Spec: Identify} */
export interface IdentifyEvent extends EventFields {
  /** Always `identify`. */
  type: 'identify';
  /** What is known of the user. */
  traits?: Fields;
}

/** What the user did, for example `{ type: 'track', userId: 'u1', event: 'Order Completed', properties: { total: 30 } }`. @see {@link https://segment.com/docs/connections/spec/track/ | Segment Spec: Track} */
export interface TrackEvent extends EventFields {
  /** Always `track`. */
  type: 'track';
  /** The event's name. */
  event?: string;
  /** What is known of the event. */
  properties?: Fields;
  /** Seen instead of `properties` on some Engage tracks. */
  traits?: Fields;
}

/** A page view. @see {@link https://segment.com/docs/connections/spec/page/ | Segment Spec: Page} */
export interface PageEvent extends EventFields {
  /** Always `page`. */
  type: 'page';
  /** The page's name. */
  name?: string | null;
  /** The page's category. */
  category?: string | null;
  /** What is known of the page. */
  properties?: Fields;
}

/** A screen view. @see {@link https://segment.com/docs/connections/spec/screen/ | Segment Spec: Screen} */
export interface ScreenEvent extends EventFields {
  /** Always `screen`. */
  type: 'screen';
  /** The screen's name. */
  name?: string | null;
  /** The screen's category. */
  category?: string | null;
  /** What is known of the screen. */
  properties?: Fields;
}

/** A user's membership in an account. @see {@link https://segment.com/docs/connections/spec/group/ | Segment Spec: Group} */
export interface GroupEvent extends EventFields {
  /** Always `group`. */
  type: 'group';
  /** The account's id. */
  groupId?: string | number | null;
  /** What is known of the account. */
  traits?: Fields;
}

/** Two ids of one user. @see {@link https://segment.com/docs/connections/spec/alias/ | Segment Spec: Alias} */
export interface AliasEvent extends EventFields {
  /** Always `alias`. */
  type: 'alias';
  /** The id that the user had before. */
  previousId?: string | number | null;
}

/** The user asked to be deleted; only `userId` is sure to be there. @see {@link https://segment.com/docs/privacy/user-deletion-and-suppression/ | Segment: User deletion} */
export interface DeleteEvent extends EventFields {
  /** Always `delete`. */
  type: 'delete';
}

/** A call of a type that Segment does not know. */
export interface OtherEvent extends EventFields {
  /** Always `other`, so that a switch over `type` stays exhaustive and narrows. */
  type: 'other';
  /** The type that came. */
  originalType: string;
}

/** One Segment call, parsed. Switch over `type`. */
export type SegmentEvent =
  | IdentifyEvent
  | TrackEvent
  | PageEvent
  | ScreenEvent
  | GroupEvent
  | AliasEvent
  | DeleteEvent
  | OtherEvent;
