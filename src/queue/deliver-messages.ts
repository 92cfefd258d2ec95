import type { Outcome } from '../delivery/outcome.js';
import type { DeliveryError, EventError } from '../errors.js';
import type { Deliverer, DeliverOptions } from '../pipeline.js';

/** The shortest wait before a message returns. With none, it would return in a loop. */
export const minDelayMs = 1_000;

/** How to settle one message of a queue. */
export type Decision = {
  /** One outcome per event of the message. */
  outcomes: readonly Outcome[];
} & (
  | { action: 'ack' }
  /** `afterMs` is at least {@link minDelayMs}, and `undefined` if OneSignal asked for no wait. */
  | { action: 'redeliver'; error: DeliveryError; afterMs: number | undefined }
  | { action: 'dead_letter'; error: EventError | DeliveryError }
);

/**
 * Delivers messages in one call, so that a user's events are merged across the batch, and decides how to settle each
 * message (W5).
 *
 * A message holds one event or an array of events. It is acked if every event was delivered or skipped. It is
 * redelivered as a whole if an event is retryable, which is safe because deliveries can be repeated (D10). Otherwise,
 * if an event failed, it is dead-lettered.
 *
 * @internal
 */
export async function deliverMessages(
  destination: Deliverer,
  bodies: readonly unknown[],
  options?: DeliverOptions,
): Promise<Decision[]> {
  const messages = bodies.map((body): readonly unknown[] => (Array.isArray(body) ? body : [body]));
  const inputs = messages.flat();
  const outcomes = await destination.deliver(inputs, options);
  // A message without outcomes would be acked.
  if (outcomes.length < inputs.length)
    throw new TypeError('The destination returned fewer outcomes than it was given events.');
  let next = 0;
  return messages.map(({ length }) => {
    next += length;
    return decide(outcomes.slice(next - length, next));
  });
}

function decide(outcomes: readonly Outcome[]): Decision {
  const retryable = outcomes.filter((outcome) => outcome.status === 'retryable');
  const [first] = retryable;
  if (first !== undefined) {
    const waits = retryable.flatMap(({ retryAfterMs = Number.NaN }) =>
      Number.isNaN(retryAfterMs) ? [] : retryAfterMs,
    );
    const longestMs = waits.reduce((longest, wait) => Math.max(longest, wait), minDelayMs);
    const afterMs = waits.length === 0 ? undefined : longestMs;
    return { action: 'redeliver', error: first.error, afterMs, outcomes };
  }
  const failed = outcomes.find((outcome) => outcome.status === 'failed');
  return failed === undefined ? { action: 'ack', outcomes } : { action: 'dead_letter', error: failed.error, outcomes };
}
