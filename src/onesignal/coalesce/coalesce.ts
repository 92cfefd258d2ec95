import type { Operation } from '../operation.js';
import type { Coalesced, Plan } from '../plan.js';
import { userKey } from '../user-key.js';
import { byTime } from './by-time.js';
import { createCustomEventsMerge } from './merge-custom-events.js';
import { createRepeatMerge } from './merge-repeats.js';
import { createUserMerge, type UserMerge } from './merge-user.js';

/**
 * Merges the operations of several plans into as few requests as give the same result as sending them one by one in the order of their time.
 *
 * Sorts stably by `at` (a plan without one takes that of the nearest earlier plan that has one). The later value wins per tag; all tags of a user become one
 * operation (100 each, removals first); each segment is ensured once; custom events follow the tags, batched up to 1 MB. A deletion stays between what came
 * before and after it.
 *
 * @param plans - Plans of one app; those that were skipped bring nothing, those that failed what can be sent of them.
 * @returns The operations in the order in which to send them, each with the indexes of the plans that it serves, ascending.
 *
 * @see {@link https://documentation.onesignal.com/reference/rate-limits | OneSignal: Rate limits, one request a second per user}
 */
export function coalesce(plans: readonly Plan[]): Coalesced[] {
  /** What gives the operations when all were added, in the order in which to send them. */
  const merges: (() => readonly Coalesced[])[] = [];
  const users = new Map<string, UserMerge>();
  const customEvents = createCustomEventsMerge();
  const repeats = createRepeatMerge();

  const userOf = (key: string, create: () => UserMerge): UserMerge => {
    const known = users.get(key);
    if (known !== undefined) return known;
    const user = create();
    users.set(key, user);
    merges.push(user.operations);
    return user;
  };
  const flushCustomEvents = (): void => {
    const batches = customEvents.take();
    merges.push(() => batches);
  };
  const add = (operation: Operation, input: number): void => {
    switch (operation.type) {
      case 'update_user':
      case 'add_purchases':
        userOf(userKey(operation.user), () => createUserMerge(operation.user)).add(operation, input);
        return;
      case 'ensure_segment':
      case 'add_alias':
      case 'add_subscription': {
        const added = repeats.add(operation, input);
        if (added !== undefined) merges.push(added.operations);
        return;
      }
      case 'send_custom_events':
        customEvents.add(operation, input);
        return;
      case 'delete_user':
        // What was meant for the user before the deletion must not move behind it, nor what comes after it before.
        users.delete(userKey(operation.user));
        repeats.forgetUsers();
        flushCustomEvents();
        merges.push(() => [{ operation, inputs: [input] }]);
    }
  };

  for (const input of byTime(plans)) {
    for (const operation of operationsOf(plans[input])) add(operation, input);
  }
  flushCustomEvents();
  return merges.flatMap((operations) => operations());
}

/** What of a failed event can be sent is sent; a skipped one is left alone, whatever its plan says. */
function operationsOf(plan: Plan | undefined): readonly Operation[] {
  return plan === undefined || plan.status === 'skipped' ? [] : plan.operations;
}
