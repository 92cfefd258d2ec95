import type { Outcome } from '../delivery/outcome.js';
import type { DeliveryError, EventError } from '../errors.js';
import type { Deliverer, DeliverOptions } from '../pipeline.js';

/** How to settle one message of a queue. */
export type Decision = {
  /** One outcome per event of the message. */
  outcomes: readonly Outcome[];
} & (
  | { action: 'ack' }
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
  const outcomes = await destination.deliver(messages.flat(), options);
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
    const waits = retryable.flatMap(({ retryAfterMs }) => retryAfterMs ?? []);
    const afterMs = waits.length === 0 ? undefined : Math.max(...waits);
    return { action: 'redeliver', error: first.error, afterMs, outcomes };
  }
  const failed = outcomes.find((outcome) => outcome.status === 'failed');
  return failed === undefined ? { action: 'ack', outcomes } : { action: 'dead_letter', error: failed.error, outcomes };
}
