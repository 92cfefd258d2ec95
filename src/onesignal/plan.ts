import type { EventError } from '../errors.js';
import type { Operation } from './operation.js';

export { profileKey } from './operation-keys.js';

/**
 * Why nothing is sent for an event:
 *
 * - `unsupported_type`: the call is of a type that is not mapped, or is mapped only if you turn it on.
 * - `integration_off`: the event's `integrations` object turns OneSignal off.
 * - `loop`: the event came from OneSignal itself.
 * - `no_user_id`: the event has no `userId`, or the option `user` finds no user in it.
 * - `blocked_user_id`: the user's id is a placeholder such as `null`, is too long, or is not valid under its label.
 * - `unknown_membership`: the event does not say whether the user is a member of the audience.
 * - `empty`: no field of the event is left to send.
 * - `no_consent`: the user has not agreed to every category in `consent`.
 * - `too_old`: the event is older than `maxAgeMs`.
 * - `stale`: newer events have already written everything that this event would write.
 * - `unchanged`: OneSignal already has all values of the event (with `delivery.unchanged: 'skip'`).
 * - `user_not_found`: OneSignal does not know the user.
 *
 * A minor release may add reasons: give a `switch` over them a `default`.
 */
export type SkipReason =
  | 'unsupported_type'
  | 'integration_off'
  | 'loop'
  | 'no_user_id'
  | 'blocked_user_id'
  | 'unknown_membership'
  | 'empty'
  | 'no_consent'
  | 'too_old'
  | 'stale'
  | 'unchanged'
  | 'user_not_found';

/**
 * Why a field is not carried over:
 *
 * - `identifier`: an email address or phone number, which is never a tag.
 * - `duplicate_key`: another field has the same key and wins.
 * - `not_finite`: the number is `NaN` or infinite.
 * - `nested`: the value is an object or an array.
 * - `reserved_key`: OneSignal reserves the key.
 * - `excluded`: `include`, `exclude` or the `tag` hook left the field out.
 * - `audience_property`: a property of an audience's track besides the membership.
 * - `metadata`: the field describes the event, not the user, or is under a root that is not read for its call.
 * - `unknown_membership`: the event does not say whether the user is a member of the audience.
 * - `invalid_value`: OneSignal does not accept the value.
 * - `tag_limit`: the user would have more tags than the OneSignal plan allows.
 * - `too_many_tags`: the event has more tags than can be sent within the deadline.
 * - `stale`: a newer event has already written the tag, profile field, subscription or alias.
 * - `unchanged`: OneSignal already has the same value (with `delivery.unchanged: 'skip'`).
 * - `duplicate_purchase`: the purchase was left out, because its event was delivered before.
 * - `unsupported_label`: a custom event cannot identify the user by the label that the option `user` sets.
 *
 * A minor release may add reasons: give a `switch` over them a `default`.
 */
export type DropReason =
  | 'identifier'
  | 'duplicate_key'
  | 'not_finite'
  | 'nested'
  | 'reserved_key'
  | 'excluded'
  | 'audience_property'
  | 'metadata'
  | 'unknown_membership'
  | 'invalid_value'
  | 'tag_limit'
  | 'too_many_tags'
  | 'stale'
  | 'unchanged'
  | 'duplicate_purchase'
  | 'unsupported_label';

/** A field that is not carried over, and why: `{ path: 'traits.address', reason: 'nested' }`. */
export interface Drop {
  /** Path of the field, dotted from the root of the event. */
  path: string;
  /** Why the field is not carried over. */
  reason: DropReason;
}

/** Fields of every plan, whatever its status. */
export interface PlanFields {
  /** Segment's id of the event. */
  messageId?: string;
  /** Time of the event, in ISO 8601 with milliseconds and in UTC. Absent if it could not be read. */
  at?: string;
  /** Changes to make in OneSignal, in order. */
  operations: Operation[];
  /** Every field that is not carried over, and why. */
  dropped: Drop[];
}

/**
 * What to change in OneSignal for one event. It is plain JSON: you can print, compare and store it.
 *
 * Shape: `{ status: 'planned', messageId: 'm1', operations: [{ type: 'update_user', user, tags }], dropped: [] }`.
 */
export type Plan = PlanFields &
  (
    | {
        /** There is something to send. */
        status: 'planned';
      }
    | {
        /** There is nothing to send. */
        status: 'skipped';
        /** Why nothing is sent. */
        reason: SkipReason;
      }
    | {
        /** The event, or a part of it, cannot be sent. Its `operations` are still sent. */
        status: 'failed';
        /** What is wrong with the event. */
        error: EventError;
      }
  );

/** An operation, and the plans it was merged from. */
export interface Coalesced {
  /** Operation to send. */
  operation: Operation;
  /** Indexes of the plans whose outcome depends on the operation. */
  inputs: number[];
}
