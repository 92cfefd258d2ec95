import type { DeliveryError, EventError, OperationType } from '../errors.js';
import type { Drop, Plan, SkipReason } from '../onesignal/plan.js';

/** The fields that every outcome has, whatever its status. */
export interface OutcomeFields {
  /** Segment's `messageId` of the event. */
  messageId?: string;
  /** The types of the operations that OneSignal accepted. */
  applied: OperationType[];
  /** Every field that was not carried over, with the reason. */
  dropped: Drop[];
  /** Problems that did not keep the event from being delivered. */
  warnings: DeliveryError[];
}

/** The result of delivering one input. Switch over `status`. */
export type Outcome = OutcomeFields &
  (
    | {
        /** OneSignal accepted the event. */
        status: 'delivered';
      }
    | {
        /** There was nothing to send. */
        status: 'skipped';
        /** Why nothing was sent. */
        reason: SkipReason;
      }
    | {
        /** Not done yet: deliver the event again, not before `retryAfterMs`. */
        status: 'retryable';
        /** Why it is not done. */
        error: DeliveryError;
        /** Minimum wait before the next delivery, in milliseconds. */
        retryAfterMs?: number;
      }
    | {
        /** The event can never be delivered as it is. */
        status: 'failed';
        /** Why it cannot be delivered. */
        error: EventError | DeliveryError;
      }
  );

/** An outcome's status with the fields that belong to that status. */
export type Result = ResultOf<Outcome>;
type ResultOf<Given> = Given extends unknown ? Omit<Given, keyof OutcomeFields> : never;

/** How grave each result is: an input with several operations gets the gravest one (D5b). */
const gravity = { delivered: 0, skipped: 1, failed: 2, retryable: 3 } as const;

/** The graver of two results of an input; of two retryable ones the first, with the longer wait. @internal */
export function graver(known: Result, result: Result): Result {
  if (gravity[result.status] > gravity[known.status]) return result;
  if (known.status !== 'retryable' || result.status !== 'retryable' || result.retryAfterMs === undefined) return known;
  return { ...known, retryAfterMs: Math.max(known.retryAfterMs ?? 0, result.retryAfterMs) };
}

/** Builds an outcome. @internal */
export function createOutcome(
  messageId: string | undefined,
  fields: Pick<Outcome, 'applied' | 'dropped' | 'warnings'>,
  result: Result,
): Outcome {
  const { applied, dropped, warnings } = fields;
  // Nearly always. A literal is several times cheaper than a copy, and every input gets an outcome.
  if (result.status === 'delivered' && messageId !== undefined)
    return { status: 'delivered', messageId, applied, dropped, warnings };
  // The status comes first wherever an outcome is printed.
  return { ...result, ...(messageId === undefined ? {} : { messageId }), applied, dropped, warnings };
}

/** Builds the outcome of an event for which nothing is sent. @internal */
export function createUnsentOutcome(plan: Plan, result: Result): Outcome {
  return createOutcome(plan.messageId, { applied: [], dropped: plan.dropped, warnings: [] }, result);
}
