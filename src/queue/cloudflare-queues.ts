/**
 * Delivers the messages of a Cloudflare queue from a Worker.
 *
 * @example
 * ```ts
 * import { createDestination } from 'segment-onesignal';
 * import { type CloudflareBatch, createCloudflareQueueHandler } from 'segment-onesignal/cloudflare-queues';
 *
 * export default {
 *   // On Workers a destination belongs to one invocation; making one is cheap.
 *   async queue(batch: CloudflareBatch, env: { ONESIGNAL_APP_ID: string; ONESIGNAL_API_KEY: string }) {
 *     const destination = createDestination({ appId: env.ONESIGNAL_APP_ID, apiKey: env.ONESIGNAL_API_KEY });
 *     await createCloudflareQueueHandler(destination)(batch);
 *   },
 * };
 * ```
 *
 * @module
 */
import type { Deliverer } from '../pipeline.js';
import { deliverMessages } from './deliver-messages.js';

/** What the handler needs of a message; every `Message` of Workers is one. */
export interface CloudflareMessage {
  /** One event, or an array of events. */
  body: unknown;
  /** Marks it done. */
  ack(): void;
  /** Has it redelivered, or dead-lettered after `max_retries`. */
  retry(options?: CloudflareRetry): void;
}

/** When a message is to be redelivered. */
export interface CloudflareRetry {
  /** Seconds; without it, the queue's `retry_delay`. */
  delaySeconds?: number;
}

/** What the handler needs of a batch; every `MessageBatch` of Workers is one. */
export interface CloudflareBatch {
  /** The messages. */
  messages: readonly CloudflareMessage[];
}

/** What Cloudflare allows: 12 hours. */
const maxDelaySeconds = 43_200;

/**
 * Makes the `queue` handler of a Worker.
 *
 * - All of a message's events delivered or skipped: `ack()`.
 * - One retryable: `retry({ delaySeconds })` after the longest `retryAfterMs`; without one, `retry()`, after the queue's `retry_delay`.
 * - Else one failed: `retry()`. It will never succeed, but retrying is the only way to a dead-letter queue, and `ack()` would lose it without a trace.
 *
 * Set `dead_letter_queue`, without which Cloudflare deletes what was retried too often, `max_retries` (3 by default) high enough for an outage, and a `retry_delay`.
 *
 * @example
 * ```ts
 * import type { Destination } from 'segment-onesignal';
 * import { createCloudflareQueueHandler } from 'segment-onesignal/cloudflare-queues';
 *
 * export const consume = (destination: Destination) => createCloudflareQueueHandler(destination);
 * ```
 *
 * @see {@link https://developers.cloudflare.com/queues/configuration/batching-retries/ | Cloudflare Queues: Batching, retries and delays}
 * @see {@link https://developers.cloudflare.com/queues/configuration/dead-letter-queues/ | Cloudflare Queues: Dead-letter queues}
 */
export function createCloudflareQueueHandler(destination: Deliverer): (batch: CloudflareBatch) => Promise<void> {
  return async ({ messages }) => {
    const decisions = await deliverMessages(
      destination,
      messages.map(({ body }) => body),
    );
    decisions.forEach((decision, index) => {
      const message = messages[index];
      if (decision.action === 'ack') message?.ack();
      else if (decision.action === 'dead_letter' || decision.afterMs === undefined) message?.retry();
      else message?.retry({ delaySeconds: Math.min(Math.ceil(decision.afterMs / 1_000), maxDelaySeconds) });
    });
  };
}
