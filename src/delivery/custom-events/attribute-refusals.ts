import type { DeliveryError } from '../../errors.js';
import type { SendCustomEvents } from '../../onesignal/operation.js';
import { createRedactor } from '../../redact/redactor.js';
import type { EventRefusal } from '../judging/event-errors.js';
import { privateTexts } from '../judging/private-texts.js';
import { readReasons } from '../judging/reasons.js';
import { errorOf } from '../judging/verdict.js';
import type { PendingInput } from '../pending-input.js';

/** The custom events of one input, queued or under way. */
export interface QueuedEvents {
  readonly operation: SendCustomEvents;
  readonly input: PendingInput;
}

/** What one request holds. */
export type Batch = readonly QueuedEvents[];

/** The events that a refusal may be about, and whether that is certain. @internal */
export function attribute(refusal: EventRefusal, batch: Batch): { concerned: Batch; isClear: boolean } {
  if (!refusal.isAboutEvent) return { concerned: [], isClear: false };
  // With a single event in the batch, the error must be about that event.
  const named = batch.length === 1 ? batch : batch.filter(({ operation }) => operation.events.some(refusal.concerns));
  const concerned = named.length === 0 ? batch : named;
  // OneSignal takes no event of an unknown user. Of other refusals it does not say which of several events is meant.
  return { concerned, isClear: concerned.length === 1 || (refusal.isUnknownUser && named.length > 0) };
}

/** @internal */
export function refusedEvent({ operation }: QueuedEvents, body: object): DeliveryError {
  const detail = { status: 202, reasons: reasonsOf(operation, body) };
  return errorOf(operation, 'invalid_request', 'was accepted except for this event', detail);
}

/** @internal */
export function unattributed({ operation }: QueuedEvents, body: object): DeliveryError {
  const detail = { status: 202, reasons: reasonsOf(operation, body) };
  return errorOf(operation, 'invalid_request', 'was accepted with an error that names no event', detail);
}

function reasonsOf(operation: SendCustomEvents, body: object): string[] {
  const { redact } = createRedactor(privateTexts([operation]));
  return readReasons(body)
    .map(redact)
    .filter((reason) => reason !== '');
}
