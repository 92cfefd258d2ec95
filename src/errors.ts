/** Why an option was refused: it is `missing`, in `conflict` with another, `invalid` in itself, or an `unknown_option`. */
export type ConfigurationErrorCode = 'missing' | 'conflict' | 'invalid' | 'unknown_option';

/** Why a signature was refused: none came (`missing`), it is no 40 hex digits (`malformed`), or it is of another secret or body (`mismatch`). */
export type SignatureErrorCode = 'missing' | 'malformed' | 'mismatch';

/** Why an input cannot be mapped or sent. */
export type EventErrorCode = 'invalid_event' | 'missing_type' | 'hook_failed' | 'event_too_large';

/** Why OneSignal did not take a request, or what it left undone (the last four, which come as warnings too). */
export type DeliveryErrorCode =
  | 'unauthorized'
  | 'conflict'
  | 'invalid_request'
  | 'rate_limited'
  | 'unavailable'
  | 'network'
  | 'timeout'
  | 'deadline'
  | 'unexpected_response'
  | 'segment_not_created'
  | 'membership_not_set'
  | 'subscription_limit'
  | 'plan_refused';

/** The kinds of operations, named here too because errors stand below the room that defines them. */
export type OperationType =
  | 'update_user'
  | 'ensure_segment'
  | 'send_custom_events'
  | 'add_subscription'
  | 'add_alias'
  | 'add_purchases'
  | 'delete_user';

/** One thing wrong with an input, for example `{ path: 'traits', expected: 'object', received: 'string' }`; never the value itself. */
export interface EventIssue {
  /** Dotted from the event's root; `''` is the event itself. */
  path: string;
  /** What was expected there, in words. */
  expected: string;
  /** The type that came, never the value. */
  received: string;
}

/** A cause as plain data: HTTP clients' own errors hold the API key and the path, and both end up in logs. */
export interface ErrorCause {
  /** The original error's name, for example `TypeError`. */
  name: string;
  /** The original error's code, for example `ECONNRESET`. */
  code?: string;
  /** The original message without URLs, paths, keys, ids and values. */
  message: string;
}

/**
 * Options that cannot work. Thrown by factories only, so that it surfaces when the program starts.
 *
 * The message names the option and says what to do; it never holds a value.
 */
export class ConfigurationError extends Error {
  /** Always `ConfigurationError`; to tell errors apart where two copies of the library meet. */
  override readonly name = 'ConfigurationError';
  /** What is wrong with the option. */
  readonly code: ConfigurationErrorCode;
  /** The option's path, for example `mapping.tagLimit`. */
  readonly option: string;

  /** @internal */
  constructor(code: ConfigurationErrorCode, option: string, message: string) {
    super(message);
    this.code = code;
    this.option = option;
  }
}

/** A webhook's signature did not hold. `verify` rejects with it; the webhook handler answers 401. */
export class SignatureError extends Error {
  /** Always `SignatureError`; to tell errors apart where two copies of the library meet. */
  override readonly name = 'SignatureError';
  /** What is wrong with the signature. */
  readonly code: SignatureErrorCode;

  /** @internal */
  constructor(code: SignatureErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * An input that is not a usable event. Returned in plans and outcomes, never thrown.
 *
 * Shape as JSON: `{ name: 'EventError', code: 'invalid_event', message, issues: [{ path: 'traits', expected: 'object', received: 'string' }] }`.
 */
export class EventError extends Error {
  /** Always `EventError`; to tell errors apart where two copies of the library meet. */
  override readonly name = 'EventError';
  /** What kind of problem it is. */
  readonly code: EventErrorCode;
  /** Everything that is wrong, each with its path. */
  readonly issues: EventIssue[];

  /** @internal */
  constructor(code: EventErrorCode, message: string, issues: EventIssue[] = [], cause?: ErrorCause) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.issues = issues;
  }

  /** The error as plain data, for logs and queues; no stack, no value of the event. */
  toJSON(): object {
    return { name: this.name, code: this.code, message: this.message, issues: this.issues, ...causeOf(this) };
  }
}

/** What a {@link DeliveryError} knows beyond its code and message. */
export interface DeliveryErrorDetail {
  /** The operation that was tried. */
  operation?: OperationType | undefined;
  /** The HTTP status, if one came. */
  status?: number | undefined;
  /** OneSignal's own words, with ids redacted. */
  reasons?: string[] | undefined;
  /** A plain copy of the underlying error. */
  cause?: ErrorCause | undefined;
}

/**
 * OneSignal refused a request, or no answer came. Returned in outcomes (as `error` or among `warnings`), never thrown.
 *
 * Shape as JSON: `{ name: 'DeliveryError', code: 'rate_limited', message, operation: 'update_user', status: 429, reasons: ['API rate limit exceeded'] }`.
 */
export class DeliveryError extends Error {
  /** Always `DeliveryError`; to tell errors apart where two copies of the library meet. */
  override readonly name = 'DeliveryError';
  /** What kind of problem it is. */
  readonly code: DeliveryErrorCode;
  /** The operation that was tried. */
  declare readonly operation?: OperationType;
  /** The HTTP status, if an answer came. */
  declare readonly status?: number;
  /** OneSignal's own words, with ids redacted. */
  readonly reasons: string[];

  /** @internal */
  constructor(code: DeliveryErrorCode, message: string, detail: DeliveryErrorDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.code = code;
    if (detail.operation !== undefined) this.operation = detail.operation;
    if (detail.status !== undefined) this.status = detail.status;
    this.reasons = detail.reasons ?? [];
  }

  /** The error as plain data, for logs and queues; no stack. */
  toJSON(): object {
    return {
      name: this.name,
      code: this.code,
      message: this.message,
      ...(this.operation === undefined ? {} : { operation: this.operation }),
      ...(this.status === undefined ? {} : { status: this.status }),
      reasons: this.reasons,
      ...causeOf(this),
    };
  }
}

function causeOf(error: Error): { cause?: unknown } {
  return error.cause === undefined ? {} : { cause: error.cause };
}
