import type { Outcome } from '../delivery/outcome.js';
import { EventError } from '../errors.js';
import type { Deliverer, DeliverOptions } from '../pipeline.js';
import { isDeeperThan } from './depth.js';

/** Real events nest a handful of levels; who walks one by recursion (JSON.stringify, for a queue) must not run out of stack. */
const maxDepth = 100;

/**
 * One outcome per event; what nests too deeply fails here, by itself.
 *
 * Rejects as the destination does, and where it gives fewer outcomes than it got events.
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
    // Events without an outcome would be answered as delivered.
    if (done) throw new TypeError('the destination gave fewer outcomes than it got events');
    return value;
  });
}

function tooDeep(): Outcome {
  const error = new EventError('invalid_event', `the event nests deeper than ${maxDepth} levels`, [
    { path: '', expected: `at most ${maxDepth} levels of objects and arrays`, received: 'more' },
  ]);
  return { status: 'failed', error, applied: [], dropped: [], warnings: [] };
}
