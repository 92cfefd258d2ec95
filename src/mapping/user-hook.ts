import { EventError } from '../errors.js';

/** A function in the mapping options, and its expected return value. */
export interface UserHook<Answer> {
  name: string;
  /** The expected return value, in words. */
  expected: string;
  isExpected: (answer: unknown) => answer is Answer;
}

/**
 * Thrown by `callHook` if the hook throws. The thrown value may contain parts of the event, so it must not end up in a
 * plan.
 */
export class HookThrew {
  readonly hook: string;
  readonly thrown: unknown;

  constructor(hook: string, thrown: unknown) {
    this.hook = hook;
    this.thrown = thrown;
  }
}

/**
 * Calls a function in the mapping options.
 *
 * Throws if the function throws or returns anything unexpected, because guessing would send wrong tags. The plan fails
 * with `hook_failed`.
 */
export function callHook<Answer>({ name, expected, isExpected }: UserHook<Answer>, call: () => unknown): Answer {
  let answer: unknown;
  try {
    answer = call();
    if (isExpected(answer)) return answer;
  } catch (thrown) {
    throw new HookThrew(name, thrown);
  }
  throw new EventError(
    'hook_failed',
    `The "${name}" hook must return ${expected}. It returned a value of type ${typeof answer}.`,
  );
}
