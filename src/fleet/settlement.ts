import type { Outcome } from '../delivery/outcome.js';
import type { DeliveryError, EventError } from '../errors.js';

/** How a taken event is settled in Redis. */
export type Settlement =
  | { readonly kind: 'done'; readonly detail: '' }
  /** In this many milliseconds. */
  | { readonly kind: 'retry'; readonly detail: number }
  /** With the error as JSON. */
  | { readonly kind: 'dead'; readonly detail: string };

const minRetryMs = 1_000;
/** The longest wait if OneSignal named none. It is the event's age, so that it doubles each time. */
const maxUnaskedMs = 60_000;
/** The longest wait that OneSignal can ask for: an answer that asks for days is a mistake, and nothing ends a wait early. */
const maxAskedMs = 3_600_000;

/** @internal */
export function deadWith(error: DeliveryError | EventError): Settlement {
  return { kind: 'dead', detail: JSON.stringify(error) };
}

/** @internal */
export function settlementOf(outcome: Outcome, ageMs: number): Settlement {
  if (outcome.status === 'failed') return deadWith(outcome.error);
  if (outcome.status !== 'retryable') return { kind: 'done', detail: '' };
  const { retryAfterMs } = outcome;
  const waitMs = retryAfterMs === undefined ? Math.min(ageMs, maxUnaskedMs) : Math.min(retryAfterMs, maxAskedMs);
  return { kind: 'retry', detail: Math.ceil(Math.max(waitMs, minRetryMs)) };
}
