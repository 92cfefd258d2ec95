import { EventError } from '../errors.js';
import { createRedactor } from '../redact/redactor.js';
import { textsIn } from '../redact/texts-in.js';
import type { SegmentEvent } from '../segment/event.js';

/** A function in the mapping options, and its expected return value. */
export interface UserHook<Answer> {
  name: string;
  /** The expected return value, in words. */
  expected: string;
  isExpected: (answer: unknown) => answer is Answer;
  /** The event it is called for. Nothing of it may appear in an error. */
  event: SegmentEvent;
}

/**
 * Calls a function in the mapping options.
 *
 * Throws an `EventError` `hook_failed` if the function throws or returns anything unexpected, because guessing would
 * send wrong tags. The plan fails with that error.
 */
export function callHook<Answer>({ name, expected, isExpected, event }: UserHook<Answer>, call: () => unknown): Answer {
  let answer: unknown;
  try {
    answer = call();
  } catch (thrown) {
    const ids = textsIn([event.userId, event.anonymousId]);
    const cause = createRedactor({ ids, values: textsIn(event) }).plainCause(thrown);
    throw new EventError('hook_failed', `The "${name}" hook threw an error (see "cause").`, [], cause);
  }
  if (isExpected(answer)) return answer;
  throw new EventError(
    'hook_failed',
    `The "${name}" hook must return ${expected}. It returned a value of type ${typeof answer}.`,
  );
}
