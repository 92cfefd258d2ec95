import { type Clock, systemClock } from '../../clock.js';
import type { Operation } from '../../onesignal/operation.js';
import { createRedactor } from '../../redact/redactor.js';
import { type Operations, readFailure } from './failure.js';
import { judgeFailure } from './judge-failure.js';
import { privateTexts } from './private-texts.js';
import { readJson } from './response.js';
import { type Answer, errorOf, retryable, type Verdict } from './verdict.js';

const returnResponse = 'Return { status, headers, body } from the transport.';

/**
 * Judges an answer; a response that cannot be read is retryable. A transport is the user's code, and what it returns
 * may have getters that throw.
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
 * Judges an answer (D5): the statuses of every transport get their meaning here.
 *
 * 2xx is accepted; no response, 3xx, 407, 408, 429 and 5xx except 501 are retryable; 401, and 403 for the key, are
 * unauthorized; every other 4xx is refused. The exceptions of single operations are in judge-failure.ts.
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

/** OneSignal answers with JSON or an empty body. A page of HTML comes from another server, such as a captive portal. */
function judgeSuccess(operation: Operation, status: number, body: unknown): Verdict {
  const read = readJson(body);
  if (read.kind !== 'other') return { kind: 'accepted', status, body: read.kind === 'json' ? read.value : undefined };
  const what = `was answered with ${status} by a server that is not OneSignal`;
  const hint = 'Check baseUrl and the network; a transport must return parsed JSON, JSON text or nothing as body.';
  return retryable(errorOf(operation, 'unexpected_response', what, { status, hint }));
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
