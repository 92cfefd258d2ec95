import { DeliveryError, type OperationType } from '../../errors.js';
import { createRedactor } from '../../redact/redactor.js';
import { privateTexts } from '../judging/private-texts.js';
import type { PendingInput } from '../pending-input.js';
import { SharedWork, unlessCancelled } from '../shared-work.js';

/** How errors name the order store. */
export const orderStore = { name: 'order store', operation: 'update_user' } as const;

/**
 * Asks a store from the options, without waiting if it answers at once. If the store fails, the inputs are deferred:
 * nothing is written that might be wrong.
 *
 * @internal
 */
export function withStore<Value>(
  { name, operation }: { name: string; operation: OperationType },
  inputs: readonly PendingInput[],
  ask: () => Value | Promise<Value>,
  use: (value: Value) => unknown = () => {},
): void | Promise<void> {
  const failed = (thrown: unknown): void => {
    const message = `${operation} was not sent because the ${name} failed (see "cause").`;
    const cause = createRedactor(privateTexts(inputs.flatMap(({ writes }) => writes))).plainCause(thrown);
    const error = new DeliveryError('unavailable', message, { operation, cause });
    for (const input of inputs) input.defer(error);
  };
  try {
    const answer = ask();
    if (!isPromise(answer)) {
      use(answer);
      return;
    }
    const work = new SharedWork(inputs);
    // Used even if nobody waits for it any longer: a redelivery needs to know what was recorded.
    return unlessCancelled(Promise.resolve(answer).then(use), work)
      .catch(failed)
      .then(() => work.finish());
  } catch (thrown) {
    failed(thrown);
  }
}

/** Recognized by `then`, not by class: a store's client may bring its own promises. */
function isPromise<Value>(answer: Value | Promise<Value>): answer is Promise<Value> {
  return typeof answer === 'object' && answer !== null && 'then' in answer;
}
