import { DeliveryError, type OperationType } from '../errors.js';
import type { PendingInput } from './pending-input.js';

/** OneSignal may not show a new user for up to a minute; this allows twice that (D4). */
const freshMs = 2 * 60 * 1000;
const freshRetryMs = 10_000;

/** Whether a user that OneSignal does not know may exist all the same. */
export interface Freshness {
  missingUser: 'skip' | 'create' | 'retry';
  /** Whether this process saw OneSignal accept a write to the user a short while ago. */
  isKnown: boolean;
}

/**
 * Ends an input whose user OneSignal does not know: skipped, as Segment's own destination does, or retryable while the
 * user may be too new to be visible.
 *
 * @internal
 */
export function missUser(input: PendingInput, operation: OperationType, { missingUser, isKnown }: Freshness): void {
  const isYoung = input.atMs !== undefined && input.clock.now() - input.atMs < freshMs;
  if (isKnown || (missingUser === 'retry' && isYoung)) {
    const message = `${operation} found no such user. A new user can take a minute to become visible.`;
    input.defer(new DeliveryError('unavailable', message, { operation, status: 404 }), freshRetryMs);
  } else input.skip('user_not_found');
}
