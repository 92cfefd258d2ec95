import type { EventError } from '../errors.js';
import type { Operation } from './operation.js';

/** Why nothing is sent for an event. The union is complete: an exhaustive switch does not break later. */
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
  | 'user_not_found';

/** Why a field is not carried over. The union is complete: an exhaustive switch does not break later. */
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
  | 'stale';

/** One field not carried over, and why: `{ path: 'traits.address', reason: 'nested' }`. */
export interface Drop {
  /** Dotted from the event's root. */
  path: string;
  /** Why. */
  reason: DropReason;
}

/** What every plan has, whatever its status. */
export interface PlanFields {
  /** Segment's id of the event. */
  messageId?: string;
  /** When the event happened, ISO-8601 in UTC with milliseconds; absent if that could not be read. */
  at?: string;
  /** What will be asked of OneSignal, in order. */
  operations: Operation[];
  /** Every field not carried over, and why. */
  dropped: Drop[];
}

/**
 * What one event means in OneSignal, as plain JSON: it can be printed, compared and stored.
 *
 * Shape: `{ status: 'planned', messageId: 'm1', operations: [{ type: 'update_user', user: { label: 'external_id', id: 'u1' }, tags: { plan: 'pro' } }], dropped: [] }`.
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
        /** Why. */
        reason: SkipReason;
      }
    | {
        /** The event cannot be mapped. */
        status: 'failed';
        /** Why. */
        error: EventError;
      }
  );

/** An operation and the inputs that want it, as indexes into the plans. */
export interface Coalesced {
  /** What to do. */
  operation: Operation;
  /** The inputs whose outcome depends on it. */
  inputs: number[];
}
