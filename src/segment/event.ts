/**
 * The `context` of a call. Only `personas` is read by default; other fields are read if an option needs them.
 *
 * @see {@link https://segment.com/docs/connections/spec/common/#context | Segment Spec: Context}
 */
export interface SegmentContext {
  /** Present on the events of Engage audiences, computed traits and journeys. */
  readonly personas?: Personas | null;
  /** Any other field: `locale`, `timezone`, `device`, `traits` … */
  readonly [key: string]: unknown;
}

/**
 * The Engage computation behind an event: `{ computation_class: 'audience', computation_key: 'big_spenders' }`.
 *
 * @see {@link https://segment.com/docs/engage/using-engage-data/ | Segment: Using Engage data}
 */
export interface Personas {
  /** `audience` or `journey_step`. Any other class counts as a computed trait. */
  computation_class?: string;
  /** Key of the audience or trait. */
  computation_key?: string;
  /** Key of the audience, which some payloads have instead of `computation_key`. */
  audience_key?: string;
  /** Any other field, such as the id of the space. */
  [key: string]: unknown;
}

/** Traits or properties. `null` and `[]` count as `{}`. */
export type Fields = Record<string, unknown> | readonly unknown[] | null;

/**
 * Fields that all calls have in common. The types accept what real payloads contain.
 *
 * @see {@link https://segment.com/docs/connections/spec/common/ | Segment Spec: Common fields}
 */
export interface EventFields {
  /** Segment's id of the call, at most 100 characters. One of more than 256 characters counts as absent. */
  messageId?: string | null | undefined;
  /**
   * Your id of the user, which becomes OneSignal's `external_id` unless the option `user` says otherwise. A number is
   * converted to a string. At most 512 characters.
   */
  userId?: string | number | null | undefined;
  /** Segment's id of a user that is not known yet. It is never sent. */
  anonymousId?: string | number | null | undefined;
  /**
   * Time of the event: ISO 8601, Unix seconds in 10 digits, or Unix milliseconds in 13 digits. Anything else counts as
   * absent.
   */
  timestamp?: string | number | Date | null | undefined;
  /** Time when Segment received the call, in ISO 8601. A later `timestamp` counts as this time. */
  receivedAt?: string | null | undefined;
  /** Context of the call. `null` and `[]` count as `{}`. */
  context?: SegmentContext | readonly unknown[] | null | undefined;
  /** Destinations to send the call to. It is read only with the option `integrations`. */
  integrations?: Record<string, unknown> | readonly unknown[] | null | undefined;
}

/**
 * Describes a user: `{ type: 'identify', userId: 'u1', traits: { plan: 'pro' } }`.
 *
 * @see {@link https://segment.com/docs/connections/spec/identify/ | Segment Spec: Identify}
 */
export interface IdentifyEvent extends EventFields {
  /** Always `identify`. */
  type: 'identify';
  /** Traits of the user. */
  traits?: Fields | undefined;
}

/**
 * Records an action of a user: `{ type: 'track', userId: 'u1', event: 'Order Completed', properties: { total: 30 } }`.
 *
 * @see {@link https://segment.com/docs/connections/spec/track/ | Segment Spec: Track}
 */
export interface TrackEvent extends EventFields {
  /** Always `track`. */
  type: 'track';
  /** Name of the event. */
  event?: string | undefined;
  /** Properties of the event. */
  properties?: Fields | undefined;
  /** Traits of the user, which some tracks of Engage have instead of `properties`. */
  traits?: Fields | undefined;
}

/**
 * A page view.
 *
 * @see {@link https://segment.com/docs/connections/spec/page/ | Segment Spec: Page}
 */
export interface PageEvent extends EventFields {
  /** Always `page`. */
  type: 'page';
  /** Name of the page. */
  name?: string | null | undefined;
  /** Category of the page. */
  category?: string | null | undefined;
  /** Properties of the page. */
  properties?: Fields | undefined;
}

/**
 * A screen view in an app.
 *
 * @see {@link https://segment.com/docs/connections/spec/screen/ | Segment Spec: Screen}
 */
export interface ScreenEvent extends EventFields {
  /** Always `screen`. */
  type: 'screen';
  /** Name of the screen. */
  name?: string | null | undefined;
  /** Category of the screen. */
  category?: string | null | undefined;
  /** Properties of the screen. */
  properties?: Fields | undefined;
}

/**
 * Puts a user into a group, such as a company or an account.
 *
 * @see {@link https://segment.com/docs/connections/spec/group/ | Segment Spec: Group}
 */
export interface GroupEvent extends EventFields {
  /** Always `group`. */
  type: 'group';
  /** Id of the group. */
  groupId?: string | number | null | undefined;
  /** Traits of the group. */
  traits?: Fields | undefined;
}

/**
 * Links two ids of one user.
 *
 * @see {@link https://segment.com/docs/connections/spec/alias/ | Segment Spec: Alias}
 */
export interface AliasEvent extends EventFields {
  /** Always `alias`. */
  type: 'alias';
  /** Id that the user had before. */
  previousId?: string | number | null | undefined;
}

/**
 * A request to delete a user. Only its `userId` is certain to be present.
 *
 * @see {@link https://segment.com/docs/privacy/user-deletion-and-suppression/ | Segment: User deletion}
 */
export interface DeleteEvent extends EventFields {
  /** Always `delete`. */
  type: 'delete';
}

/** A call of any other type. */
export interface OtherEvent extends EventFields {
  /** Always `other`, so that a `switch` over `type` stays exhaustive. */
  type: 'other';
  /** Type of the call in the input. */
  originalType: string;
}

/** A parsed Segment call. Use `switch` over `type` to tell them apart. */
export type SegmentEvent =
  | IdentifyEvent
  | TrackEvent
  | PageEvent
  | ScreenEvent
  | GroupEvent
  | AliasEvent
  | DeleteEvent
  | OtherEvent;
