/**
 * Delivers the jobs of a BullMQ queue.
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
 *   limiter: { max: 900, duration: 1_000 }, // all workers of the queue together
 *   maxStalledCount: 100, // a worker that dies does not make its jobs dead letters
 * });
 * ```
 *
 * @module
 */
import type { Outcome } from '../delivery/outcome.js';
import type { Deliverer } from '../line.js';
import { deliverMessages } from '../queue/deliver-messages.js';

/** What the processor needs of a BullMQ job; every `Job` is one. */
export interface BullmqJob {
  /** One event, or an array of events. */
  data: unknown;
  /** Puts the job aside until then; BullMQ's own. */
  moveToDelayed(timestampMs: number, token?: string): Promise<void>;
}

/** How long a job waits if OneSignal did not say: long enough for a short outage, and under the minute in which a fresh user becomes visible. */
const defaultDelayMs = 30_000;

/**
 * Makes the processor of a BullMQ `Worker`. A job holds one event or an array of events.
 *
 * - All delivered or skipped: the job completes with its outcomes.
 * - One retryable: the whole job is delayed by the longest `retryAfterMs` (30 s where there is none), which costs it none of its `attempts`, and the processor
 *   throws an error named `DelayedError`. Repeating what was delivered already is safe. A job comes back until OneSignal takes it; `delivery.maxAgeMs` bounds that.
 * - Else one failed: it throws an error named `UnrecoverableError`, so that the job goes to the failed set, BullMQ's dead letters, at once.
 *
 * BullMQ knows both errors by their names, so no package of it is needed here.
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
  return async (job, token) => {
    for (const decision of await deliverMessages(destination, [job.data])) {
      if (decision.action === 'redeliver') {
        await job.moveToDelayed(Date.now() + (decision.afterMs ?? defaultDelayMs), token);
        throw named('DelayedError', decision.error);
      }
      if (decision.action === 'dead_letter') throw named('UnrecoverableError', decision.error);
      return decision.outcomes;
    }
    return [];
  };
}

/** The cause is kept for the worker's `failed` listeners. */
function named(name: string, cause: Error): Error {
  return Object.assign(new Error(cause.message, { cause }), { name });
}
