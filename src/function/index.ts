/**
 * Runs the destination inside Segment, as a Destination Function.
 *
 * Paste `dist/segment-function.js` into Segment's editor: it is this entry point as a single file without imports.
 * Import `segment-onesignal/function` instead if you bundle a function of your own.
 *
 * @example
 * ```ts
 * import { createSegmentFunction } from 'segment-onesignal/function';
 *
 * const { onIdentify, onTrack } = createSegmentFunction({ mapping: { exclude: ['ssn'] } });
 * export { onIdentify, onTrack };
 *
 * // Segment calls it like this:
 * const settings = { appId: '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a', apiKey: 'os_v2_app_key' };
 * await onIdentify({ type: 'identify', userId: 'u1', traits: { plan: 'pro' } }, settings);
 * ```
 *
 * @module
 */
import type { Outcome } from '../delivery/outcome.js';
import { createDestinations, type SegmentFunctionOptions } from './destinations.js';
import { eventNotSupported, invalidEventPayload, retryError, validationError } from './segment-errors.js';
import type { SegmentFunctionSettings } from './settings.js';

export type { SegmentFunctionOptions } from './destinations.js';
export type { SegmentFunctionSettings } from './settings.js';

/**
 * Handles one event. It resolves if the event was delivered or skipped, and rejects with one of Segment's errors
 * otherwise.
 */
export type SegmentFunctionHandler = (event: unknown, settings: SegmentFunctionSettings) => Promise<void>;

/** The result of one event of a batch, in the form that Segment expects. */
export interface SegmentBatchResult {
  /**
   * 200 if the event was delivered or skipped, 400 if Segment should discard it, 500 if Segment should redeliver it.
   */
  status: number;
  /** Why the event was not delivered. Segment shows it to you. */
  errormessage?: string;
}

/** The handlers that Segment calls, by its own names. */
export interface SegmentFunction {
  /** Handles an `identify` call. */
  onIdentify: SegmentFunctionHandler;
  /** Handles a `track` call. */
  onTrack: SegmentFunctionHandler;
  /** Handles a `page` call. */
  onPage: SegmentFunctionHandler;
  /** Handles a `screen` call. */
  onScreen: SegmentFunctionHandler;
  /** Handles a `group` call. */
  onGroup: SegmentFunctionHandler;
  /** Handles an `alias` call. */
  onAlias: SegmentFunctionHandler;
  /** Handles a `delete` call. */
  onDelete: SegmentFunctionHandler;
  /** Handles several events of any type in one call. Returns one result per event, in the same order. */
  onBatch: (events: readonly unknown[], settings: SegmentFunctionSettings) => Promise<SegmentBatchResult[]>;
}

const notEnabled = 'Calls of this type are skipped unless a mapping option or a setting enables them';

/**
 * Creates the handlers of a Destination Function. They answer within the 5 seconds that Segment allows.
 *
 * | outcome | the handler |
 * | --- | --- |
 * | `delivered`, `skipped` | resolves |
 * | `skipped` with reason `unsupported_type` | throws `EventNotSupported` |
 * | `retryable` | throws `RetryError`; Segment redelivers for four hours |
 * | `failed` with an `EventError` | throws `InvalidEventPayload` |
 * | `failed` with a `DeliveryError` | throws `ValidationError` |
 *
 * Settings are read on every call, because one container serves several instances of a function. Invalid settings or
 * options throw `RetryError` as well, so that a wrong key loses no events. They are checked when an event arrives, not
 * earlier.
 *
 * @param options - Options that apply to every instance of the function.
 * @returns The handlers.
 *
 * @example
 * ```ts
 * import { createSegmentFunction } from 'segment-onesignal/function';
 *
 * const { onBatch } = createSegmentFunction();
 * const settings = { appId: '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a', apiKey: 'os_v2_app_key', tagLimit: '10' };
 * const results = await onBatch([{ userId: 'u1' }], settings);
 * console.log(results); // [{ status: 400, errormessage: … }], because the event has no type
 * ```
 *
 * @see {@link https://segment.com/docs/connections/functions/destination-functions/ | Segment: Destination Functions}
 */
export function createSegmentFunction(options: SegmentFunctionOptions = {}): SegmentFunction {
  const destinationFor = createDestinations(options);

  const deliver = async (events: readonly unknown[], settings: unknown): Promise<readonly Outcome[]> => {
    try {
      return await destinationFor(settings).deliver(events);
    } catch (thrown) {
      throw retryError(thrown instanceof Error ? thrown.message : 'The function failed');
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

/** The error that makes Segment treat the event as its outcome requires (W4). */
function errorOf(outcome: Outcome): Error | undefined {
  switch (outcome.status) {
    case 'delivered':
      return undefined;
    case 'skipped':
      return outcome.reason === 'unsupported_type' ? eventNotSupported(notEnabled) : undefined;
    case 'retryable':
      return retryError(outcome.error.message);
    case 'failed':
      return outcome.error.name === 'EventError'
        ? invalidEventPayload(outcome.error.message)
        : validationError(outcome.error.message);
  }
}

/** 500 is the status that Segment documents for redelivering part of a batch; a 429 might lose the event. */
function resultOf(outcome: Outcome): SegmentBatchResult {
  const error = errorOf(outcome);
  if (error === undefined) return { status: 200 };
  return { status: outcome.status === 'retryable' ? 500 : 400, errormessage: error.message };
}
