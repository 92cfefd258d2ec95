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
import type { Deliverer } from '../pipeline.js';
import { deliverMessages } from './deliver-messages.js';

/** What the processor needs of a BullMQ job; every `Job` is one. */
export interface BullmqJob {
  /** One event, or an array of events. */
  data: unknown;
  /** When it was added, unix ms. */
  timestamp?: number;
  /** Puts the job aside until then; BullMQ's own. */
  moveToDelayed(timestampMs: number, token?: string): Promise<void>;
}

/**
 * How long a job waits where OneSignal did not say: as long again as it is old, within these bounds. So its waits double, and a job that was put aside for another
 * reason does not wait the longer for it.
 */
const minDelayMs = 1_000;
const maxDelayMs = 60_000;

/**
 * Makes the processor of a BullMQ `Worker`. A job holds one event or an array of events.
 *
 * - All delivered or skipped: the job completes with its outcomes.
 * - One retryable: the whole job is delayed by the longest `retryAfterMs`, or, where there is none, by as long as the job is old, from 1 s to 1 minute. The processor
 *   then throws an error named `DelayedError`, and the job keeps its `attempts`. Repeating what was delivered already is safe. A job comes back until OneSignal takes
 *   it; `delivery.maxAgeMs` bounds that.
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
        const now = Date.now();
        await job.moveToDelayed(now + (decision.afterMs ?? delayMs(now - (job.timestamp ?? now))), token);
        throw named('DelayedError', decision.error);
      }
      if (decision.action === 'dead_letter') throw named('UnrecoverableError', decision.error);
      return decision.outcomes;
    }
    return [];
  };
}

function delayMs(ageMs: number): number {
  return Math.min(Math.max(ageMs, minDelayMs), maxDelayMs);
}

/** The cause is kept for the worker's `failed` listeners. */
function named(name: string, cause: Error): Error {
  return Object.assign(new Error(cause.message, { cause }), { name });
}
