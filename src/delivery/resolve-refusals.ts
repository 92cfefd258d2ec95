import type { SendCustomEvents } from '../onesignal/operation.js';
import { toRequest } from '../onesignal/request.js';
import { redact } from '../redact.js';
import { conclude, halvesOf } from './conclude.js';
import { type EventRefusal, readEventRefusals } from './judging/event-errors.js';
import { privateTexts } from './judging/private-texts.js';
import { readReasons } from './judging/reasons.js';
import { errorOf } from './judging/verdict.js';
import { missUser, type PendingInput } from './pending-input.js';
import type { Sender } from './sending/sender.js';
import { SharedWork } from './shared-work.js';

/** The custom events of one input, queued or under way. */
export interface QueuedEvents {
  readonly operation: SendCustomEvents;
  readonly input: PendingInput;
}

type Batch = readonly QueuedEvents[];

/**
 * Sends a batch of custom events and finds out which of them OneSignal refused. A refusal that may be about several
 * events is narrowed down by sending halves; idempotency keys keep the accepted ones from counting twice.
 *
 * @internal
 */
export function createRefusalResolver(
  sender: Sender,
  appId: string,
  missingUser: 'skip' | 'create' | 'retry',
): (batch: Batch) => Promise<void> {
  const sendBatch = async (batch: Batch): Promise<void> => {
    const wanted = batch.filter(({ input }) => input.isWanted);
    if (wanted.length === 0) return;
    const operation: SendCustomEvents = {
      type: 'send_custom_events',
      events: wanted.flatMap(({ operation: { events } }) => events),
    };
    const work = new SharedWork(wanted.map(({ input }) => input));
    const verdict = await sender.send({ operation, request: toRequest(operation, appId) }, work);
    work.finish();
    if (verdict.kind === 'accepted') return settleAccepted(wanted, verdict.body);
    if (verdict.kind === 'cancelled' || verdict.kind === 'user_missing' || verdict.kind === 'tag_cap') return;
    // A plan without custom events refuses them in any company; otherwise only what is refused alone fails (D1).
    if (verdict.kind === 'refused' && wanted.length > 1 && verdict.error.code !== 'plan_refused')
      return sendInHalves(wanted);
    conclude(
      wanted.map(({ input }) => input),
      verdict,
    );
  };

  const sendInHalves = async (batch: Batch): Promise<void> => {
    for (const half of halvesOf(batch)) await sendBatch(half);
  };

  /** The request was accepted; single events of it may have been refused. */
  const settleAccepted = async (batch: Batch, body: unknown): Promise<void> => {
    const unclear = new Set<QueuedEvents>();
    const refused = new Set<QueuedEvents>();
    for (const refusal of readEventRefusals(body)) {
      const { concerned, isClear } = attribute(refusal, batch);
      for (const queued of concerned) {
        refused.add(queued);
        if (!isClear) unclear.add(queued);
        else if (refusal.isUnknownUser) missUser(queued.input, 'send_custom_events', missingUser);
        else failWith(queued, refusal.body);
      }
    }
    for (const queued of batch) if (!refused.has(queued)) queued.input.applied('send_custom_events');
    await sendInHalves([...unclear]);
  };

  return sendBatch;
}

/** Which events a refusal may be about, and whether that is certain. */
function attribute(refusal: EventRefusal, batch: Batch): { concerned: Batch; isClear: boolean } {
  // With a single event in the batch, the error must be about that event.
  const named = batch.length === 1 ? batch : batch.filter(({ operation }) => operation.events.some(refusal.concerns));
  const concerned = named.length === 0 ? batch : named;
  // All events of an unknown user are refused. For other refusals OneSignal does not say which event is meant.
  return { concerned, isClear: concerned.length === 1 || (refusal.isUnknownUser && named.length > 0) };
}

function failWith({ operation, input }: QueuedEvents, body: object): void {
  const secrets = privateTexts(operation);
  const reasons = readReasons(body).map((reason) => redact(reason, secrets));
  input.fail(errorOf(operation, 'invalid_request', 'was accepted except for this event', { status: 202, reasons }));
}
