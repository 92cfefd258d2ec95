import type { DeliveryError } from '../errors.js';
import type { EnsureSegment } from '../onesignal/operation.js';
import { toRequest } from '../onesignal/request.js';
import { createExpiringMap } from './expiring-map.js';
import type { Verdict } from './judging/verdict.js';
import type { PendingInput } from './pending-input.js';
import type { Sender } from './sending/sender.js';
import { SharedWork } from './shared-work.js';

const ensuredMs = 60 * 60 * 1000;
const refusedMs = 10 * 60 * 1000;
const maxRemembered = 1_000;

/** Ensures segments, each at most once an hour. */
export interface Segments {
  /** Ensures the segment of an input whose tags were accepted, then finishes one piece of the input's work. */
  ensure(operation: EnsureSegment, input: PendingInput): void;
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
export function createSegments(sender: Sender, appId: string): Segments {
  const remembered = createExpiringMap<{ refused?: DeliveryError }>(maxRemembered);
  const underWay = new Map<string, Ensuring>();

  const send = async (key: string, operation: EnsureSegment, ensuring: Ensuring): Promise<void> => {
    const { work, inputs } = ensuring;
    const verdict = await sender.send({ operation, request: toRequest(operation, appId) }, work);
    // After a cancellation another request for the segment may have replaced this one.
    if (underWay.get(key) === ensuring) underWay.delete(key);
    work.finish();
    if (verdict.kind === 'accepted') remembered.set(key, {}, ensuredMs);
    if (verdict.kind === 'warned') remembered.set(key, { refused: verdict.error }, refusedMs);
    for (const input of inputs) report(input, verdict);
  };

  return {
    ensure(operation, input) {
      const key = JSON.stringify(operation.filters);
      const known = remembered.get(key);
      if (known !== undefined) {
        const { refused } = known;
        report(
          input,
          refused === undefined ? { kind: 'accepted', body: undefined } : { kind: 'warned', error: refused },
        );
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

/** A segment can only turn a delivered input into a retryable one, or add a warning (D5b). */
function report(input: PendingInput, verdict: Verdict): void {
  if (verdict.kind === 'accepted') input.applied('ensure_segment');
  if (verdict.kind === 'warned') input.warn(verdict.error);
  const isRetryable = verdict.kind === 'retryable' || verdict.kind === 'unauthorized';
  if (isRetryable && input.status === 'delivered') input.defer(verdict.error, verdict.retryAfterMs);
  input.finish();
}
