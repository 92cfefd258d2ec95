import { EventError } from '../../errors.js';
import { isRecord } from '../../record.js';
import { plainCause, textsIn } from '../../redact.js';
import type { SegmentEvent } from '../../segment/event.js';
import type { KeyOptions, TagChange, TagValue } from '../options.js';
import { isTagValue } from './tag-value.js';

/**
 * Option `tag`: what the user's own rule changes in a tag; `null` drops it.
 *
 * @see {@link https://documentation.onesignal.com/docs/add-user-data-tags | OneSignal: Tags}
 */
export function applyHook(
  hook: NonNullable<KeyOptions['tag']>,
  key: string,
  value: TagValue,
  event: SegmentEvent,
): TagChange | null {
  const rule = { name: 'tag', expected: 'null, or an object with key or value', isExpected: isChange, event };
  return callHook(rule, () => hook(key, value, event));
}

/** A hook of the user's, the event that it is called for, and what it must answer. */
export interface HookCall<Answer> {
  name: string;
  /** In words. */
  expected: string;
  isExpected: (answer: unknown) => answer is Answer;
  event: SegmentEvent;
}

/**
 * Calls a hook of the user's. Throws an `EventError` `hook_failed`, from which the failed plan is made, where it throws or
 * answers with something else than it must: guessing what it meant would send wrong tags.
 *
 * @see {@link https://documentation.onesignal.com/docs/add-user-data-tags | OneSignal: Tags}
 */
export function callHook<Answer>({ name, expected, isExpected, event }: HookCall<Answer>, call: () => unknown): Answer {
  let answer: unknown;
  try {
    answer = call();
  } catch (thrown) {
    throw new EventError('hook_failed', `the hook ${name} threw: make it pure`, [], plainCause(thrown, textsIn(event)));
  }
  if (isExpected(answer)) return answer;
  throw new EventError('hook_failed', `the hook ${name} must return ${expected}, not ${typeof answer}`);
}

function isChange(answer: unknown): answer is TagChange | null {
  if (answer === null) return true;
  // An async hook answers with a promise, which would pass for a change of nothing.
  if (!isRecord(answer) || 'then' in answer) return false;
  const { key = '', value = null } = answer;
  return typeof key === 'string' && isTagValue(value);
}
