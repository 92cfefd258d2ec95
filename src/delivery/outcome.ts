import {
  DeliveryError,
  type DeliveryErrorCode,
  type DeliveryErrorDetail,
  type EventError,
  plainCause,
} from '../errors.js';
import type { Operation } from '../onesignal/operation.js';
import type { Drop, SkipReason } from '../onesignal/plan.js';
import type { OneSignalResponse } from '../onesignal/transport.js';
import { readReasons } from './reasons.js';
import { readJson, readRetryAfter } from './response.js';

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

/**
 * What one request came to, as far as its answer tells.
 *
 * @internal
 */
export type Verdict =
  | { kind: 'accepted'; body: unknown }
  | { kind: 'user_missing' }
  | { kind: 'tag_cap' }
  | { kind: 'warned'; error: DeliveryError }
  | { kind: 'refused'; error: DeliveryError }
  | { kind: 'retryable'; error: DeliveryError; retryAfterMs?: number }
  | { kind: 'unauthorized'; error: DeliveryError; retryAfterMs: number }
  | { kind: 'cancelled' };

/**
 * What came back from one attempt: an answer, or why there is none.
 *
 * @internal
 */
export type Answer =
  | { kind: 'response'; response: OneSignalResponse }
  | { kind: 'rejected'; thrown: unknown }
  | { kind: 'timeout'; timeoutMs: number }
  | { kind: 'cancelled' };

/** A wrong key stays wrong until somebody mends it: nothing is gained by asking sooner. */
const minUnauthorizedRetryMs = 60_000;

/**
 * Judges an answer. The only place where a status is looked at.
 *
 * 2xx accepted · none, 408, 429, 5xx but 501 retryable · 401 and 403 unauthorized · other 4xx refused; what differs for some operations stands in {@link judgeRefusal}.
 *
 * @see {@link https://documentation.onesignal.com/reference/rate-limits | OneSignal: Rate limits, retry guidance}
 * @internal
 */
export function judge(operation: Operation, answer: Answer): Verdict {
  if (answer.kind === 'cancelled') return answer;
  if (answer.kind === 'timeout') {
    return retryable(operation, 'timeout', `got no answer within ${answer.timeoutMs} ms`);
  }
  if (answer.kind === 'rejected') return judgeRejection(operation, answer.thrown);

  const { response } = answer;
  const status = statusOf(response);
  if (status === undefined || status < 200) {
    return retryable(
      operation,
      'unexpected_response',
      'got something that is no HTTP response: let the transport return { status, headers, body }',
    );
  }
  if (status < 300) return { kind: 'accepted', body: response.body };
  const body = readJson(response.body);
  const detail = { status, reasons: readReasons(body.kind === 'json' ? body.value : undefined, operation) };
  const asked = readRetryAfter(response.headers);

  if (status < 400) {
    return retryable(
      operation,
      'unexpected_response',
      `was answered by a redirect (${status}): check baseUrl`,
      detail,
      asked,
    );
  }
  if (status === 408 || status === 429 || (status >= 500 && status !== 501)) {
    const code = status === 429 ? 'rate_limited' : status === 408 ? 'timeout' : 'unavailable';
    return retryable(operation, code, `was answered ${status}`, detail, asked);
  }
  return judgeRefusal(operation, status, body, detail, asked);
}

type Detail = Pick<DeliveryErrorDetail, 'status' | 'reasons' | 'cause'>;

/** The refusals that mean something of their own for an operation, then the rest. */
function judgeRefusal(
  operation: Operation,
  status: number,
  body: ReturnType<typeof readJson>,
  detail: { status: number; reasons: string[] },
  asked: number | undefined,
): Verdict {
  const refused = (code: DeliveryErrorCode, hint = ''): DeliveryError =>
    new DeliveryError(code, sentence(operation, `was refused with ${status}`, detail.reasons, hint), {
      operation: operation.type,
      ...detail,
    });

  if (operation.type === 'ensure_segment') {
    if (status === 409) return { kind: 'accepted', body: undefined };
    if (status !== 401)
      return {
        kind: 'warned',
        error: refused('segment_not_created', '; the tag is set, create the segment in OneSignal by hand'),
      };
  }
  if (status === 403 && mentions(detail.reasons, /not available .*\bplan\b/i))
    return { kind: 'refused', error: refused('plan_refused') };
  if (status === 401 || status === 403) {
    const error = refused('unauthorized', '; check apiKey and appId (OneSignal dashboard, Settings > Keys & IDs)');
    return { kind: 'unauthorized', error, retryAfterMs: Math.max(asked ?? 0, minUnauthorizedRetryMs) };
  }
  if (status === 404 || status === 410) {
    if (body.kind === 'other') {
      return retryable(
        operation,
        'unexpected_response',
        `was answered ${status} by something that is not OneSignal: check baseUrl`,
        detail,
        asked,
      );
    }
    if (operation.type === 'delete_user') return { kind: 'accepted', body: undefined };
    if (operation.type !== 'send_custom_events') return { kind: 'user_missing' };
  }
  if (
    status === 409 &&
    operation.type === 'update_user' &&
    mentions(detail.reasons, /entitlements-tag-limit|\btags\b.*\blimit/i)
  ) {
    return { kind: 'tag_cap' };
  }
  if (status === 409 && operation.type === 'add_subscription')
    return { kind: 'warned', error: refused('subscription_limit') };
  if (status === 409 && operation.type === 'add_alias') {
    return {
      kind: 'refused',
      error: refused('conflict', '; the alias belongs to another user: delete it there or choose another label'),
    };
  }
  return { kind: 'refused', error: refused(status === 409 ? 'conflict' : 'invalid_request') };
}

function judgeRejection(operation: Operation, thrown: unknown): Verdict {
  const status = statusOf(
    Reflect.has(Object(thrown), 'response') ? Reflect.get(Object(thrown), 'response') : undefined,
  );
  if (status !== undefined) {
    const hint = `the transport rejected although OneSignal answered ${status}: let it return { status, headers, body } for every status (axios: validateStatus: () => true)`;
    return retryable(operation, 'unexpected_response', hint, { status, cause: plainCause(thrown) });
  }
  return retryable(operation, 'network', 'got no answer', { cause: plainCause(thrown) });
}

function retryable(
  operation: Operation,
  code: DeliveryErrorCode,
  what: string,
  detail: Detail = {},
  asked?: number,
): Verdict {
  const error = new DeliveryError(code, sentence(operation, what, detail.reasons), {
    operation: operation.type,
    ...detail,
  });
  return asked === undefined ? { kind: 'retryable', error } : { kind: 'retryable', error, retryAfterMs: asked };
}

function sentence(operation: Operation, what: string, reasons: readonly string[] = [], hint = ''): string {
  return `${operation.type} ${what}${reasons.length === 0 ? '' : `: ${reasons.join('; ')}`}${hint}`;
}

function mentions(reasons: readonly string[], pattern: RegExp): boolean {
  return reasons.some((reason) => pattern.test(reason));
}

/** A transport is the user's code: what it returns may be anything, and so may its getters. */
function statusOf(response: unknown): number | undefined {
  if (typeof response !== 'object' || response === null) return undefined;
  const status: unknown = Reflect.get(response, 'status');
  return typeof status === 'number' && Number.isInteger(status) ? status : undefined;
}
