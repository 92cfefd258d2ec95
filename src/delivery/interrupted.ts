import { DeliveryError } from '../errors.js';
import { plainCause, textsIn } from '../redact.js';
import { type Entry, hold } from './pending-input.js';

/**
 * Whatever goes wrong within this library must not take an input with it: it comes back as retryable.
 *
 * @internal
 */
export function holdInterrupted(entry: Entry, thrown: unknown): void {
  const message = 'the write was interrupted by an error of this library, see cause: please report it';
  const cause = plainCause(thrown, textsIn(entry.plan.operations));
  hold(entry, new DeliveryError('unavailable', message, { cause }));
}
