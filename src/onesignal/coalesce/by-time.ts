import type { Plan } from '../plan.js';

/**
 * The indexes of plans, sorted stably by `at`; a plan without one takes that of the nearest earlier plan that has one, and the first ones without any stay in front.
 *
 * `at` is ISO-8601 in UTC with milliseconds, whose order as text is that of time.
 *
 * @internal
 */
export function byTime(plans: readonly Pick<Plan, 'at'>[]): number[] {
  let latest = '';
  const timed = plans.map(({ at }, index) => {
    latest = at ?? latest;
    return { time: latest, index };
  });
  return timed.sort((a, b) => compare(a.time, b.time)).map(({ index }) => index);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
