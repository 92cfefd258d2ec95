import type { Operation } from '../operation.js';
import type { Coalesced, Plan } from '../plan.js';
import { userKey } from '../user-key.js';
import { byTime } from './by-time.js';
import { createCustomEventsMerge } from './merge-custom-events.js';
import { createRepeatMerge } from './merge-repeats.js';
import { createUserMerge, type UserMerge } from './merge-user.js';

/**
 * Merges the operations of several plans into fewer operations, with the same result as sending them one by one in the
 * order of the plans' times.
 *
 * - A plan without a time inherits that of the nearest earlier plan of the same user that has one. If there is none, it
 *   stays ahead of its user's later plans.
 * - All tags of a user become one operation, or one per 100 tags with removals first. The latest value of a tag wins.
 * - Each segment is ensured once.
 * - Custom events come after the tags, in batches of up to 1 MB.
 * - A subscription that is added twice is added once, in its latest state. Email addresses are compared without regard
 *   to case.
 * - A deletion stays between the operations before it and those after it. It never moves ahead of a plan of its user
 *   that comes before it in the array, whatever the times.
 *
 * @param plans - Plans of one app. The operations of skipped plans are ignored.
 * @returns The operations in the order to send them, each with the indexes of the plans it was merged from, ascending.
 * @throws TypeError if the argument is not an array of plans.
 *
 * @example
 * ```ts
 * import { coalesce, mapEvent } from 'segment-onesignal';
 *
 * coalesce([
 *   mapEvent({ type: 'identify', userId: 'u1', traits: { plan: 'free', seats: 3 } }),
 *   mapEvent({ type: 'identify', userId: 'u1', traits: { plan: 'pro' } }),
 * ]);
 * // [{ operation: { type: 'update_user', user, tags: { plan: 'pro', seats: '3' } }, inputs: [0, 1] }]
 * ```
 *
 * @see {@link https://documentation.onesignal.com/reference/rate-limits | OneSignal: Rate limits}
 */
export function coalesce(plans: readonly Plan[]): Coalesced[] {
  if (!Array.isArray(plans) || !plans.every((plan) => Array.isArray(plan?.operations)))
    throw new TypeError('Expected an array of plans. Pass a single plan as [plan].');
  /** In the order to send their results. Called once all operations are added. */
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
        // Nothing for this user may move to the other side of the deletion.
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

/** The operations of a failed plan are the part of the event that can be sent. */
function operationsOf(plan: Plan | undefined): readonly Operation[] {
  return plan === undefined || plan.status === 'skipped' ? [] : plan.operations;
}
