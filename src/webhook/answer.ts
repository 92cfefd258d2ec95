import type { Outcome } from '../delivery/outcome.js';
import { retryAfter } from '../receiving/answer.js';

/** The outcomes of one request's events, and how the request was made. */
export interface DeliveryResult {
  outcomes: readonly Outcome[];
  /** The parsed body of a request with a single event; `undefined` for a batch. */
  single: { type: unknown } | undefined;
  /** Whether the request used the Tracking API, whose clients expect a `success` field. */
  isTracking: boolean;
}

/** One outcome in the answer. `messageId` is the only field of the event in it. */
interface AnsweredOutcome {
  messageId?: string;
  status: Outcome['status'];
  reason?: string;
  code?: string;
  message?: string;
  warnings?: { code: string; message: string }[];
}

/**
 * Answers a request whose events were delivered (W2).
 *
 * The worst outcome decides: 503 if any event is retryable, 400 if a single event failed, 501 if a single `delete` is
 * not enabled, else 200.
 *
 * @internal
 */
export function answerDelivered({ outcomes, single, isTracking }: DeliveryResult): Response {
  const answered = outcomes.map(answeredOutcome);
  const respond = (status: number, message?: string, headers: Record<string, string> = {}): Response =>
    Response.json(
      {
        ...(isTracking ? { success: status === 200 } : {}),
        ...(message === undefined ? {} : { message }),
        outcomes: answered,
      },
      { status, headers },
    );

  const retryable = outcomes.filter((outcome) => outcome.status === 'retryable');
  if (retryable.length > 0) {
    const longestMs = retryable.reduce((longest, { retryAfterMs = 0 }) => Math.max(longest, retryAfterMs), 0);
    const counts = `${retryable.length} of ${outcomes.length}`;
    return respond(503, `${counts} events could not be delivered yet. Send the request again.`, {
      'retry-after': retryAfter(longestMs),
    });
  }
  const [first] = outcomes;
  if (single === undefined || first === undefined) return respond(200);
  if (first.status === 'failed') return respond(400, first.error.message);
  if (first.status === 'skipped' && first.reason === 'unsupported_type' && single.type === 'delete') {
    // Segment reads a 200 as confirmation that the user was deleted.
    return respond(501, 'delete events are not enabled. Set mapping.deleteUsers to true.');
  }
  return respond(200);
}

/**
 * Answers a request whose outcomes are unknown because the destination itself failed: 503, so that the sender repeats
 * it.
 *
 * @internal
 */
export function answerUndelivered(): Response {
  const message = 'The events were not delivered. Send the request again.';
  return Response.json({ message }, { status: 503, headers: { 'retry-after': retryAfter(0) } });
}

function answeredOutcome(outcome: Outcome): AnsweredOutcome {
  const { messageId, status, warnings = [] } = outcome;
  return {
    ...(messageId === undefined ? {} : { messageId }),
    status,
    ...(outcome.status === 'skipped' ? { reason: outcome.reason } : {}),
    ...(outcome.status === 'failed' || outcome.status === 'retryable'
      ? { code: outcome.error.code, message: outcome.error.message }
      : {}),
    ...(warnings.length === 0 ? {} : { warnings: warnings.map(({ code, message }) => ({ code, message })) }),
  };
}
