/**
 * What is wrong with an option:
 *
 * - `missing`: a required option is absent or empty.
 * - `conflict`: the option cannot be combined with another one that you passed.
 * - `invalid`: the value has the wrong type or is out of range.
 * - `unknown_option`: there is no option of that name.
 *
 * A minor release may add codes: give a `switch` over them a `default`.
 */
export type ConfigurationErrorCode = 'missing' | 'conflict' | 'invalid' | 'unknown_option';

/**
 * Why a webhook signature was refused:
 *
 * - `missing`: the request has no `X-Signature` header.
 * - `malformed`: the header is not 40 hexadecimal digits.
 * - `mismatch`: the signature was made with another secret or for another body.
 *
 * A minor release may add codes: give a `switch` over them a `default`.
 */
export type SignatureErrorCode = 'missing' | 'malformed' | 'mismatch';

/**
 * Why an input cannot be mapped or sent:
 *
 * - `invalid_event`: the input is not a Segment event, or a part of it cannot be used; `issues` lists what is wrong.
 * - `missing_type`: the input has no `type`.
 * - `invalid_mapping`: the options given to a mapping function or to `eventToTrack` are invalid. The event is not at fault.
 * - `hook_failed`: a function in the mapping options threw, or returned an unexpected value.
 * - `event_too_large`: the custom event would exceed OneSignal's limit of 2,024 bytes, or the track Segment's of 32 kB.
 *
 * A minor release may add codes: give a `switch` over them a `default`.
 */
export type EventErrorCode = 'invalid_event' | 'missing_type' | 'invalid_mapping' | 'hook_failed' | 'event_too_large';

/**
 * Why OneSignal did not do what an event asked for.
 *
 * On `retryable` outcomes:
 *
 * - `unauthorized`: OneSignal refused the API key (401 or 403). Check `apiKey` and `appId`.
 * - `rate_limited`: OneSignal received too many requests (429).
 * - `unavailable`: OneSignal responded with a server error (5xx) or does not find a new user yet, or your store failed.
 * - `network`: the request got no response.
 * - `timeout`: no response arrived within `timeoutMs`, or OneSignal gave up waiting (408).
 * - `deadline`: the deadline of the `deliver` call passed before the event was done.
 * - `unexpected_response`: the response is not one of OneSignal's, such as a redirect or the error page of a proxy.
 *
 * On `failed` outcomes:
 *
 * - `invalid_request`: OneSignal refused the request for good; see `reasons`.
 * - `conflict`: OneSignal refused the request because of what it already has (409), such as an alias of another user.
 * - `plan_refused`: your OneSignal plan does not include the feature (403).
 *
 * Among the `warnings` of an outcome:
 *
 * - `segment_not_created`: OneSignal refused to create an audience's segment. The tag is still set.
 * - `membership_not_set`: the user has no room for the tag that makes them a member of the audience.
 * - `subscription_limit`: the user already has as many subscriptions as OneSignal allows.
 * - `segment_paused`: the audience's segment exists but is paused, so messages to it fail.
 * - `segment_name_differs`: the audience's segment exists under another name, and keeps it.
 * - `profile_refused`: OneSignal refused a profile field, such as a language it does not support. The tags were
 *   written.
 * - `purchase_not_remembered`: the purchase was counted, but `delivery.seen` failed to remember it.
 * - `no_known_users`: OneSignal knew none of the last 100 users, all within a minute. Check `appId`.
 * - `invalid_request`: OneSignal accepted custom events, but reported an error that names none of them.
 *
 * A minor release may add codes: give a `switch` over them a `default`.
 */
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
  | 'plan_refused'
  | 'segment_paused'
  | 'segment_name_differs'
  | 'profile_refused'
  | 'purchase_not_remembered'
  | 'no_known_users';

// Repeats the types of onesignal/operation.ts: this file imports nothing, so that every other file may import it.
/** The types of operations on OneSignal. A minor release may add types: give a `switch` over them a `default`. */
export type OperationType =
  | 'update_user'
  | 'ensure_segment'
  | 'send_custom_events'
  | 'add_subscription'
  | 'add_alias'
  | 'add_purchases'
  | 'delete_user';

/**
 * One problem with an input: `{ path: 'traits', expected: 'an object', received: 'string' }`. It never holds a value.
 */
export interface EventIssue {
  /** Path of the field, dotted from the root of the event; `''` is the event itself. */
  path: string;
  /** What the field must be, in words. */
  expected: string;
  /** Type of the value received, never the value itself. */
  received: string;
}

/**
 * A plain copy of an underlying error that is safe to log: the errors of HTTP clients hold the API key and the user's
 * id.
 */
export interface ErrorCause {
  /** Name of the original error, such as `TypeError`. */
  name: string;
  /** Code of the original error, such as `ECONNRESET`. */
  code?: string;
  /** Message of the original error without URLs, paths, keys, ids and values. */
  message: string;
}

/**
 * Thrown when an option is missing, invalid or unknown.
 *
 * Functions that create something check their options at once, so that a bad configuration fails at startup. Functions
 * that take options on each call, such as `deliver`, `readDeadLetters` and `sandbox.fail`, check them then. `checkRedis`
 * and the `run` of a fleet worker also throw it for a Redis that they cannot use.
 *
 * The message names the option and says what to do. It never holds a value.
 */
export class ConfigurationError extends Error {
  /** Always `ConfigurationError`. Use it in place of `instanceof` if two copies of the library may be loaded. */
  override readonly name = 'ConfigurationError';
  /** What is wrong with the option. */
  readonly code: ConfigurationErrorCode;
  /** Path of the option, such as `mapping.tagLimit`. */
  readonly option: string;

  /** @internal */
  constructor(code: ConfigurationErrorCode, option: string, message: string) {
    super(message);
    this.code = code;
    this.option = option;
  }
}

/**
 * Thrown when a webhook signature is missing or wrong. `verify` rejects with it; the webhook handler responds with 401.
 */
export class SignatureError extends Error {
  /** Always `SignatureError`. Use it in place of `instanceof` if two copies of the library may be loaded. */
  override readonly name = 'SignatureError';
  /** Why the signature was refused. */
  readonly code: SignatureErrorCode;

  /** @internal */
  constructor(code: SignatureErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Explains why an input cannot be mapped or sent. It is returned in plans and outcomes, never thrown.
 *
 * As JSON: `{ name, code, message, issues }`, and `cause` if there is one.
 */
export class EventError extends Error {
  /** Always `EventError`. Use it in place of `instanceof` if two copies of the library may be loaded. */
  override readonly name = 'EventError';
  /** Kind of the problem. */
  readonly code: EventErrorCode;
  /** Every problem found, each with its path. */
  readonly issues: EventIssue[];
  /** Plain copy of the underlying error, if there is one. It is safe to log. */
  declare readonly cause?: ErrorCause;

  /** @internal */
  constructor(code: EventErrorCode, message: string, issues: EventIssue[] = [], cause?: ErrorCause) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.issues = issues;
  }

  /** Returns the error as plain data for logs and queues, without the stack and without any value of the event. */
  toJSON(): object {
    return { name: this.name, code: this.code, message: this.message, issues: this.issues, ...causeOf(this) };
  }
}

/** Details of a {@link DeliveryError} besides its code and message. */
export interface DeliveryErrorDetail {
  /** Type of the operation that was attempted. */
  operation?: OperationType | undefined;
  /** HTTP status, if there was a response. */
  status?: number | undefined;
  /** Reasons that OneSignal gave, with ids and values redacted. */
  reasons?: string[] | undefined;
  /** Plain copy of the underlying error. */
  cause?: ErrorCause | undefined;
}

/**
 * Explains why OneSignal refused a request, or why there is no usable response. It is returned in outcomes, as `error`
 * or among `warnings`, never thrown.
 *
 * As JSON: `{ name, code, message, reasons }`, and `operation`, `status` and `cause` if they are known.
 */
export class DeliveryError extends Error {
  /** Always `DeliveryError`. Use it in place of `instanceof` if two copies of the library may be loaded. */
  override readonly name = 'DeliveryError';
  /** Kind of the problem. */
  readonly code: DeliveryErrorCode;
  /** Type of the operation that was attempted. */
  declare readonly operation?: OperationType;
  /** HTTP status, if there was a response. */
  declare readonly status?: number;
  /** Reasons that OneSignal gave, with ids and values redacted. */
  readonly reasons: string[];
  /** Plain copy of the underlying error, if there is one. It is safe to log. */
  declare readonly cause?: ErrorCause;

  /** @internal */
  constructor(code: DeliveryErrorCode, message: string, detail: DeliveryErrorDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.code = code;
    if (detail.operation !== undefined) this.operation = detail.operation;
    if (detail.status !== undefined) this.status = detail.status;
    this.reasons = detail.reasons ?? [];
  }

  /** Returns the error as plain data for logs and queues, without the stack. */
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
