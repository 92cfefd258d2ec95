import type { Deliverer, Outcome } from 'segment-onesignal';
import type { SourcedEvent } from './work.js';

/** How works are delivered. */
export interface DeliverWorksOptions<Mark> {
  readonly destination: Deliverer;
  /** How many events may be under way, those that wait for a redelivery included. */
  readonly windowEvents: number;
  /** How often a retryable event is delivered before it counts as exhausted. */
  readonly attempts: number;
  /** Deadline of one call of `deliver`, in milliseconds. */
  readonly deadlineMs: number;
  /** Ends the run: what is in flight is finished, and nothing else is started. */
  readonly signal: AbortSignal;
  /** Called with the last outcome of each event. It is `retryable` if the event is exhausted. */
  readonly onSettled: (event: SourcedEvent, outcome: Outcome) => void;
  /** Called when an event comes back and waits for its redelivery. */
  readonly onRetry: (event: SourcedEvent, outcome: Outcome) => void;
  /** Called when everything up to a mark is done. */
  readonly onReached: (mark: Mark) => void;
}
