import { aliasTextForm, isAliasText } from '../onesignal/alias-text.js';
import { isUuid } from '../onesignal/is-uuid.js';
import type { Alias } from '../onesignal/operation.js';
import type { SkipReason } from '../onesignal/plan.js';
import { isRecord } from '../record.js';
import type { SegmentEvent } from '../segment/event.js';
import type { MappingOptions } from './options.js';
import type { EventUser } from './tag-options.js';
import { callHook } from './user-hook.js';
import { externalIdOf, isBlockedId } from './user-id.js';

/** The user whom an event is about, or why it is about none. */
export type UserRule = (event: SegmentEvent) => Alias | SkipReason;

const expected = `undefined or { label, id }, with a string or number as the id and a label ${aliasTextForm}`;

/** M1, M1a: the user is the event's `userId` under a label, or what the `user` function returns. */
export function userRuleOf(option: MappingOptions['user']): UserRule {
  if (typeof option !== 'function') {
    const { label } = option ?? { label: 'external_id' };
    return ({ userId }) => userUnder(label, userId);
  }
  return (event) => {
    const user = callHook({ name: 'user', expected, isExpected }, () => option(event));
    return user === undefined ? 'no_user_id' : userUnder(user.label, user.id);
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

/** A wrong label or type of id is a bug in the function. A missing or placeholder id is a problem of the data. */
function isExpected(answer: unknown): answer is EventUser | undefined {
  if (answer === undefined) return true;
  if (!isRecord(answer) || !('id' in answer)) return false;
  const { label, id } = answer;
  const isId = id === undefined || id === null || typeof id === 'string' || typeof id === 'number';
  return isId && typeof label === 'string' && isAliasText(label);
}
