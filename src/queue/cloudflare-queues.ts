/**
 * Delivers the messages of a Cloudflare queue to OneSignal, from a Worker.
 *
 * @example
 * ```ts
 * import { createDestination } from 'segment-onesignal';
 * import { type CloudflareBatch, createCloudflareQueueHandler } from 'segment-onesignal/cloudflare-queues';
 *
 * export default {
 *   // On Workers, create a destination per invocation; it costs little.
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

/** The part of a Workers `Message` that the handler uses. */
export interface CloudflareMessage {
  /** One event, or an array of events. */
  body: unknown;
  /** Removes the message from the queue. */
  ack(): void;
  /** Asks the queue to redeliver the message, or to dead-letter it after `max_retries`. */
  retry(options?: CloudflareRetry): void;
}

/** When the queue should redeliver a message. */
export interface CloudflareRetry {
  /**
   * Delay in seconds.
   *
   * @defaultValue the queue's `retry_delay`
   */
  delaySeconds?: number;
}

/** The part of a Workers `MessageBatch` that the handler uses. */
export interface CloudflareBatch {
  /** The messages of the batch. The handler settles every one of them. */
  messages: readonly CloudflareMessage[];
}

/** The longest delay that Cloudflare allows, 12 hours. */
const maxDelaySeconds = 43_200;

/**
 * Creates the `queue` handler of a Worker. A message holds one event or an array of events.
 *
 * - If every event was delivered or skipped: `ack()`.
 * - If an event is retryable: `retry({ delaySeconds })` with the longest `retryAfterMs`, but at least 1 second and at
 *   most 12 hours, or `retry()` if there is none.
 * - Otherwise, if an event failed: `retry()`. It will fail again, but retrying is the only way into the dead-letter
 *   queue, and `ack()` would lose the message without a trace.
 *
 * Configure three things on the queue: a `dead_letter_queue`, because Cloudflare deletes messages that were retried too
 * often; `max_retries` (3 by default), high enough to outlast an outage; and a `retry_delay`.
 *
 * @param destination - The destination, or any object with `deliver(events)`.
 * @returns The handler.
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
