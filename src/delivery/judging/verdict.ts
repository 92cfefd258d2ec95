import { DeliveryError, type DeliveryErrorCode, type DeliveryErrorDetail } from '../../errors.js';
import type { Operation } from '../../onesignal/operation.js';
import type { OneSignalResponse } from '../../onesignal/transport.js';

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

/** What an error knows of the answer, and what to add to its message. */
export interface VerdictDetail extends Pick<DeliveryErrorDetail, 'status' | 'reasons' | 'cause'> {
  hint?: string;
}

/**
 * The error of a verdict; its message is one line: what was tried, what came of it, OneSignal's reasons, what to do.
 *
 * @internal
 */
export function errorOf(
  operation: Operation,
  code: DeliveryErrorCode,
  what: string,
  { hint = '', ...detail }: VerdictDetail = {},
): DeliveryError {
  const { reasons = [] } = detail;
  const message = `${operation.type} ${what}${reasons.length === 0 ? '' : `: ${reasons.join('; ')}`}${hint}`;
  return new DeliveryError(code, message, { operation: operation.type, ...detail });
}

/**
 * Worth another try, not before `retryAfterMs` where the server asked for that.
 *
 * @internal
 */
export function retryable(error: DeliveryError, retryAfterMs?: number): Verdict {
  return retryAfterMs === undefined ? { kind: 'retryable', error } : { kind: 'retryable', error, retryAfterMs };
}
