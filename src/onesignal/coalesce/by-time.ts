import type { Plan } from '../plan.js';

/**
 * Indexes of plans in the order of their time (D2). Plans of the same time keep their order.
 *
 * A plan without a time takes that of the nearest earlier plan that has one. If there is none, the plan stays in front.
 *
 * @internal
 */
export function byTime(plans: readonly Pick<Plan, 'at'>[]): number[] {
  let latest = '';
  const timed = plans.map(({ at }, index) => {
    latest = at ?? latest;
    return { time: latest, index };
  });
  // All times have the same form, so comparing the strings compares the times.
  return timed.sort((a, b) => compare(a.time, b.time)).map(({ index }) => index);
}

/**
 * Indexes in ascending order without repeats. Plans are merged in the order of their time, but reported by their place.
 *
 * @internal
 */
export function ascending(inputs: Iterable<number>): number[] {
  return [...new Set(inputs)].sort((a, b) => a - b);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
