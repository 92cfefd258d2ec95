/**
 * Runs a Fetch handler, `(request: Request) => Response`, on Node's HTTP server, Express or Fastify.
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
import { optionsOf } from '../known-options.js';
import { isFunction, mustBe, refuse } from '../option-rules.js';
import { drain } from './drain.js';
import { toFetchRequest } from './request.js';
import { answerError, writeResponse } from './response.js';

/** Options of {@link toNodeListener}. */
export interface NodeListenerOptions {
  /**
   * Called with the error that the handler or its response body threw, after the client got a 500 or, if the answer had
   * begun, was cut off.
   *
   * @defaultValue `process.emitWarning`, which prints the error to stderr
   */
  onError?: ((error: unknown) => void) | undefined;
}

/**
 * Turns a Fetch handler into a request listener for `node:http`, Express and Fastify.
 *
 * The handler receives the raw body as a stream with backpressure, and a `signal` that aborts when the client
 * disconnects. The listener never throws or rejects: if the handler throws, the answer is a 500 without details; if the
 * Host header, the request target or the method is invalid, it is a 400. A client that is still sending after the
 * answer is cut off after 5 seconds or 16 MB. The server's own `requestTimeout` limits how long a request may take to
 * arrive.
 *
 * - **Express**: mount it before `express.json()`, as `app.use('/segment', toNodeListener(handler))`. A body parser
 *   consumes the raw bytes, and then the answer is a 500 that says so, unless the bytes were kept: in
 *   `request.rawBody`, or in `request.body` by `express.raw()` or `express.text()`.
 * - **Fastify**: keep the body unread with `app.removeAllContentTypeParsers()` and
 *   `app.addContentTypeParser('*', (request, payload, done) => done(null))`, then route
 *   `app.all('/segment', (request, reply) => { reply.hijack(); listener(request.raw, reply.raw); })`.
 *
 * To cut the connection without an answer, return `Response.error()`, or throw the `TypeError` with which `fetch`
 * reports a reset connection (its `cause.code` is `ECONNRESET`).
 *
 * @param handler - Turns a request into a response. The client never sees what it throws.
 * @param options - What to do with an error from the handler.
 * @returns The listener.
 * @throws `ConfigurationError` if the handler is not a function, or an option is invalid or unknown.
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
  options: NodeListenerOptions = {},
): (request: IncomingMessage, response: ServerResponse) => void {
  optionsOf({ onError: mustBe('a function', isFunction) })(options, '');
  if (!isFunction(handler))
    refuse('invalid', 'handler', '"handler" must be a function, such as the one that createWebhookHandler returns.');
  const { onError = warn } = options;
  const report = (error: unknown): void => {
    try {
      onError(error);
    } catch (thrown) {
      warn(thrown);
    }
  };
  return (incoming, outgoing) => {
    // An unforeseen rejection would end the process.
    answer(handler, incoming, outgoing, report).catch((thrown: unknown) => {
      outgoing.destroy();
      report(thrown);
    });
  };
}

/** Node prints a warning to stderr, and emits it as `process.on('warning')`. */
function warn(error: unknown): void {
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.emitWarning(
    'A handler given to toNodeListener failed. The client got a 500, or was cut off if the answer had begun.',
    {
      type: 'HandlerWarning',
      code: 'SEGMENT_ONESIGNAL_HANDLER_FAILED',
      detail,
    },
  );
}

async function answer(
  handler: (request: Request) => Response | Promise<Response>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  report: (error: unknown) => void,
): Promise<void> {
  const controller = new AbortController();
  // A broken connection emits 'error', which ends the process if there is no listener.
  outgoing.on('error', () => {});
  incoming.on('error', () => {});
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) controller.abort(new DOMException('The client disconnected', 'AbortError'));
  });
  const read = toFetchRequest(incoming, controller.signal);
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
    else {
      answerError(outgoing, 500, 'The handler failed');
      // A client that has left is not an error of the handler.
      if (!controller.signal.aborted) report(thrown);
    }
  } finally {
    read.discard();
  }
}

/** By name, because `instanceof` does not recognize an error of another realm, such as one of Jest's. */
function isConnectionReset(thrown: unknown): boolean {
  const { name, cause } = Object(thrown);
  return name === 'TypeError' && Object(cause).code === 'ECONNRESET';
}
