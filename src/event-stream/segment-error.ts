import type { ErrorCause } from '../errors.js';

/**
 * Why Segment did not take a track:
 *
 * - `rate_limited`: Segment received too many requests (429).
 * - `unavailable`: Segment responded with a server error (5xx).
 * - `network`: the request got no response.
 * - `timeout`: no response arrived within `timeoutMs`, or Segment gave up waiting (408).
 * - `deadline`: Segment did not take the track within `deadlineMs` of the handler.
 * - `unauthorized`: Segment refused the write key (401 or 403).
 * - `invalid_request`: Segment refused the track for good (400 or 413).
 * - `event_too_large`: the track exceeds Segment's limit of 32 kB. It was not sent.
 * - `unexpected_response`: the response is not one of Segment's, such as a redirect.
 * - `client`: the client or function in `segment` failed.
 *
 * A minor release may add codes: give a `switch` over them a `default`.
 */
export type SegmentErrorCode =
  | 'rate_limited'
  | 'unavailable'
  | 'network'
  | 'timeout'
  | 'deadline'
  | 'unauthorized'
  | 'invalid_request'
  | 'event_too_large'
  | 'unexpected_response'
  | 'client';

/** Details of a {@link SegmentError} besides its code and message. */
export interface SegmentErrorDetail {
  /** HTTP status, if there was a response. */
  status?: number | undefined;
  /** Milliseconds that Segment asked to wait. */
  retryAfterMs?: number | undefined;
  /** Plain copy of the underlying error. */
  cause?: ErrorCause | undefined;
}

/**
 * Explains why Segment did not take a track. {@link createSegmentSender} rejects with it, and the handler passes it to
 * `onProblem`. It holds neither the write key nor a value of the event.
 */
export class SegmentError extends Error {
  /** Always `SegmentError`. Use it in place of `instanceof` if two copies of the library may be loaded. */
  override readonly name = 'SegmentError';
  /** Kind of the problem. */
  readonly code: SegmentErrorCode;
  /** Whether sending the same track again may help. The handler then answers 503, so that OneSignal does. */
  readonly isRetryable: boolean;
  /** HTTP status, if there was a response. */
  declare readonly status?: number;
  /** Milliseconds that Segment asked to wait. */
  declare readonly retryAfterMs?: number;
  /** Plain copy of the underlying error, if there is one. It is safe to log. */
  declare readonly cause?: ErrorCause;

  /** @internal */
  constructor(code: SegmentErrorCode, message: string, detail: SegmentErrorDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.code = code;
    this.isRetryable = code !== 'invalid_request' && code !== 'event_too_large';
    if (detail.status !== undefined) this.status = detail.status;
    if (detail.retryAfterMs !== undefined) this.retryAfterMs = detail.retryAfterMs;
  }

  /** Returns the error as plain data for logs, without the stack. */
  toJSON(): object {
    return {
      name: this.name,
      code: this.code,
      message: this.message,
      isRetryable: this.isRetryable,
      ...(this.status === undefined ? {} : { status: this.status }),
      ...(this.retryAfterMs === undefined ? {} : { retryAfterMs: this.retryAfterMs }),
      ...(this.cause === undefined ? {} : { cause: this.cause }),
    };
  }
}
