import type { DeliveryError, EventError } from '../errors.js';
import type { Operation } from '../onesignal/operation.js';
import type { Drop, SkipReason } from '../onesignal/plan.js';

/** What every outcome has, whatever its status. */
export interface OutcomeFields {
  /** Segment's id of the event. */
  messageId?: string;
  /** The operations that OneSignal accepted. */
  applied: Operation['type'][];
  /** Every field not carried over, and why. */
  dropped: Drop[];
  /** What did not work although the event was delivered. */
  warnings: DeliveryError[];
}

/** What became of one input. Switch over `status`. */
export type Outcome = OutcomeFields &
  (
    | {
        /** OneSignal accepted it. */
        status: 'delivered';
      }
    | {
        /** There was nothing to do. */
        status: 'skipped';
        /** Why. */
        reason: SkipReason;
      }
    | {
        /** Not done yet: deliver it again, not before `retryAfterMs`. */
        status: 'retryable';
        /** Why. */
        error: DeliveryError;
        /** Milliseconds to wait at least. */
        retryAfterMs?: number;
      }
    | {
        /** It will never work as it is. */
        status: 'failed';
        /** Why. */
        error: EventError | DeliveryError;
      }
  );
