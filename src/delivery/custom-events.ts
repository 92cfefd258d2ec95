import type { DeliveryError } from '../errors.js';
import { coalesce } from '../onesignal/coalesce.js';
import type { SendCustomEvents } from '../onesignal/operation.js';
import { toRequest } from '../onesignal/request.js';
import { redact } from '../redact.js';
import { come, type Entry, finish, hold, isWanted } from './entry.js';
import { readEventRefusals } from './event-errors.js';
import { createFlight, land } from './flight.js';
import { missUser } from './missing-user.js';
import { privateTexts } from './private-texts.js';
import { readReasons } from './reasons.js';
import type { Sender } from './send.js';
import { errorOf } from './verdict.js';

/** Sends custom events of all users. */
export interface CustomEvents {
  /** Sends the events of an input; adds to its outcome and finishes one piece of its work. */
  send(operation: SendCustomEvents, entry: Entry): void;
}

/** One input's events on their way. */
interface Waiting {
  operation: SendCustomEvents;
  entry: Entry;
}

/**
 * One request of custom events is in flight at a time, and what arrives meanwhile goes into the next: they are batched up to 1 MB without a buffer to configure,
 * and a user's events keep their order.
 *
 * @see {@link https://documentation.onesignal.com/reference/create-custom-events | OneSignal: Create custom events}
 * @internal
 */
export function createCustomEvents(
  sender: Sender,
  appId: string,
  missingUser: 'skip' | 'create' | 'retry',
): CustomEvents {
  let queue: Waiting[] = [];
  let isRunning = false;

  const run = async (): Promise<void> => {
    isRunning = true;
    // What the host hands over in one go belongs into one request.
    await undefined;
    while (queue.length > 0) {
      const waiting = queue;
      queue = [];
      for (const { inputs } of merge(waiting)) {
        const batch = inputs.flatMap((input) => waiting[input] ?? []);
        await sendBatch(batch);
        for (const { entry } of batch) finish(entry);
      }
    }
    isRunning = false;
  };

  const sendBatch = async (batch: readonly Waiting[]): Promise<void> => {
    const wanted = batch.filter(({ entry }) => isWanted(entry));
    for (const { operation, inputs } of merge(wanted))
      await sendOne(
        operation,
        inputs.flatMap((input) => wanted[input] ?? []),
      );
  };

  const sendOne = async (operation: SendCustomEvents, batch: readonly Waiting[]): Promise<void> => {
    const flight = createFlight(batch.map(({ entry }) => entry));
    const verdict = await sender.send({ operation, request: toRequest(operation, appId) }, flight);
    land(flight);
    if (verdict.kind === 'accepted') await settle(batch, verdict.body);
    if (verdict.kind === 'refused') await refuse(batch, verdict.error);
    if (verdict.kind !== 'retryable' && verdict.kind !== 'unauthorized') return;
    for (const { entry } of batch) hold(entry, verdict.error, verdict.retryAfterMs);
  };

  /** The request was taken; single events of it may not have been. */
  const settle = async (batch: readonly Waiting[], body: unknown): Promise<void> => {
    const again = new Set<Waiting>();
    const refused = new Set<Waiting>();
    for (const refusal of readEventRefusals(body)) {
      const meant = batch.filter(({ operation }) => operation.events.some(refusal.concerns));
      // One event alone can only be meant itself, whatever the answer calls it.
      const concerned = batch.length === 1 || meant.length === 0 ? batch : meant;
      for (const waiting of concerned) {
        refused.add(waiting);
        if (refusal.isUnknownUser && meant.length > 0) unknown(waiting.entry);
        else if (concerned.length > 1) again.add(waiting);
        else fail(waiting, refusal.body);
      }
    }
    for (const waiting of batch) if (!refused.has(waiting)) waiting.entry.applied.add('send_custom_events');
    // It is not told which of them is meant: alone each finds out. Their idempotency keys keep the others from counting twice.
    for (const waiting of again) await sendBatch([waiting]);
  };

  /** Sent again in halves, down to each input alone: only what is refused alone fails (spec D1). */
  const refuse = async (batch: readonly Waiting[], error: DeliveryError): Promise<void> => {
    if (batch.length === 1) {
      for (const { entry } of batch) come(entry, { status: 'failed', error });
      return;
    }
    const middle = Math.ceil(batch.length / 2);
    for (const half of [batch.slice(0, middle), batch.slice(middle)]) await sendBatch(half);
  };

  /** A user whose tags were just accepted exists, but may not be visible everywhere yet. */
  const unknown = (entry: Entry): void =>
    missUser(entry, 'send_custom_events', missingUser === 'retry' || entry.applied.has('update_user'));

  return {
    send(operation, entry) {
      queue.push({ operation, entry });
      if (!isRunning) void run();
    },
  };
}

function fail({ operation, entry }: Waiting, body: object): void {
  const secrets = privateTexts(operation);
  const reasons = readReasons(body).map((reason) => redact(reason, secrets));
  const error = errorOf(operation, 'invalid_request', 'was taken but for this event', { status: 202, reasons });
  come(entry, { status: 'failed', error });
}

/** In the order of time, as many a request as the limit of bytes allows. */
function merge(waiting: readonly Waiting[]): { operation: SendCustomEvents; inputs: number[] }[] {
  const plans = waiting.map(({ operation, entry }) => ({ ...entry.plan, operations: [operation] }));
  return coalesce(plans).flatMap(({ operation, inputs }) =>
    operation.type === 'send_custom_events' ? [{ operation, inputs }] : [],
  );
}
