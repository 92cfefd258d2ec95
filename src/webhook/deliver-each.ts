import type { Outcome } from '../delivery/outcome.js';
import { EventError } from '../errors.js';
import type { Deliverer, DeliverOptions } from '../pipeline.js';

/**
 * Real events nest a handful of levels. Code that walks them recursively (JSON.stringify, for a queue) must not
 * overflow the stack.
 */
const maxDepth = 100;

/**
 * Delivers the events of one request: one outcome per event, in the same order.
 *
 * An event that is nested too deeply fails here, without affecting the others. Rejects if the destination rejects, or
 * returns fewer outcomes than it was given events.
 *
 * @internal
 */
export async function deliverEach(
  events: readonly unknown[],
  destination: Deliverer,
  options: DeliverOptions,
): Promise<Outcome[]> {
  const isTooDeep = events.map((event) => isDeeperThan(maxDepth, event));
  const inputs = events.filter((_event, index) => !isTooDeep[index]);
  const delivered = inputs.length === 0 ? [] : await destination.deliver(inputs, options);
  const remaining = delivered[Symbol.iterator]();
  return isTooDeep.map((deep): Outcome => {
    if (deep) return tooDeep();
    const { value, done } = remaining.next();
    // An event without an outcome would be answered as delivered.
    if (done) throw new TypeError('The destination returned fewer outcomes than it was given events.');
    return value;
  });
}

/** Looks no deeper than `levels`, so that no depth can overflow the stack. */
function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(levels - 1, inner));
}

function tooDeep(): Outcome {
  const error = new EventError('invalid_event', `The event is nested more than ${maxDepth} levels deep.`, [
    { path: '', expected: `at most ${maxDepth} levels of objects and arrays`, received: 'more' },
  ]);
  return { status: 'failed', error, applied: [], dropped: [], warnings: [] };
}
