import type { DeliveryError } from '../errors.js';
import { coalesce } from '../onesignal/coalesce/coalesce.js';
import type { SendCustomEvents } from '../onesignal/operation.js';
import { toRequest } from '../onesignal/request.js';
import { redact } from '../redact.js';
import { holdInterrupted } from './interrupted.js';
import { readEventRefusals } from './judging/event-errors.js';
import { privateTexts } from './judging/private-texts.js';
import { readReasons } from './judging/reasons.js';
import { errorOf } from './judging/verdict.js';
import { missUser } from './missing-user.js';
import { come, type Entry, finish, hold, isWanted } from './pending-input.js';
import type { Sender } from './sending/sender.js';
import { createFlight, land } from './shared-work.js';

/** Sends custom events of all users. */
export interface CustomEvents {
  /** Sends the events of an input; adds to its outcome and finishes one piece of its work. */
  send(operation: SendCustomEvents, entry: Entry): void;
  /** When the events of a user that are here now are done with; `undefined` where there are none. */
  settled(userId: string): Promise<unknown> | undefined;
}

/** One input's events on their way. */
interface Waiting {
  operation: SendCustomEvents;
  entry: Entry;
  /** Nothing more is done for it. */
  isDone: Promise<void>;
  done: () => void;
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
  let underWay: readonly Waiting[] = [];
  let isRunning = false;

  const run = async (): Promise<void> => {
    isRunning = true;
    // What the host hands over in one go belongs into one request.
    await undefined;
    while (queue.length > 0) {
      const waiting = queue;
      underWay = waiting;
      queue = [];
      for (const { inputs } of merge(waiting)) {
        const batch = inputs.flatMap((input) => waiting[input] ?? []);
        try {
          await sendBatch(batch);
        } catch (thrown) {
          for (const { entry } of batch) holdInterrupted(entry, thrown);
        }
        for (const { entry, done } of batch) {
          done();
          finish(entry);
        }
      }
    }
    underWay = [];
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
      // One event alone can only be meant itself, whatever the answer calls it.
      const meant =
        batch.length === 1 ? batch : batch.filter(({ operation }) => operation.events.some(refusal.concerns));
      const concerned = meant.length === 0 ? batch : meant;
      // Of a user who is unknown no event can be taken; else it is not told which of several is meant.
      const isTold = concerned.length === 1 || (refusal.isUnknownUser && meant.length > 0);
      for (const waiting of concerned) {
        refused.add(waiting);
        if (!isTold) again.add(waiting);
        else if (refusal.isUnknownUser) unknown(waiting.entry);
        else fail(waiting, refusal.body);
      }
    }
    for (const waiting of batch) if (!refused.has(waiting)) waiting.entry.applied.add('send_custom_events');
    // Their idempotency keys keep those that were taken from counting twice.
    await sendInHalves([...again]);
  };

  /** Only what is refused alone fails (spec D1); what the plan does not have is refused in whatever company. */
  const refuse = async (batch: readonly Waiting[], error: DeliveryError): Promise<void> => {
    if (batch.length > 1 && error.code !== 'plan_refused') await sendInHalves(batch);
    else for (const { entry } of batch) come(entry, { status: 'failed', error });
  };

  const sendInHalves = async (batch: readonly Waiting[]): Promise<void> => {
    const middle = Math.ceil(batch.length / 2);
    for (const half of [batch.slice(0, middle), batch.slice(middle)]) await sendBatch(half);
  };

  /** A user whose tags were just accepted exists, but may not be visible everywhere yet. */
  const unknown = (entry: Entry): void =>
    missUser(entry, 'send_custom_events', missingUser === 'retry' || entry.applied.has('update_user'));

  return {
    send(operation, entry) {
      let done = (): void => {};
      const isDone = new Promise<void>((resolve) => {
        done = resolve;
      });
      queue.push({ operation, entry, isDone, done });
      if (!isRunning) void run();
    },
    settled(userId) {
      const own = [...underWay, ...queue].filter(({ operation }) =>
        operation.events.some(({ external_id }) => external_id === userId),
      );
      return own.length === 0 ? undefined : Promise.all(own.map(({ isDone }) => isDone));
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
