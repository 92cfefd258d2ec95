import { DeliveryError, type OperationType } from '../../errors.js';
import { plainCause, textsIn } from '../../redact.js';
import { type Entry, hold } from '../pending-input.js';
import { createFlight, land, unlessCancelled } from '../shared-work.js';

/**
 * Asks a store of the user's, without waiting where it answers at once; a failing store holds the inputs back: nothing is written that might be wrong.
 *
 * @internal
 */
export function withStore<Value>(
  store: { name: string; operation: OperationType },
  entries: readonly Entry[],
  ask: () => Value | Promise<Value>,
  use: (value: Value) => unknown = () => {},
): void | Promise<void> {
  const { name, operation } = store;
  const failed = (thrown: unknown): void => {
    const message = `${operation} waits: the ${name} failed, see cause`;
    const cause = plainCause(thrown, textsIn(entries.map(({ writes }) => writes)));
    const error = new DeliveryError('unavailable', message, { operation, cause });
    for (const entry of entries) hold(entry, error);
  };
  try {
    const answer = ask();
    if (!isPromise(answer)) {
      use(answer);
      return;
    }
    const flight = createFlight(entries);
    return unlessCancelled(Promise.resolve(answer), flight)
      .then((done) => done !== undefined && use(done.value))
      .catch(failed)
      .then(() => land(flight));
  } catch (thrown) {
    failed(thrown);
  }
}

/** By what it does, not by its class: a store's client may bring a promise of its own. */
function isPromise<Value>(answer: Value | Promise<Value>): answer is Promise<Value> {
  return typeof answer === 'object' && answer !== null && 'then' in answer;
}
