import { type Clock, systemClock } from '../../clock.js';
import type { Operation } from '../../onesignal/operation.js';
import type { OneSignalResponse } from '../../onesignal/transport.js';
import { createRedactor } from '../../redact.js';
import { privateTexts } from './private-texts.js';
import { readReasons } from './reasons.js';
import { readJson, readRetryAfter } from './response.js';
import { type Answer, errorOf, retryable, type Verdict } from './verdict.js';

/** A wrong key stays wrong until somebody replaces it, so asking sooner gains nothing. */
const minUnauthorizedRetryMs = 60_000;
/** Longer words are not OneSignal's, and searching all of them could take seconds. */
const maxSearchedCharacters = 1_000;
const returnResponse = 'Return { status, headers, body } from the transport.';

/** The operations of one request; the first one decides what its answer means. */
type Operations = readonly [Operation, ...Operation[]];

/**
 * Judges an answer; a response that cannot be read is retryable. A transport is the user's code, and what it returns may
 * have getters that throw.
 *
 * @internal
 */
export function judgeSafely(operations: Operations, answer: Answer, clock: Clock): Verdict {
  try {
    return judge(operations, answer, clock);
  } catch (thrown) {
    const cause = createRedactor(privateTexts(operations)).plainCause(thrown);
    const detail = { cause, hint: returnResponse };
    return retryable(errorOf(operations[0], 'unexpected_response', 'got a response that cannot be read', detail));
  }
}

/**
 * Judges an answer (D5). This is the only place that looks at a status.
 *
 * 2xx is accepted; no response, 408, 429 and 5xx except 501 are retryable; 401, and 403 for the key, are unauthorized;
 * every other 4xx is refused. The functions below hold the exceptions of single operations.
 *
 * @see {@link https://documentation.onesignal.com/reference/rate-limits | OneSignal: Rate limits, retry guidance}
 * @internal
 */
export function judge(operations: Operations, answer: Answer, clock: Clock = systemClock): Verdict {
  const [operation] = operations;
  if (answer.kind === 'cancelled') return answer;
  if (answer.kind === 'timeout')
    return retryable(errorOf(operation, 'timeout', `got no response within ${answer.timeoutMs} ms`));
  if (answer.kind === 'rejected') return judgeRejection(operations, answer.thrown);

  const status = statusOf(answer.response);
  if (status === undefined || status < 200) {
    const detail = { hint: returnResponse };
    return retryable(errorOf(operation, 'unexpected_response', 'got a value that is not an HTTP response', detail));
  }
  if (status < 300) return judgeSuccess(operation, status, answer.response.body);
  return judgeFailure(operation, readFailure(status, answer.response, operations, clock));
}

/** OneSignal answers with JSON or nothing. A page of HTML comes from elsewhere, a captive portal for example. */
function judgeSuccess(operation: Operation, status: number, body: unknown): Verdict {
  const read = readJson(body);
  if (read.kind !== 'other') return { kind: 'accepted', status, body: read.kind === 'json' ? read.value : undefined };
  const what = `was answered with ${status} by a server that is not OneSignal`;
  const hint = 'Check baseUrl and the network; a transport must return parsed JSON, JSON text or nothing as body.';
  return retryable(errorOf(operation, 'unexpected_response', what, { status, hint }));
}

/** A response with a status of 300 or more. */
interface Failure {
  status: number;
  /** OneSignal's own words, redacted. */
  reasons: string[];
  /** Whether OneSignal's words match, before ids and values were taken out. */
  mentions: (pattern: RegExp) => boolean;
  /** OneSignal answers in JSON or with an empty body; proxies and other hosts answer in HTML. */
  isOneSignal: boolean;
  retryAfterMs: number | undefined;
}

function readFailure(
  status: number,
  { headers, body }: OneSignalResponse,
  operations: Operations,
  clock: Clock,
): Failure {
  const read = readJson(body);
  const words = read.kind === 'json' ? readReasons(read.value) : [];
  return {
    status,
    reasons: redactAll(words, operations),
    mentions: (pattern) => words.some((reason) => pattern.test(reason.slice(0, maxSearchedCharacters))),
    isOneSignal: read.kind !== 'other',
    retryAfterMs: readRetryAfter(headers, clock),
  };
}

function redactAll(words: readonly string[], operations: Operations): string[] {
  if (words.length === 0) return [];
  const { redact } = createRedactor(privateTexts(operations));
  return words.map(redact).filter((reason) => reason !== '');
}

function judgeFailure(operation: Operation, failure: Failure): Verdict {
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
  if ([403, 404, 410].includes(status) && !isOneSignal && operation.type !== 'ensure_segment') {
    const what = `was answered with ${status} by a server that is not OneSignal`;
    const hint = 'Check baseUrl, and firewalls on the way.';
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

function judgeRejection(operations: Operations, thrown: unknown): Verdict {
  const [operation] = operations;
  const cause = createRedactor(privateTexts(operations)).plainCause(thrown);
  const status = statusOf(Reflect.get(Object(thrown), 'response'));
  if (status === undefined) return retryable(errorOf(operation, 'network', 'got no response', { cause }));
  const what = `got no response from the transport, which rejected although OneSignal answered with ${status}`;
  const hint = 'Resolve with { status, headers, body } for every status (axios: validateStatus: () => true).';
  return retryable(errorOf(operation, 'unexpected_response', what, { status, cause, hint }));
}

/** A transport is the user's code: what it returns may be anything. */
function statusOf(response: unknown): number | undefined {
  const status: unknown = Reflect.get(Object(response), 'status');
  return typeof status === 'number' && Number.isInteger(status) ? status : undefined;
}
