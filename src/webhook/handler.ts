import type { Deliverer } from '../pipeline.js';
import { answerDelivered, answerRefused, answerUndelivered } from './answer.js';
import { checkBody, checkHeaders } from './authorize.js';
import { checkWebhookOptions, type WebhookSettings } from './check-options.js';
import { deliverEach } from './deliver-each.js';
import type { WebhookOptions } from './options.js';
import { parseBody } from './parse-body.js';
import { readBody } from './read-body.js';
import { Refusal } from './refusal.js';
import { eventsOf, trackingCallOf } from './tracking-api.js';

/** Segment's Webhooks (Actions) destination can be told to use any of them. */
const methods = ['POST', 'PUT', 'PATCH'];

/**
 * Makes a destination a receiver for Segment's webhook destinations and, under `/v1/`, for Segment's own libraries.
 *
 * Takes one event, a JSON array of events, or the Tracking API's shapes (`/v1/batch`, `/v1/identify` …, under any prefix), and answers in JSON, for example
 * `{ outcomes: [{ messageId: 'm1', status: 'skipped', reason: 'empty' }] }`:
 *
 * | status | when |
 * | --- | --- |
 * | 200 | all delivered or skipped; a batch also where some failed, since sending it again would not help |
 * | 400 | one event that failed, with its `message`; a body that is no JSON |
 * | 401 | the signature, the token or the write key does not hold, or none is configured for this path |
 * | 404 | a call under `/v1/` that takes no events |
 * | 405, 408, 413, 415 | another method than POST, PUT and PATCH · too slow · too large · compressed with something else than gzip |
 * | 501 | one `delete` while `mapping.deleteUsers` is off: no false confirmation |
 * | 503 | anything retryable, with `Retry-After`; Segment sends it all again, which is safe |
 *
 * No answer holds a secret, a person's id or a stack. `request.signal` goes on to the destination, so a client that leaves ends the delivery.
 *
 * @param destination - A destination, or anything that delivers: a queue that takes events is one line.
 * @param options - Who may send, and how much.
 * @returns A Fetch handler, for Workers, Bun, Deno, Hono and Next.js as it is, for Node with `toNodeListener`.
 * @throws `ConfigurationError` where nobody could send, or anybody could without your saying so.
 *
 * @example
 * ```ts
 * import { createDestination } from 'segment-onesignal';
 * import { createWebhookHandler } from 'segment-onesignal/webhook';
 *
 * const destination = createDestination({ appId: '3f1f9c1e-6d52-4c3b-9d0e-5f2b8a7c6d10', apiKey: 'os_v2_app_key' });
 * const handler = createWebhookHandler(destination, { secrets: ['the shared secret of the webhook destination'] });
 *
 * export default { fetch: handler };
 * ```
 *
 * @see {@link https://segment.com/docs/connections/destinations/catalog/actions-webhook/ | Segment: Webhooks (Actions)}
 * @see {@link https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/ | Segment: HTTP Tracking API}
 */
export function createWebhookHandler(
  destination: Deliverer,
  options: WebhookOptions,
): (request: Request) => Promise<Response> {
  const settings = checkWebhookOptions(destination, options);
  return async (request) => {
    try {
      return await receive(request, destination, settings);
    } catch (thrown) {
      return thrown instanceof Refusal ? answerRefused(thrown, methods) : answerUndelivered();
    }
  };
}

async function receive(request: Request, destination: Deliverer, settings: WebhookSettings): Promise<Response> {
  const startedAt = Date.now();
  if (!methods.includes(request.method)) throw new Refusal(405, `send events with ${methods.join(', ')}`);
  const call = trackingCallOf(new URL(request.url).pathname);
  const presented = { headers: request.headers, call };

  await checkHeaders(presented, settings);
  const text = await readBody(request, settings);
  const body = parseBody(text);
  await checkBody(presented, text, body, settings);
  if (!body.ok) throw new Refusal(400, 'the body is not JSON');

  const isBatch = call === undefined ? Array.isArray(body.value) : call.kind === 'batch';
  const events =
    call !== undefined ? eventsOf(call, body.value) : Array.isArray(body.value) ? body.value : [body.value];
  if (events.length > settings.maxEvents) {
    throw new Refusal(
      413,
      `the body has more than ${settings.maxEvents} events: send smaller batches, or raise maxEvents`,
    );
  }
  const left = settings.deadlineMs - (Date.now() - startedAt);
  const outcomes = await deliverEach(events, destination, {
    signal: request.signal,
    deadlineMs: Math.min(Math.max(left, 0), settings.deadlineMs),
  });
  const single = isBatch ? undefined : { type: Object(events[0]).type };
  return answerDelivered({ outcomes, single, isTracking: call !== undefined });
}
