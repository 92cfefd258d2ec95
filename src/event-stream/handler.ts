import { notify } from '../delivery/notify.js';
import { EventError } from '../errors.js';
import { answerRefused, retryAfter } from '../receiving/answer.js';
import { type BodyShare, createBodyBudget } from '../receiving/body-budget.js';
import { isOneOf } from '../receiving/constant-time.js';
import { toFetchHandler } from '../receiving/fetch-handler.js';
import { decodeBody } from '../receiving/parse-body.js';
import { readBody, unpack } from '../receiving/read-body.js';
import { denied, Refusal } from '../receiving/refusal.js';
import { eventToTrack } from './event-to-track.js';
import { checkHandlerOptions, type EventStreamHandlerOptions, type HandlerSettings } from './handler-options.js';
import { type SendTrack, toSendTrack } from './segment-client.js';
import { SegmentError } from './segment-error.js';

/** OneSignal lets its users choose the method. */
const methods = ['POST', 'PUT', 'PATCH'];
/** Bodies of all requests together. Each is a few kilobytes. */
const maxBufferedBytes = 40_000_000;

/**
 * Creates a Fetch handler that receives an Event Stream of OneSignal and sends each event to Segment as a track.
 *
 * It answers in JSON, for example `{ status: 'sent', event: 'Push Clicked' }`:
 *
 * | status | when |
 * | --- | --- |
 * | 200 | Segment has the track, or there is nothing to send, or the event cannot be used: `onProblem` is told, because a repeat would not help and OneSignal disables streams that fail too often |
 * | 401 | the header does not carry one of the secrets |
 * | 405 | a method other than POST, PUT and PATCH, which carries no event |
 * | 400, 408 | the body did not arrive completely, or not in time |
 * | 503 | Segment did not take the track in time, or the receiver is busy; has `Retry-After`. OneSignal sends the event again, and Segment recognizes its `messageId` |
 *
 * Nothing is read before the sender is authorized. No answer contains a secret or a user id.
 *
 * @param options - Where tracks go, and who may send events.
 * @returns A Fetch handler. Workers, Bun, Deno, Hono and Next.js call it directly; for Node wrap it in
 * `toNodeListener`.
 * @throws `ConfigurationError` if an option is missing, invalid or unknown.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { createEventStreamHandler, createSegmentSender } from 'segment-onesignal/event-stream';
 * import { toNodeListener } from 'segment-onesignal/node';
 *
 * const handler = createEventStreamHandler({
 *   segment: createSegmentSender({ writeKey: 'the write key of the source' }),
 *   secrets: ['the secret of the event stream'],
 *   onProblem: ({ error, isLost }) => console.error(isLost ? 'Lost an event:' : 'Will be sent again:', error.message),
 * });
 * createServer(toNodeListener(handler)).listen(3000);
 * ```
 *
 * @see {@link https://documentation.onesignal.com/docs/en/event-streams | OneSignal: Event Streams}
 */
export function createEventStreamHandler(options: EventStreamHandlerOptions): (request: Request) => Promise<Response> {
  const settings = checkHandlerOptions(options);
  const receiver: Receiver = {
    settings,
    send: toSendTrack(settings.segment),
    openShare: createBodyBudget(Math.max(maxBufferedBytes, 8 * settings.maxBytes)),
  };
  return toFetchHandler('event stream', async (request) => {
    const startedAt = Date.now();
    try {
      if (!methods.includes(request.method)) throw new Refusal(405, 'Send events with POST, PUT or PATCH');
      await checkSecret(request.headers, settings);
    } catch (thrown) {
      return thrown instanceof Refusal ? answerRefused(thrown, methods) : answerAgain(unhandled, 0);
    }
    return receive(request, startedAt, receiver);
  });
}

/** A handler's settings, and what its requests share. */
interface Receiver {
  settings: HandlerSettings;
  send: SendTrack;
  openShare: () => BodyShare;
}

/** The secret may follow a scheme, of which `Authorization` has many. */
async function checkSecret(headers: Headers, { header, secrets }: HandlerSettings): Promise<void> {
  const value = headers.get(header) ?? '';
  const secret = header.toLowerCase() === 'authorization' ? value.replace(/^[\w-]+ +/, '') : value;
  if (!(await isOneOf(secret, secrets)))
    throw denied(`The header ${header} must carry one of the secrets. Set it in the event stream.`);
}

/** Answers a request whose sender is authorized. */
async function receive(
  request: Request,
  startedAt: number,
  { settings, send, openShare }: Receiver,
): Promise<Response> {
  let share: BodyShare | undefined;
  let text: string | undefined;
  try {
    share = openShare();
    text = await readText(request, share, settings);
    const result = eventToTrack(text, settings.track);
    if (result.status === 'failed') throw result.error;
    if (result.status === 'skipped') {
      notify(settings.onEvent, result);
      return Response.json(result);
    }
    const { track, warnings } = result;
    await within(settings.deadlineMs - (Date.now() - startedAt), send(track), settings);
    notify(settings.onEvent, { status: 'sent', track, warnings });
    return Response.json({ status: 'sent', event: track.event, ...(warnings.length === 0 ? {} : { warnings }) });
  } catch (thrown) {
    return answerProblem(thrown, text, settings);
  } finally {
    share?.close();
  }
}

async function readText(request: Request, share: BodyShare, settings: HandlerSettings): Promise<string> {
  const sent = await readBody(request, settings, share).catch((thrown) => {
    throw lostIf([413, 415], thrown);
  });
  try {
    return decodeBody(await unpack(sent, share, { maxBytes: settings.maxBytes, isAuthorized: true }));
  } catch (thrown) {
    throw lostIf([400, 413, 415], thrown);
  }
}

/** What a repeat of the request would not change is a fault of the event. Anything else is one of the request. */
function lostIf(statuses: readonly number[], thrown: unknown): unknown {
  const isLost = thrown instanceof Refusal && statuses.includes(thrown.status);
  return isLost ? new EventError('invalid_event', thrown.message) : thrown;
}

/** Rejects if Segment does not take the track in time. It may still do so later, and then recognizes the repeat. */
async function within(ms: number, sent: Promise<unknown>, { deadlineMs }: HandlerSettings): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const message = `Segment did not take the track within ${deadlineMs} ms. With @segment/analytics-node, set flushAt to 1.`;
    timer = setTimeout(() => reject(new SegmentError('deadline', message)), Math.max(ms, 1));
  });
  try {
    await Promise.race([sent, late]);
  } finally {
    clearTimeout(timer);
  }
}

const unhandled = 'The event was not handled. Send the request again.';

function answerProblem(thrown: unknown, body: string | undefined, { onProblem }: HandlerSettings): Response {
  const isLost = thrown instanceof EventError || (thrown instanceof SegmentError && !thrown.isRetryable);
  if (thrown instanceof EventError || thrown instanceof SegmentError || thrown instanceof Refusal)
    notify(onProblem, { error: thrown, isLost, ...(body === undefined ? {} : { body }) });
  if (thrown instanceof Refusal) return answerRefused(thrown, methods);
  if (isLost) return Response.json({ status: 'failed', message: thrown.message });
  if (thrown instanceof SegmentError) return answerAgain(thrown.message, thrown.retryAfterMs ?? 0);
  return answerAgain(unhandled, 0);
}

function answerAgain(message: string, retryAfterMs: number): Response {
  const headers = { 'retry-after': retryAfter(retryAfterMs) };
  return Response.json({ status: 'retryable', message }, { status: 503, headers });
}
