import type { Operation } from '../../onesignal/operation.js';
import type { Failure } from './failure.js';
import { errorOf, retryable, type Verdict } from './verdict.js';

/** A wrong key stays wrong until somebody replaces it, so asking sooner gains nothing. */
const minUnauthorizedRetryMs = 60_000;

/** Judges a response with a status of 300 or more (D5). @internal */
export function judgeFailure(operation: Operation, failure: Failure): Verdict {
  const { status, reasons, retryAfterMs, isOneSignal } = failure;
  const detail = { status, reasons };
  if (status < 400) {
    const what = `was redirected (${status})`;
    const hint = 'Check baseUrl.';
    return retryable(errorOf(operation, 'unexpected_response', what, { ...detail, hint }), retryAfterMs);
  }
  if (status === 408 || status === 429 || (status >= 500 && status !== 501)) {
    const code = status === 429 ? 'rate_limited' : status === 408 ? 'timeout' : 'unavailable';
    return retryable(errorOf(operation, code, `was answered with ${status}`, detail), retryAfterMs);
  }
  if (status === 407) {
    const what = 'was answered with 407 by a proxy that asks for credentials';
    const hint = 'Configure them where requests leave.';
    return retryable(errorOf(operation, 'unexpected_response', what, { ...detail, hint }), retryAfterMs);
  }
  if ([403, 404, 410].includes(status) && !isOneSignal && operation.type !== 'ensure_segment') {
    const what = `was answered with ${status} by a server that is not OneSignal`;
    const hint = 'Check baseUrl, and any firewalls in between.';
    return retryable(errorOf(operation, 'unexpected_response', what, { ...detail, hint }), retryAfterMs);
  }
  if (isKeyRefused(failure)) {
    const hint = 'Check apiKey and appId (OneSignal dashboard, Settings > Keys & IDs).';
    const error = errorOf(operation, 'unauthorized', `was refused with ${status}`, { ...detail, hint });
    return { kind: 'unauthorized', error, retryAfterMs: Math.max(retryAfterMs ?? 0, minUnauthorizedRetryMs) };
  }
  return operation.type === 'ensure_segment' ? judgeSegment(operation, failure) : judgeRefusal(operation, failure);
}

/** Only OneSignal's answer to the key: any other 403 is about its own request and must not stop the others. */
function isKeyRefused({ status, mentions }: Failure): boolean {
  return status === 401 || (status === 403 && mentions(/access denied/i));
}

/** The tag makes the membership, so a segment that exists already, or cannot be created, costs no event (D5a). */
function judgeSegment(operation: Operation, { status, reasons }: Failure): Verdict {
  if (status === 409) return { kind: 'accepted', status, body: { exists: true } };
  const hint = 'The tag is set: create the segment in OneSignal by hand.';
  const error = errorOf(operation, 'segment_not_created', `was refused with ${status}`, { status, reasons, hint });
  return { kind: 'warned', error };
}

function judgeRefusal(operation: Operation, failure: Failure): Verdict {
  const { status, reasons, mentions } = failure;
  const what = `was refused with ${status}`;
  const detail = { status, reasons };

  if (status === 403 && mentions(/not available .*\bplan\b/i))
    return { kind: 'refused', error: errorOf(operation, 'plan_refused', what, detail) };
  if ((status === 404 || status === 410) && operation.type !== 'send_custom_events') return { kind: 'user_missing' };
  if (status === 409) return judgeConflict(operation, failure);
  return { kind: 'refused', error: errorOf(operation, 'invalid_request', what, detail) };
}

function judgeConflict(operation: Operation, { status, reasons, mentions }: Failure): Verdict {
  const what = `was refused with ${status}`;
  const detail = { status, reasons };
  if (operation.type === 'update_user' && mentions(/entitlements-tag-limit|\btags\b.*\blimit/i))
    return { kind: 'tag_cap' };
  if (operation.type === 'add_subscription')
    return { kind: 'warned', error: errorOf(operation, 'subscription_limit', what, detail) };
  const hint = 'The alias belongs to another user: delete it there or choose another label.';
  return {
    kind: 'refused',
    error: errorOf(operation, 'conflict', what, operation.type === 'add_alias' ? { ...detail, hint } : detail),
  };
}
