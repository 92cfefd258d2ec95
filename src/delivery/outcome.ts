import type { DeliveryError, EventError } from '../errors.js';
import type { Operation } from '../onesignal/operation.js';
import type { Drop, SkipReason } from '../onesignal/plan.js';
import type { OneSignalResponse } from '../onesignal/transport.js';
import { plainCause, redact } from '../redact.js';
import { privateTexts } from './judging/private-texts.js';
import { readReasons } from './judging/reasons.js';
import { readJson, readRetryAfter } from './judging/response.js';
import { type Answer, errorOf, retryable, type Verdict } from './judging/verdict.js';

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

/** A wrong key stays wrong until somebody mends it: nothing is gained by asking sooner. */
const minUnauthorizedRetryMs = 60_000;

/**
 * Judges an answer. The only place where a status is looked at.
 *
 * 2xx accepted · none, 408, 429, 5xx but 501 retryable · 401 and 403 unauthorized · other 4xx refused; what differs for some operations stands below.
 *
 * @see {@link https://documentation.onesignal.com/reference/rate-limits | OneSignal: Rate limits, retry guidance}
 * @internal
 */
export function judge(operation: Operation, answer: Answer): Verdict {
  if (answer.kind === 'cancelled') return answer;
  if (answer.kind === 'timeout')
    return retryable(errorOf(operation, 'timeout', `got no answer within ${answer.timeoutMs} ms`));
  if (answer.kind === 'rejected') return judgeRejection(operation, answer.thrown);

  const status = statusOf(answer.response);
  if (status === undefined || status < 200) {
    const what = 'got something that is no HTTP response: let the transport return { status, headers, body }';
    return retryable(errorOf(operation, 'unexpected_response', what));
  }
  if (status < 300) return { kind: 'accepted', body: jsonOf(answer.response.body) };
  return judgeFailure(operation, readFailure(status, answer.response, operation));
}

/** What was accepted, for those who read it; text that is no JSON tells them nothing. */
function jsonOf(body: unknown): unknown {
  const read = readJson(body);
  return read.kind === 'json' ? read.value : undefined;
}

/** An answer that is no success. */
interface Failure {
  status: number;
  /** OneSignal's words, fit to be shown. */
  reasons: string[];
  /** Whether they say something, told from what they were before ids and values were taken out. */
  mentions: (pattern: RegExp) => boolean;
  /** OneSignal answers in JSON or not at all; proxies and other hosts answer in HTML. */
  isOneSignal: boolean;
  retryAfterMs: number | undefined;
}

function readFailure(status: number, { headers, body }: OneSignalResponse, operation: Operation): Failure {
  const read = readJson(body);
  const words = read.kind === 'json' ? readReasons(read.value) : [];
  const secrets = privateTexts(operation);
  return {
    status,
    reasons: words.map((reason) => redact(reason, secrets)).filter((reason) => reason !== ''),
    mentions: (pattern) => words.some((reason) => pattern.test(reason)),
    isOneSignal: read.kind !== 'other',
    retryAfterMs: readRetryAfter(headers),
  };
}

function judgeFailure(operation: Operation, failure: Failure): Verdict {
  const { status, reasons, retryAfterMs } = failure;
  const detail = { status, reasons };
  if (status < 400) {
    const what = `was answered by a redirect (${status}): check baseUrl`;
    return retryable(errorOf(operation, 'unexpected_response', what, detail), retryAfterMs);
  }
  if (status === 408 || status === 429 || (status >= 500 && status !== 501)) {
    const code = status === 429 ? 'rate_limited' : status === 408 ? 'timeout' : 'unavailable';
    return retryable(errorOf(operation, code, `was answered ${status}`, detail), retryAfterMs);
  }
  return operation.type === 'ensure_segment' && status !== 401
    ? judgeSegment(operation, failure)
    : judgeRefusal(operation, failure);
}

/** The tag is what makes the membership; a segment that is there already, or cannot be, costs no event (spec D5a). */
function judgeSegment(operation: Operation, { status, reasons }: Failure): Verdict {
  if (status === 409) return { kind: 'accepted', body: undefined };
  const hint = '; the tag is set, create the segment in OneSignal by hand';
  const error = errorOf(operation, 'segment_not_created', `was refused with ${status}`, { status, reasons, hint });
  return { kind: 'warned', error };
}

/** The refusals that mean something of their own for an operation, then the rest. */
function judgeRefusal(operation: Operation, failure: Failure): Verdict {
  const { status, reasons, mentions, isOneSignal, retryAfterMs } = failure;
  const what = `was refused with ${status}`;
  const detail = { status, reasons };

  if (status === 403 && mentions(/not available .*\bplan\b/i))
    return { kind: 'refused', error: errorOf(operation, 'plan_refused', what, detail) };
  if (status === 401 || status === 403) {
    const hint = '; check apiKey and appId (OneSignal dashboard, Settings > Keys & IDs)';
    const error = errorOf(operation, 'unauthorized', what, { ...detail, hint });
    return { kind: 'unauthorized', error, retryAfterMs: Math.max(retryAfterMs ?? 0, minUnauthorizedRetryMs) };
  }
  if (status === 404 || status === 410) {
    if (!isOneSignal) {
      const other = `was answered ${status} by something that is not OneSignal: check baseUrl`;
      return retryable(errorOf(operation, 'unexpected_response', other, detail), retryAfterMs);
    }
    if (operation.type === 'delete_user') return { kind: 'accepted', body: undefined };
    if (operation.type !== 'send_custom_events') return { kind: 'user_missing' };
  }
  if (status === 409 && operation.type === 'update_user' && mentions(/entitlements-tag-limit|\btags\b.*\blimit/i))
    return { kind: 'tag_cap' };
  if (status === 409 && operation.type === 'add_subscription')
    return { kind: 'warned', error: errorOf(operation, 'subscription_limit', what, detail) };
  if (status === 409 && operation.type === 'add_alias') {
    const hint = '; the alias belongs to another user: delete it there or choose another label';
    return { kind: 'refused', error: errorOf(operation, 'conflict', what, { ...detail, hint }) };
  }
  return {
    kind: 'refused',
    error: errorOf(operation, status === 409 ? 'conflict' : 'invalid_request', what, detail),
  };
}

function judgeRejection(operation: Operation, thrown: unknown): Verdict {
  const cause = plainCause(thrown, privateTexts(operation));
  const status = statusOf(Reflect.get(Object(thrown), 'response'));
  if (status === undefined) return retryable(errorOf(operation, 'network', 'got no answer', { cause }));
  const what = `got no answer from the transport, which rejected although OneSignal answered ${status}: let it return { status, headers, body } for every status (axios: validateStatus: () => true)`;
  return retryable(errorOf(operation, 'unexpected_response', what, { status, cause }));
}

/** A transport is the user's code: what it returns may be anything. */
function statusOf(response: unknown): number | undefined {
  const status: unknown = Reflect.get(Object(response), 'status');
  return typeof status === 'number' && Number.isInteger(status) ? status : undefined;
}
