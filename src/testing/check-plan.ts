import { recordOf } from '../record.js';

/**
 * Checks that the argument of a reader is a plan. JavaScript callers easily pass the event.
 *
 * @throws `TypeError` if it is not.
 * @internal
 */
export function checkPlan(plan: unknown): void {
  if (!Array.isArray(recordOf(plan).operations)) throw new TypeError('Expected a plan. Pass what mapEvent returns.');
}
