import { DeliveryError, type OperationType } from '../errors.js';
import { come, type Entry, hold } from './pending-input.js';

/** Fresh users are not visible for up to a minute; twice that is given (spec D4). */
const freshMs = 2 * 60 * 1000;
const freshRetryMs = 10_000;

/**
 * What becomes of an input whose user OneSignal does not know: skipped, as the official integration drops it, or back to the host while the user may be fresh.
 *
 * @internal
 */
export function missUser(entry: Entry, operation: OperationType, mayBeFresh: boolean): void {
  if (mayBeFresh && entry.atMs !== undefined && Date.now() - entry.atMs < freshMs) {
    const message = `${operation} found no such user; a fresh one may take a minute to be visible`;
    hold(entry, new DeliveryError('unavailable', message, { operation, status: 404 }), freshRetryMs);
    return;
  }
  entry.stopped = true;
  come(entry, { status: 'skipped', reason: 'user_not_found' });
}
