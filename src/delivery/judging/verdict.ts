import { DeliveryError, type DeliveryErrorCode, type DeliveryErrorDetail } from '../../errors.js';
import type { Operation } from '../../onesignal/operation.js';
import type { OneSignalResponse } from '../../onesignal/transport.js';

/** The result of one attempt: a response, or why there is none. */
export type Answer =
  | { kind: 'response'; response: OneSignalResponse }
  | { kind: 'rejected'; thrown: unknown }
  | { kind: 'timeout'; timeoutMs: number }
  | { kind: 'cancelled' };

/** The meaning of an answer for the operation that was sent. */
export type Verdict =
  | { kind: 'accepted'; status?: number; body: unknown }
  | { kind: 'user_missing' }
  | { kind: 'tag_cap' }
  | { kind: 'warned'; error: DeliveryError }
  | { kind: 'refused'; error: DeliveryError }
  | { kind: 'retryable'; error: DeliveryError; retryAfterMs?: number }
  | { kind: 'unauthorized'; error: DeliveryError; retryAfterMs: number }
  | { kind: 'cancelled' };

/** Details of an error besides its code: facts of the answer, and advice for its reader. */
export interface VerdictDetail extends Pick<DeliveryErrorDetail, 'status' | 'reasons' | 'cause'> {
  hint?: string;
}

/**
 * Builds an error whose message is one line: the operation, what happened, OneSignal's reasons, what to do.
 *
 * @internal
 */
export function errorOf(
  operation: Operation,
  code: DeliveryErrorCode,
  what: string,
  { hint, ...detail }: VerdictDetail = {},
): DeliveryError {
  const { reasons = [] } = detail;
  const facts = [`${operation.type} ${what}`, reasons.join('; ')].filter((fact) => fact !== '').join(': ');
  const message = hint === undefined ? facts : `${facts}. ${hint}`;
  return new DeliveryError(code, message, { operation: operation.type, ...detail });
}

/** Worth another attempt, not before `retryAfterMs` if the server asked for that. @internal */
export function retryable(error: DeliveryError, retryAfterMs?: number): Verdict {
  return retryAfterMs === undefined ? { kind: 'retryable', error } : { kind: 'retryable', error, retryAfterMs };
}
