import type { Operation } from '../operation.js';
import type { Plan } from '../plan.js';
import { userKey, userOfCustomEvent } from '../user-key.js';

/** The effective times of the plans of one user so far. */
interface UserTimes {
  /** That of the nearest plan that has one. */
  nearest: string;
  latest: string;
}

/** Comes before every time. */
const unknown = '';

/**
 * Indexes of plans in the order of their time (D2). Plans of the same time keep their order.
 *
 * A plan without a time takes that of the nearest earlier plan of the same user that has one. If there is none, the
 * plan stays in front of its user's later ones. A deletion stays behind every earlier plan of its user, whatever its
 * time. The user of a plan is the one whom its first operation about a user names.
 *
 * @internal
 */
export function byTime(plans: readonly Pick<Plan, 'at' | 'operations'>[]): number[] {
  const times = plans.every(hasOwnTime) ? plans.map(({ at = unknown }) => at) : effectiveTimes(plans);
  // All times have the same form, so comparing the strings compares the times.
  return times
    .map((time, index) => ({ time, index }))
    .sort((a, b) => compare(a.time, b.time))
    .map(({ index }) => index);
}

/**
 * Indexes in ascending order without repeats. Plans are merged in the order of their time, but reported by their place.
 *
 * @internal
 */
export function ascending(inputs: Iterable<number>): number[] {
  return [...new Set(inputs)].sort((a, b) => a - b);
}

/** Most calls have nothing but such plans, and their users need not be known. */
function hasOwnTime({ at, operations }: Pick<Plan, 'at' | 'operations'>): boolean {
  return at !== undefined && !hasDeletion(operations);
}

function effectiveTimes(plans: readonly Pick<Plan, 'at' | 'operations'>[]): string[] {
  const users = new Map<string, UserTimes>();
  return plans.map(({ at, operations }) => {
    const user = userOf(operations);
    if (user === undefined) return at ?? unknown;
    const earlier = users.get(user) ?? { nearest: unknown, latest: unknown };
    const own = at ?? earlier.nearest;
    const time = hasDeletion(operations) && own < earlier.latest ? earlier.latest : own;
    users.set(user, { nearest: time, latest: time < earlier.latest ? earlier.latest : time });
    return time;
  });
}

function hasDeletion(operations: readonly Operation[]): boolean {
  return operations.some(({ type }) => type === 'delete_user');
}

function userOf(operations: readonly Operation[]): string | undefined {
  for (const operation of operations) {
    if ('user' in operation) return userKey(operation.user);
    const [event] = operation.type === 'send_custom_events' ? operation.events : [];
    if (event !== undefined) return userKey(userOfCustomEvent(event));
  }
  return undefined;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
