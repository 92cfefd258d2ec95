import type { Clock } from '../../clock.js';
import type { Operation } from '../../onesignal/operation.js';
import type { OneSignalResponse } from '../../onesignal/transport.js';
import { createRedactor } from '../../redact/redactor.js';
import { privateTexts } from './private-texts.js';
import { readReasons } from './reasons.js';
import { readJson, readRetryAfter } from './response.js';

/** Longer words are not OneSignal's, and searching all of them could take seconds. */
const maxSearchedCharacters = 1_000;

/** The operations of one request; the first one decides what its answer means. */
export type Operations = readonly [Operation, ...Operation[]];

/** A response with a status of 300 or more. */
export interface Failure {
  status: number;
  /** OneSignal's own words, redacted. */
  reasons: string[];
  /** Whether OneSignal's words match, before ids and values were taken out. */
  mentions: (pattern: RegExp) => boolean;
  /** OneSignal answers in JSON or with an empty body; proxies and other hosts answer in HTML. */
  isOneSignal: boolean;
  retryAfterMs: number | undefined;
}

/** Reads what OneSignal says about a failure. @internal */
export function readFailure(
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
