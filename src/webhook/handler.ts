import type { Deliverer } from '../pipeline.js';
import { answerRefused } from '../receiving/answer.js';
import { type BodyShare, createBodyBudget } from '../receiving/body-budget.js';
import { toFetchHandler } from '../receiving/fetch-handler.js';
import { parseBody } from '../receiving/parse-body.js';
import { readBody, unpack } from '../receiving/read-body.js';
import { Refusal } from '../receiving/refusal.js';
import { createTurns, type Turns } from '../receiving/turns.js';
import { answerDelivered, answerUndelivered } from './answer.js';
import { checkBody } from './check-body.js';
import { checkHeaders, type RequestHead } from './check-headers.js';
import { checkHandlerOptions, type WebhookSettings } from './check-options.js';
import { deliverEach } from './deliver-each.js';
import type { WebhookHandlerOptions } from './options.js';
import { eventsOf, type ReceivedEvents, trackingCallOf } from './tracking-api.js';

/** Segment's Webhooks (Actions) destination can be configured to use any of them. */
const methods = ['POST', 'PUT', 'PATCH'];

/**
 * Creates a Fetch handler that receives events from Segment's webhook destinations and, under `/v1/`, from Segment's
 * own libraries.
 *
 * It accepts a single event, a JSON array of events, or the Tracking API (`/v1/batch`, `/v1/identify` …, under any
 * prefix). It answers in JSON, for example `{ outcomes: [{ messageId: 'm1', status: 'skipped', reason: 'empty' }] }`:
 *
 * | status | when |
 * | --- | --- |
 * | 200 | every event was delivered or skipped; for a batch also if some failed, because a repeat would not help |
 * | 400 | a single event failed (`message` says why), or the body is not valid JSON |
 * | 401 | the signature, token or write key is wrong, or none is configured for this path |
 * | 404 | a path that begins with `/v1/` but does not accept events |
 * | 405, 408, 413, 415 | a method other than POST, PUT and PATCH; too slow; too large; compressed but not with gzip |
 * | 501 | a single `delete` while `mapping.deleteUsers` is off, because a 200 would confirm the deletion |
 * | 503 | at least one event is retryable, or the receiver is busy; has `Retry-After`. Segment sends the request again, which is safe |
 *
 * Nothing is parsed before its sender is authorized, and the memory of all bodies together is limited.
 *
 * No answer contains a secret, a user id or a stack trace. `request.signal` is passed to the destination, so delivery
 * stops when the client disconnects.
 *
 * @param destination - A destination, or any object with `deliver(events)`, such as one that puts events into a queue.
 * @param options - Who may send events, and how much.
 * @returns A Fetch handler. Workers, Bun, Deno, Hono and Next.js call it directly; for Node wrap it in
 * `toNodeListener`.
 * @throws `ConfigurationError` if an option is invalid, or if no option says who may send.
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
  options: WebhookHandlerOptions,
): (request: Request) => Promise<Response> {
  const settings = checkHandlerOptions(destination, options);
  const receiver: Receiver = {
    destination,
    settings,
    openShare: createBodyBudget(settings.maxBufferedBytes),
    turns: createTurns(settings.maxConcurrentBodies),
  };
  const answer = async (request: Request): Promise<Response> => {
    try {
      return await receive(request, receiver);
    } catch (thrown) {
      return thrown instanceof Refusal ? answerRefused(thrown, methods) : answerUndelivered();
    }
  };
  return toFetchHandler('webhook', answer);
}

/** A handler's settings, and what its requests share. */
interface Receiver {
  destination: Deliverer;
  settings: WebhookSettings;
  openShare: () => BodyShare;
  turns: Turns;
}

async function receive(request: Request, receiver: Receiver): Promise<Response> {
  const { destination, settings, openShare } = receiver;
  const receivedAt = Date.now();
  if (!methods.includes(request.method)) throw new Refusal(405, 'Send events with POST, PUT or PATCH');
  const call = trackingCallOf(new URL(request.url).pathname);
  const head = { headers: request.headers, call };
  const isAuthorized = await checkHeaders(head, settings);

  // Held until the answer, because the events are in memory until then.
  const share = openShare();
  try {
    const leftMs = () => Math.min(Math.max(settings.deadlineMs - (Date.now() - receivedAt), 0), settings.deadlineMs);
    const { events, isBatch } = await readEvents(request, head, receiver, { isAuthorized, share, receivedAt, leftMs });
    const outcomes = await deliverEach(events, destination, { signal: request.signal, deadlineMs: leftMs() });
    const single = isBatch ? undefined : { type: Object(events[0]).type };
    return answerDelivered({ outcomes, single, isTracking: call !== undefined });
  } finally {
    share.close();
  }
}

/** The state of one request before its body is read. */
interface Reading {
  isAuthorized: boolean;
  share: BodyShare;
  receivedAt: number;
  leftMs: () => number;
}

/** A separate function, so that no bytes stay reachable while the events are delivered. */
async function readEvents(
  request: Request,
  head: RequestHead,
  { settings, turns }: Receiver,
  { isAuthorized, share, receivedAt, leftMs }: Reading,
): Promise<ReceivedEvents> {
  const { maxBytes, maxEvents } = settings;
  const sent = await readBody(request, settings, share);
  return turns.take(leftMs(), async () => {
    // A client that has left while its body was waiting costs nothing more.
    request.signal.throwIfAborted();
    const bytes = await unpack(sent, share, { maxBytes, isAuthorized });
    if (!isAuthorized) await checkBody(head, bytes, settings);
    const body = parseBody(bytes);
    share.shrinkTo(bytes.length);
    return eventsOf(head.call, body, { maxEvents, receivedAt });
  });
}
