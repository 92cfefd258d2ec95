/**
 * Delivers the jobs of a BullMQ queue to OneSignal.
 *
 * @example
 * ```ts
 * import { Worker } from 'bullmq';
 * import { createDestination } from 'segment-onesignal';
 * import { createBullmqProcessor } from 'segment-onesignal/bullmq';
 *
 * const destination = createDestination({ appId: '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a', apiKey: 'os_v2_app_key' });
 * new Worker('segment-events', createBullmqProcessor(destination), {
 *   connection: { host: '127.0.0.1', maxRetriesPerRequest: null },
 *   concurrency: 50,
 *   limiter: { max: 900, duration: 1_000 }, // for all workers of the queue together
 *   maxStalledCount: 100, // jobs of a crashed worker are retried, not dead-lettered
 * });
 * ```
 *
 * @module
 */

import { checkDeliverer } from '../check-deliverer.js';
import type { Outcome } from '../delivery/outcome.js';
import type { Deliverer } from '../pipeline.js';
import { deliverMessages, minDelayMs } from './deliver-messages.js';

export { createFleetReceiver } from '../fleet/receiver.js';
export { createFleetWorker } from '../fleet/worker.js';

/** The part of a BullMQ `Job` that the processor uses. */
export interface BullmqJob {
  /** One event, or an array of events. */
  data: unknown;
  /** When the job was added, in Unix milliseconds. */
  timestamp?: number;
  /** Delays the job until the given time. This is BullMQ's own method. */
  moveToDelayed(timestampMs: number, token?: string): Promise<void>;
}

/**
 * The longest delay if OneSignal named none. The delay is the job's age, so that it doubles each time. A count of
 * attempts would also count delays that have another reason, such as a rate limit.
 */
const maxUnaskedDelayMs = 60_000;
/** The latest time that BullMQ can delay a job to, in 2039: it stores 4,096 times the milliseconds. */
const maxTimestampMs = 2 ** 41 - 1;

/**
 * Creates the processor of a BullMQ `Worker`. A job holds one event or an array of events.
 *
 * - If every event was delivered or skipped, the job completes with the outcomes as its result.
 * - If an event is retryable, the whole job is delayed by the longest `retryAfterMs`, but at least 1 second. If there
 *   is none, it is delayed by its own age, but at least 1 second and at most 1 minute. The processor throws an error
 *   named `DelayedError`, which does not use up any of the job's `attempts`. Delivering the other events again is safe.
 *   The job returns until OneSignal accepts it or its event is older than `delivery.maxAgeMs`.
 * - Otherwise, if an event failed, the processor throws an error named `UnrecoverableError`. The job goes straight to
 *   the failed set, BullMQ's dead letters.
 *
 * BullMQ recognizes both errors by name, so this entry point does not depend on BullMQ.
 *
 * @param destination - The destination, or any object with `deliver(events)`.
 * @returns The processor.
 * @throws `ConfigurationError` if the destination has no method `deliver`.
 *
 * @example
 * ```ts
 * import { Worker } from 'bullmq';
 * import type { Destination } from 'segment-onesignal';
 * import { createBullmqProcessor } from 'segment-onesignal/bullmq';
 *
 * export const start = (destination: Destination) =>
 *   new Worker('segment-events', createBullmqProcessor(destination), { connection: { host: '127.0.0.1' } });
 * ```
 *
 * @see {@link https://docs.bullmq.io/patterns/process-step-jobs#delaying | BullMQ: Delaying from a processor}
 * @see {@link https://docs.bullmq.io/patterns/stop-retrying-jobs | BullMQ: Stop retrying jobs}
 */
export function createBullmqProcessor(
  destination: Deliverer,
): (job: BullmqJob, token?: string) => Promise<readonly Outcome[]> {
  checkDeliverer(destination);
  return async (job, token) => {
    for (const decision of await deliverMessages(destination, [job.data])) {
      if (decision.action === 'redeliver') {
        const now = Date.now();
        const afterMs = decision.afterMs ?? unaskedDelayMs(now - (job.timestamp ?? now));
        await job.moveToDelayed(Math.min(Math.ceil(now + afterMs), maxTimestampMs), token);
        throw named('DelayedError', decision.error);
      }
      if (decision.action === 'dead_letter') throw named('UnrecoverableError', decision.error);
      return decision.outcomes;
    }
    return [];
  };
}

function unaskedDelayMs(ageMs: number): number {
  return Math.min(Math.max(ageMs, minDelayMs), maxUnaskedDelayMs);
}

/** The cause is for the worker's `failed` listeners. */
function named(name: string, cause: Error): Error {
  return Object.assign(new Error(cause.message, { cause }), { name });
}
