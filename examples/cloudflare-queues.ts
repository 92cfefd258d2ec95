// A Cloudflare Worker that puts events from Segment's webhook destination into a queue, and delivers the queue to
// OneSignal.
//
//   wrangler.toml
//     [[queues.producers]]
//     binding = "EVENTS"
//     queue = "segment-events"
//     [[queues.consumers]]
//     queue = "segment-events"
//     max_batch_size = 100
//     max_retries = 100   # how often a retryable event may return; the default of 3 is used up within seconds
//     retry_delay = 30    # seconds, if OneSignal does not name a delay
//     dead_letter_queue = "segment-events-dead"   # without one, Cloudflare deletes messages after max_retries
//
// Set the secrets ONESIGNAL_API_KEY and SEGMENT_SECRET with `wrangler secret put`.
import { createDestination, createOneSignalTransport, type Deliverer } from 'segment-onesignal';
import { type CloudflareBatch, createCloudflareQueueHandler } from 'segment-onesignal/cloudflare-queues';
import { createWebhookHandler } from 'segment-onesignal/webhook';

interface Env {
  EVENTS: { sendBatch(messages: { body: unknown }[]): Promise<unknown> };
  ONESIGNAL_APP_ID: string;
  ONESIGNAL_API_KEY: string;
  ONESIGNAL_URL?: string;
  SEGMENT_SECRET: string;
}

/** The most messages that Cloudflare accepts in one `sendBatch`. */
const maxMessages = 100;

export default {
  fetch(request: Request, env: Env): Promise<Response> {
    const enqueue: Deliverer = {
      async deliver(inputs) {
        const messages = inputs.map((body) => ({ body }));
        for (let index = 0; index < messages.length; index += maxMessages)
          await env.EVENTS.sendBatch(messages.slice(index, index + maxMessages));
        return inputs.map(() => ({ status: 'delivered', applied: [], dropped: [], warnings: [] }));
      },
    };
    return createWebhookHandler(enqueue, { secrets: [env.SEGMENT_SECRET] })(request);
  },

  /** On Workers, a destination must be created per invocation, which is cheap. */
  queue(batch: CloudflareBatch, env: Env): Promise<void> {
    const transport = createOneSignalTransport({ apiKey: env.ONESIGNAL_API_KEY, baseUrl: env.ONESIGNAL_URL });
    const destination = createDestination({ appId: env.ONESIGNAL_APP_ID, transport });
    return createCloudflareQueueHandler(destination)(batch);
  },
};
