import type { Clock } from '../clock.js';
import { DeliveryError } from '../errors.js';
import type { EnsureSegment } from '../onesignal/operation.js';
import { segmentId, toRequest, viewSegmentRequest } from '../onesignal/request.js';
import { recordOf } from '../record.js';
import { createExpiringMap } from './expiring-map.js';
import type { Verdict } from './judging/verdict.js';
import { type PendingInput, stillWanted } from './pending-input.js';
import type { Sender } from './sending/sender.js';
import { SharedWork } from './shared-work.js';

const ensuredMs = 60 * 60 * 1000;
const warnedMs = 10 * 60 * 1000;
const maxRemembered = 1_000;

/** Ensures segments, each at most once an hour. */
export interface Segments {
  /** Ensures the segment of an input whose tags were accepted, then finishes one piece of the input's work. */
  ensure(operation: EnsureSegment, input: PendingInput): void;
}

/** The result of ensuring a segment. */
interface Ensured {
  /** Whether the segment is there. */
  readonly isApplied: boolean;
  readonly warning?: DeliveryError;
}

interface Ensuring {
  readonly work: SharedWork;
  readonly inputs: PendingInput[];
}

/**
 * Remembers segments that exist and those that OneSignal refused. Inputs that ensure one segment at the same time share
 * a request.
 *
 * @see {@link https://documentation.onesignal.com/reference/create-segments | OneSignal: Create segment}
 * @internal
 */
export function createSegments(sender: Sender, appId: string, clock: Clock): Segments {
  const remembered = createExpiringMap<Ensured>(maxRemembered, clock);
  const underWay = new Map<string, Ensuring>();

  const send = async (key: string, operation: EnsureSegment, ensuring: Ensuring): Promise<void> => {
    const { work, inputs } = ensuring;
    const request = toRequest(operation, appId);
    const next = () => (stillWanted(inputs).length === 0 ? undefined : { operations: [operation] as const, request });
    const sent = await sender.send({ next }, work);
    const ensured = await ensuredBy(sent, operation, work);
    // After a cancellation another request for the segment may have replaced this one.
    if (underWay.get(key) === ensuring) underWay.delete(key);
    work.finish();
    if (ensured !== undefined) remembered.set(key, ensured, ensured.warning === undefined ? ensuredMs : warnedMs);
    for (const input of inputs) {
      if (ensured !== undefined) report(input, ensured);
      else defer(input, sent);
      input.finish();
    }
  };

  const ensuredBy = async (
    verdict: Verdict,
    operation: EnsureSegment,
    work: SharedWork,
  ): Promise<Ensured | undefined> => {
    if (verdict.kind === 'warned') return { isApplied: false, warning: verdict.error };
    if (verdict.kind !== 'accepted') return undefined;
    const warning = isExisting(verdict.body) ? await inspect(operation, work) : undefined;
    return warning === undefined ? { isApplied: true } : { isApplied: true, warning };
  };

  /** The segment existed before, so its name or state may differ from what the event asks for. */
  const inspect = async (operation: EnsureSegment, work: SharedWork): Promise<DeliveryError | undefined> => {
    const request = viewSegmentRequest(segmentId(operation.filters, appId), appId);
    const viewed = await sender.send(
      { next: () => ({ operations: [operation], request }), view: 'view_segment' },
      work,
    );
    return viewed.kind === 'accepted' ? warningOf(operation, recordOf(viewed.body)) : undefined;
  };

  return {
    ensure(operation, input) {
      const key = JSON.stringify(operation.filters);
      const known = remembered.get(key);
      if (known !== undefined) {
        report(input, known);
        input.finish();
        return;
      }
      const shared = underWay.get(key);
      if (shared !== undefined && !shared.work.isCancelled) {
        shared.work.join(input);
        shared.inputs.push(input);
        return;
      }
      const started = { work: new SharedWork([input]), inputs: [input] };
      underWay.set(key, started);
      void send(key, operation, started);
    },
  };
}

function isExisting(body: unknown): boolean {
  return recordOf(body).exists === true;
}

function warningOf({ name }: EnsureSegment, body: Readonly<Record<string, unknown>>): DeliveryError | undefined {
  const payload = recordOf(body.payload);
  const detail = { operation: 'ensure_segment' } as const;
  if (body.is_active === false || payload.is_active === false) {
    const message = 'The segment of the audience is paused in OneSignal. Messages to it fail until it is activated.';
    return new DeliveryError('segment_paused', message, detail);
  }
  if (typeof payload.name !== 'string' || payload.name === name) return undefined;
  const message = 'The segment of the audience has a different name in OneSignal and keeps it. Rename it there.';
  return new DeliveryError('segment_name_differs', message, detail);
}

function report(input: PendingInput, { isApplied, warning }: Ensured): void {
  if (isApplied) input.applied('ensure_segment');
  if (warning !== undefined) input.warn(warning);
}

/** A segment can turn a delivered input into a retryable one, and no other (D5b). */
function defer(input: PendingInput, verdict: Verdict): void {
  const isRetryable = verdict.kind === 'retryable' || verdict.kind === 'unauthorized';
  if (isRetryable && input.status === 'delivered') input.defer(verdict.error, verdict.retryAfterMs);
}
