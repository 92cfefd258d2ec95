import type { Outcome } from '../delivery/outcome.js';
import type { Refusal } from './refusal.js';

/** What came of the events of one request. */
export interface Delivered {
  outcomes: readonly Outcome[];
  /** What one event that came alone was, as JSON; `undefined` for a batch. */
  single: { type: unknown } | undefined;
  /** Whether it came by the Tracking API, whose clients expect `success`. */
  isTracking: boolean;
}

/** One event's outcome, as the sender is told it: no field of the event but its `messageId`. */
interface AnsweredOutcome {
  messageId?: string;
  status: Outcome['status'];
  reason?: string;
  code?: string;
  message?: string;
  warnings?: { code: string; message: string }[];
}

/**
 * The answer to delivered events, by the worst of them: retryable 503, one alone that failed 400, one `delete` that is not switched on 501, else 200.
 *
 * @see {@link https://segment.com/docs/partners/direct-destination/ | Segment: what a destination answers}
 * @internal
 */
export function answerDelivered({ outcomes, single, isTracking }: Delivered): Response {
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
    return respond(503, `${retryable.length} of ${outcomes.length} events are not delivered yet: send them again`, {
      'retry-after': retryAfter(longestMs),
    });
  }
  const [first] = outcomes;
  if (single === undefined || first === undefined) return respond(200);
  if (first.status === 'failed') return respond(400, first.error.message);
  if (first.status === 'skipped' && first.reason === 'unsupported_type' && single.type === 'delete') {
    // Segment takes a 200 as the confirmation that the user was deleted.
    return respond(501, 'delete is not switched on: set mapping.deleteUsers to true');
  }
  return respond(200);
}

/**
 * The answer where the destination itself gave way: no outcome is known, so all is to be sent again.
 *
 * @internal
 */
export function answerUndelivered(): Response {
  const message = 'the events were not delivered: send them again';
  return Response.json({ message }, { status: 503, headers: { 'retry-after': retryAfter(0) } });
}

/**
 * The answer to a request from which nothing was delivered.
 *
 * @internal
 */
export function answerRefused({ status, message }: Refusal, allow: readonly string[]): Response {
  return Response.json({ message }, { status, headers: status === 405 ? { allow: allow.join(', ') } : {} });
}

/** In whole seconds, as the header has it; 0 would invite a tight loop. */
function retryAfter(ms: number): string {
  return Number.isFinite(ms) ? String(Math.max(1, Math.ceil(ms / 1_000))) : '1';
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
