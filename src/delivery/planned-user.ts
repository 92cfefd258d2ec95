import type { Alias } from '../onesignal/operation.js';
import type { Plan } from '../onesignal/plan.js';
import { userKey, userOfCustomEvent } from '../onesignal/user-key.js';

/** The user whom a plan is about: all its operations are about one user. @internal */
export function userOf({ operations }: Plan): Alias | undefined {
  for (const operation of operations) {
    if (operation.type === 'send_custom_events') {
      const [event] = operation.events;
      return event === undefined ? undefined : userOfCustomEvent(event);
    }
    if (operation.type !== 'ensure_segment') return operation.user;
  }
  return undefined;
}

/** The key of the user whom a plan is about. @internal */
export function userKeyOf(plan: Plan): string | undefined {
  const user = userOf(plan);
  return user === undefined ? undefined : userKey(user);
}

/** Whether the event deletes its user. @internal */
export function isDeletion({ operations }: Plan): boolean {
  return operations.some(({ type }) => type === 'delete_user');
}
