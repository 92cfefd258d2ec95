import type { Plan } from './plan.js';

/**
 * The indexes of plans, sorted stably by `at`; a plan without one takes that of the nearest earlier plan that has one, and the first ones without any stay in front.
 *
 * `at` is ISO-8601 in UTC with milliseconds, whose order as text is that of time.
 *
 * @internal
 */
export function byTime(plans: readonly Pick<Plan, 'at'>[]): number[] {
  const times: string[] = [];
  let latest = '';
  let sorted = true;
  for (const { at } of plans) {
    const time = at ?? latest;
    if (time < (times.at(-1) ?? '')) sorted = false;
    times.push(time);
    latest = time;
  }
  const indexes = times.map((_, index) => index);
  if (sorted) return indexes;
  return indexes.sort((a, b) => compare(times[a] ?? '', times[b] ?? '') || a - b);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
