import { EventError } from '../errors.js';
import { isAliasText, isReservedLabel } from '../onesignal/alias-text.js';
import { isUuid } from '../onesignal/is-uuid.js';
import type { Alias } from '../onesignal/operation.js';
import type { SkipReason } from '../onesignal/plan.js';
import { isRecord } from '../record.js';
import type { SegmentEvent } from '../segment/event.js';
import type { EventUser, MappingOptions } from './options.js';
import { callHook } from './user-hook.js';
import { externalIdOf, isBlockedId } from './user-id.js';

/** The user whom an event is about, or why it is about none. */
export type UserRule = (event: SegmentEvent) => Alias | SkipReason;

/** M1, M1a: the user is the event's `userId` under a label, or what the `user` function returns. */
export function userRuleOf(option: MappingOptions['user']): UserRule {
  if (typeof option !== 'function') {
    const { label } = option ?? { label: 'external_id' };
    return ({ userId }) => userUnder(label, userId);
  }
  return (event) => {
    const hook = { name: 'user', expected: 'undefined or an object with "label" and "id"', isExpected, event };
    const user = callHook(hook, () => option(event));
    if (user === undefined) return 'no_user_id';
    checkParts(user);
    return userUnder(user.label, user.id);
  };
}

function userUnder(label: string, given: unknown): Alias | SkipReason {
  const id = externalIdOf(given);
  if (id === undefined) return 'no_user_id';
  return !isBlockedId(id) && isIdUnder(label, id) ? { label, id } : 'blocked_user_id';
}

function isIdUnder(label: string, id: string): boolean {
  if (label === 'external_id') return true;
  return label === 'onesignal_id' ? isUuid(id) : isAliasText(id);
}

function isExpected(answer: unknown): answer is EventUser | undefined {
  return answer === undefined || (isRecord(answer) && 'label' in answer && 'id' in answer);
}

/** A wrong label or type of id is a bug in the function. A missing or placeholder id is a problem of the data. */
function checkParts({ label, id }: Readonly<Record<'label' | 'id', unknown>>): void {
  if (typeof label !== 'string' || !(isReservedLabel(label) || isAliasText(label))) {
    const expected = "at most 128 characters long, without white space, '..' or any of /?#&=";
    throw new EventError('hook_failed', `The "user" hook returned an unusable label. It must be ${expected}.`);
  }
  if (id !== undefined && id !== null && typeof id !== 'string' && typeof id !== 'number') {
    const message = `The "user" hook returned an id of type ${typeof id}. It must be a string or a number.`;
    throw new EventError('hook_failed', message);
  }
}
