/**
 * Handlers for a Segment Destination Function.
 *
 * `dist/segment-function.js` is this door as one file without imports, ready to be pasted into Segment; there is nothing else to deploy.
 *
 * @example
 * ```ts
 * import { createSegmentFunction } from 'segment-onesignal/function';
 *
 * const { onIdentify, onTrack } = createSegmentFunction({ mapping: { exclude: ['ssn'] } });
 * await onIdentify({ type: 'identify', userId: 'u1', traits: { plan: 'pro' } }, { appId: '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a', apiKey: 'os_v2_app_key' });
 * export { onIdentify, onTrack };
 * ```
 *
 * @module
 */
import type { Outcome } from '../delivery/outcome.js';
import { createDestinations, type FunctionOptions } from './destinations.js';
import { eventNotSupported, invalidEventPayload, retryError, validationError } from './segment-errors.js';
import type { SegmentFunctionSettings } from './settings.js';

export type { FunctionOptions } from './destinations.js';
export type { SegmentFunctionSettings } from './settings.js';

/** A handler for one event. It returns when the event is delivered, or when there is nothing to do for it; else it throws one of Segment's errors. */
export type SegmentFunctionHandler = (event: unknown, settings: SegmentFunctionSettings) => Promise<void>;

/** What Segment is told about one event of a batch. */
export interface SegmentBatchResult {
  /** 200: done. 400: Segment discards the event. 500: Segment delivers it again. */
  status: number;
  /** What is wrong; Segment shows it. */
  errormessage?: string;
}

/** All handlers that Segment calls. */
export interface SegmentFunction {
  /** For `identify`. */
  onIdentify: SegmentFunctionHandler;
  /** For `track`. */
  onTrack: SegmentFunctionHandler;
  /** For `page`. */
  onPage: SegmentFunctionHandler;
  /** For `screen`. */
  onScreen: SegmentFunctionHandler;
  /** For `group`. */
  onGroup: SegmentFunctionHandler;
  /** For `alias`. */
  onAlias: SegmentFunctionHandler;
  /** For `delete`. */
  onDelete: SegmentFunctionHandler;
  /** For several events of any kind, in one call: one result per event, in the same order. */
  onBatch: (events: readonly unknown[], settings: SegmentFunctionSettings) => Promise<SegmentBatchResult[]>;
}

const notSwitchedOn = 'calls of this type are ignored unless a mapping option or a setting switches them on';

/**
 * Makes the handlers. They read the settings at each call, since one container serves several instances of a function, and answer within Segment's 5 s.
 *
 * What the outcomes become: `delivered` and `skipped` return · `retryable` throws `RetryError` (Segment redelivers for four hours) · `failed` throws
 * `InvalidEventPayload` where the event is at fault, `ValidationError` where OneSignal refused it · skipped `unsupported_type` throws `EventNotSupported`.
 * Settings or options that cannot work throw `RetryError` too, so that a wrong key costs no events; they are looked at when an event comes, never before.
 *
 * @example
 * ```ts
 * import { createSegmentFunction } from 'segment-onesignal/function';
 *
 * const { onBatch } = createSegmentFunction();
 * const settings = { appId: '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a', apiKey: 'os_v2_app_key', prefix: 'seg_', tagLimit: '10' };
 * console.log(await onBatch(['no event'], settings)); // [{ status: 400, errormessage: 'the event is a string: give it to JSON.parse first' }]
 * ```
 *
 * @see {@link https://segment.com/docs/connections/functions/destination-functions/ | Segment: Destination Functions}
 */
export function createSegmentFunction(options: FunctionOptions = {}): SegmentFunction {
  const destinationFor = createDestinations(options);

  const deliver = async (events: readonly unknown[], settings: unknown): Promise<readonly Outcome[]> => {
    try {
      return await destinationFor(settings).deliver(events);
    } catch (thrown) {
      throw retryError(thrown instanceof Error ? thrown.message : 'the function failed');
    }
  };
  const onEvent: SegmentFunctionHandler = async (event, settings) => {
    for (const outcome of await deliver([event], settings)) {
      const error = errorOf(outcome);
      if (error !== undefined) throw error;
    }
  };

  return {
    onIdentify: onEvent,
    onTrack: onEvent,
    onPage: onEvent,
    onScreen: onEvent,
    onGroup: onEvent,
    onAlias: onEvent,
    onDelete: onEvent,
    onBatch: async (events, settings) => (await deliver(events, settings)).map(resultOf),
  };
}

function errorOf(outcome: Outcome): Error | undefined {
  switch (outcome.status) {
    case 'delivered':
      return undefined;
    case 'skipped':
      return outcome.reason === 'unsupported_type' ? eventNotSupported(notSwitchedOn) : undefined;
    case 'retryable':
      return retryError(outcome.error.message);
    case 'failed':
      return outcome.error.name === 'EventError'
        ? invalidEventPayload(outcome.error.message)
        : validationError(outcome.error.message);
  }
}

/** Of the statuses that Segment might redeliver, 500 is the one that it documents for batches; a 429 might lose the event. */
function resultOf(outcome: Outcome): SegmentBatchResult {
  const error = errorOf(outcome);
  if (error === undefined) return { status: 200 };
  return { status: outcome.status === 'retryable' ? 500 : 400, errormessage: error.message };
}
