import { isFunction, refuse } from './option-rules.js';

/**
 * Checks that an integration was given a destination, or an object that stands for one.
 *
 * @throws {@link ConfigurationError} if it has no method `deliver`.
 * @internal
 */
export function checkDeliverer(destination: unknown): void {
  if (isFunction(Object(destination).deliver)) return;
  const message = '"destination" must have a method deliver(events). Create it with createDestination.';
  refuse('invalid', 'destination', message);
}
