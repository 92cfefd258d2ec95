/**
 * Serves a Fetch handler, `(request: Request) => Response`, from Node's HTTP server, Express or Fastify.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { toNodeListener } from 'segment-onesignal/node';
 * import { createSandbox } from 'segment-onesignal/sandbox';
 *
 * createServer(toNodeListener(createSandbox().fetch)).listen(8080);
 * ```
 *
 * @module
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { drain } from './drain.js';
import { toRequest } from './request.js';
import { answerError, writeResponse } from './response.js';

/**
 * Makes a Fetch handler a listener for `node:http`, Express and Fastify.
 *
 * The handler gets the raw body as a stream that is read only as fast as it reads, and a `signal` that aborts when the client goes away. The listener
 * never throws, and no promise of it rejects: a handler that throws is a 500 without details, a request that cannot be one (Host header, method) a 400.
 * Whoever goes on sending after the answer is cut off, after 5 s or 16 MB; how long a request may take to arrive is the server's `requestTimeout`.
 *
 * - **Express**: `app.use('/segment', toNodeListener(handler))`, before `express.json()`; after it the raw bytes are gone and the answer is a 500 that
 *   says so. Bytes that somebody kept are used: `request.rawBody`, or a `request.body` that `express.raw()` or `express.text()` made.
 * - **Fastify**: `app.removeAllContentTypeParsers()` and `app.addContentTypeParser('*', (request, payload, done) => done(null))` keep the body unread;
 *   then `app.all('/segment', (request, reply) => { reply.hijack(); listener(request.raw, reply.raw); })`.
 *
 * A handler can refuse to answer: for `Response.error()`, and for the `TypeError` with which `fetch` reports a reset connection (its `cause.code` is
 * `ECONNRESET`), the connection is cut without an answer.
 *
 * @param handler - Turns a request into a response; what it throws is not shown to anybody.
 * @returns The listener.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { toNodeListener } from 'segment-onesignal/node';
 *
 * createServer(toNodeListener(async (request) => new Response(await request.text()))).listen(8080);
 * ```
 *
 * @see {@link https://nodejs.org/api/http.html#event-request | Node: request listeners}
 * @see {@link https://fetch.spec.whatwg.org/#concept-network-error | Fetch: network error}
 */
export function toNodeListener(
  handler: (request: Request) => Response | Promise<Response>,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (incoming, outgoing) => {
    // Whatever nobody thought of must not end the process.
    answer(handler, incoming, outgoing).catch(() => outgoing.destroy());
  };
}

async function answer(
  handler: (request: Request) => Response | Promise<Response>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const controller = new AbortController();
  // A connection that breaks emits 'error' here; without a listener Node would end the process.
  outgoing.on('error', () => {});
  incoming.on('error', () => {});
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) controller.abort(new DOMException('The client went away.', 'AbortError'));
  });
  const read = toRequest(incoming, controller.signal);
  if ('error' in read) {
    answerError(outgoing, read.status, read.error);
    drain(incoming);
    return;
  }
  try {
    const response = await handler(read.request);
    if (response.type === 'error') outgoing.destroy();
    else await writeResponse(outgoing, response, read.request.method !== 'HEAD');
  } catch (thrown) {
    if (isConnectionReset(thrown)) outgoing.destroy();
    else answerError(outgoing, 500, 'The handler failed.');
  } finally {
    read.discard();
  }
}

function isConnectionReset(thrown: unknown): boolean {
  if (!(thrown instanceof TypeError)) return false;
  const { cause } = thrown;
  return typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === 'ECONNRESET';
}
