import type { ErrorCause } from '../errors.js';
import { readField } from '../redact/read-foreign.js';
import { mark } from '../redact/redaction.js';
import { createRedactor } from '../redact/redactor.js';
import { textsIn } from '../redact/texts-in.js';
import type { SegmentEvent } from '../segment/event.js';

/** Copies the value that a hook threw, for the error of the plan. The copy contains no part of the event. */
export type CauseOf = (thrown: unknown, event: SegmentEvent) => ErrorCause;

/** Keeps the message without the ids and values of the event. */
export function redactedCause(thrown: unknown, event: SegmentEvent): ErrorCause {
  const ids = textsIn([event.userId, event.anonymousId]);
  return createRedactor({ ids, values: textsIn(event) }).plainCause(thrown);
}

const errorName = /^(Eval|Range|Reference|Syntax|Type|URI)Error$/;

/**
 * Keeps only the name. Code that finds ids and values in a message would double the size of a mapping function that is
 * imported on its own.
 */
export function namedCause(thrown: unknown): ErrorCause {
  const name = readField(Object(thrown), 'name');
  return { name: typeof name === 'string' && errorName.test(name) ? name : 'Error', message: mark };
}
