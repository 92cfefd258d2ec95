import type { DeliveryError } from '../../errors.js';
import type { SendCustomEvents } from '../../onesignal/operation.js';
import { toRequest } from '../../onesignal/request.js';
import { conclude, halvesOf } from '../conclude.js';
import { readEventRefusals } from '../judging/event-errors.js';
import { missUser } from '../missing-user.js';
import { type PendingInput, stillWanted } from '../pending-input.js';
import type { Sender } from '../sending/sender.js';
import { SharedWork } from '../shared-work.js';
import type { UserMemory } from '../user/user-memory.js';
import { attribute, type Batch, type QueuedEvents, refusedEvent, unattributed } from './attribute-refusals.js';

export interface RefusalResolverOptions {
  sender: Sender;
  appId: string;
  missingUser: 'skip' | 'create' | 'retry';
  memory: UserMemory;
}

/** Number of events of a refused batch to try alone, to tell a few bad events from a refusal of everything. */
const probes = 4;
/** How many errors that name no event become warnings. Each one is a warning on every event of the request. */
const maxUnnamed = 10;

/**
 * Sends a batch of custom events and finds out which of them OneSignal refused. Idempotency keys keep events that were
 * accepted before from counting twice.
 *
 * @internal
 */
export function createRefusalResolver(options: RefusalResolverOptions): (batch: Batch) => Promise<void> {
  const { sender, appId, missingUser, memory } = options;

  /** Sends a batch; returns the error if OneSignal refused it as a whole. */
  const sendOnce = async (batch: Batch): Promise<DeliveryError | undefined> => {
    // Before the first attempt, a verdict (on a refused key) is about all of them.
    let sent = batch;
    const next = () => {
      const wanted = new Set(stillWanted(inputsOf(batch)));
      sent = batch.filter(({ input }) => wanted.has(input));
      if (sent.length === 0) return undefined;
      const operation: SendCustomEvents = {
        type: 'send_custom_events',
        events: sent.flatMap(({ operation: { events } }) => events),
      };
      return { operations: [operation] as const, request: toRequest(operation, appId) };
    };
    const work = new SharedWork(inputsOf(batch).filter(({ isWanted }) => isWanted));
    const verdict = await sender.send({ next }, work);
    work.finish();
    if (verdict.kind === 'refused') return verdict.error;
    if (verdict.kind === 'accepted') await settleAccepted(sent, verdict.body);
    else if (verdict.kind === 'retryable' || verdict.kind === 'unauthorized' || verdict.kind === 'warned')
      conclude(inputsOf(sent), verdict);
    return undefined;
  };

  const sendBatch = async (batch: Batch): Promise<void> => {
    const refused = await sendOnce(batch);
    if (refused !== undefined) await isolate(batch, refused);
  };

  /** Only an event that is refused on its own fails (D1). */
  const isolate = async (batch: Batch, refused: DeliveryError): Promise<void> => {
    // A plan without custom events refuses every one of them.
    if (batch.length === 1 || refused.code === 'plan_refused') {
      conclude(inputsOf(batch), { kind: 'refused', error: refused });
      return;
    }
    const halves = halvesOf(batch);
    const errors: (DeliveryError | undefined)[] = [];
    for (const half of halves) errors.push(await sendOnce(half));
    const areAlike = errors.every((error) => error !== undefined && isAlike(error, refused));
    const rest = areAlike && batch.length > 2 * probes ? await probe(batch, refused) : new Set(batch);
    for (const [index, half] of halves.entries()) {
      const error = errors[index];
      const left = half.filter((queued) => rest.has(queued));
      if (error === undefined || left.length === 0) continue;
      if (left.length === half.length) await isolate(half, error);
      else await sendBatch(left);
    }
  };

  /**
   * Both halves were refused for the same reason. If single events from different parts of the batch are too, no single
   * event is to blame, and the rest fails without being tried. Returns the events that are not settled yet.
   */
  const probe = async (batch: Batch, refused: DeliveryError): Promise<Set<QueuedEvents>> => {
    const left = new Set(batch);
    let isOther = false;
    for (let number = 0; number < probes; number++) {
      const queued = batch[Math.floor(((2 * number + 1) * batch.length) / (2 * probes))];
      if (queued === undefined) continue;
      const error = await sendOnce([queued]);
      left.delete(queued);
      if (error !== undefined) conclude([queued.input], { kind: 'refused', error });
      isOther ||= error === undefined || !isAlike(error, refused);
    }
    if (isOther) return left;
    conclude(inputsOf([...left]), { kind: 'refused', error: refused });
    return new Set();
  };

  /** The request was accepted; single events of it may have been refused. */
  const settleAccepted = async (batch: Batch, body: unknown): Promise<void> => {
    const unclear = new Set<QueuedEvents>();
    const refused = new Set<QueuedEvents>();
    let unnamed = 0;
    for (const refusal of readEventRefusals(body)) {
      const { concerned, isClear } = attribute(refusal, batch);
      for (const queued of concerned) {
        refused.add(queued);
        if (!isClear) unclear.add(queued);
        else if (refusal.isUnknownUser) {
          const isKnown = memory.isExpected(queued.input.userKey ?? '');
          missUser(queued.input, 'send_custom_events', { missingUser, isKnown });
        } else queued.input.fail(refusedEvent(queued, refusal.body));
      }
      // OneSignal reports an error but names no event, so there is no evidence that any event was lost.
      if (concerned.length === 0 && ++unnamed <= maxUnnamed)
        for (const queued of batch) queued.input.warn(unattributed(queued, refusal.body));
    }
    for (const queued of batch) if (!refused.has(queued)) queued.input.applied('send_custom_events');
    for (const half of halvesOf([...unclear])) await sendBatch(half);
  };

  return sendBatch;
}

function inputsOf(batch: Batch): PendingInput[] {
  return batch.map(({ input }) => input);
}

function isAlike(one: DeliveryError, other: DeliveryError): boolean {
  const wordsOf = ({ code, status, reasons }: DeliveryError): string => [code, status, reasons].join();
  return wordsOf(one) === wordsOf(other);
}
