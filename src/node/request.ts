import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { drain } from './drain.js';

/** A request that was read. */
export interface ReadRequest {
  request: Request;
  /** Discards the unread rest of the body. Call it after the answer. */
  discard: () => void;
}

/** A Node request that cannot become a Fetch `Request`. */
export interface UnreadableRequest {
  /** 400 if the client sent an invalid request, 500 if the listener is mounted after a body parser. */
  status: 400 | 500;
  /** What is wrong, without any value of the request. */
  error: string;
}

const alreadyRead =
  'The request body was already read. Mount this listener before the body parser, or keep the bytes in request.rawBody.';

/**
 * Turns Node's request into a Fetch `Request` whose body is a stream of the raw bytes.
 *
 * @param incoming - Node's request, possibly with the `body` or `rawBody` that Express and others add.
 * @param signal - Aborts when the client disconnects.
 */
export function toFetchRequest(incoming: IncomingMessage, signal: AbortSignal): ReadRequest | UnreadableRequest {
  const url = urlOf(incoming);
  if (url === undefined) return { status: 400, error: 'The request target or the Host header is not valid' };
  try {
    const method = incoming.method ?? 'GET';
    const headers = fetchHeadersOf(incoming);
    const init: RequestInit = { method, headers, signal };
    if (method === 'GET' || method === 'HEAD' || !mayHaveBody(incoming))
      return { request: new Request(url, init), discard: () => drain(incoming) };
    const kept = keptBody(incoming);
    // The parsed object alone is not enough: a signature covers the bytes.
    if (kept === undefined && incoming.readableDidRead) return { status: 500, error: alreadyRead };
    if (kept !== undefined) {
      describe(headers, kept);
      return { request: new Request(url, { ...init, body: kept }), discard: () => {} };
    }
    const { stream, discard } = streamOf(incoming);
    return { request: new Request(url, { ...init, body: stream, duplex: 'half' }), discard };
  } catch {
    // Fetch rejects some requests that Node accepts: the methods TRACE and CONNECT, and certain bytes in headers.
    return { status: 400, error: 'The request method or a header is not valid' };
  }
}

/**
 * Both the Host header and the request target come from the client, so neither may spill over into the other's part of
 * the URL.
 */
function urlOf(incoming: IncomingMessage): string | undefined {
  const scheme = 'encrypted' in incoming.socket && incoming.socket.encrypted === true ? 'https' : 'http';
  const host = incoming.headers.host ?? 'localhost';
  const target = incoming.url ?? '/';
  if (!/^[\w.~!$&'()*+,;=:[\]%-]+$/.test(host)) return undefined;
  try {
    if (target.startsWith('/')) return new URL(`${scheme}://${host}${target}`).href;
    const { protocol, pathname, search } = new URL(target);
    // Proxies send the absolute form. Its host is no more trustworthy than the header, so it is not used.
    return /^https?:$/.test(protocol) ? new URL(`${scheme}://${host}${pathname}${search}`).href : undefined;
  } catch {
    return undefined;
  }
}

function fetchHeadersOf(incoming: IncomingMessage): Headers {
  const headers = new Headers();
  for (let index = 0; index + 1 < incoming.rawHeaders.length; index += 2) {
    const name = incoming.rawHeaders[index] ?? '';
    // Fetch does not accept HTTP/2's pseudo-headers.
    if (!name.startsWith(':')) headers.append(name, incoming.rawHeaders[index + 1] ?? '');
  }
  return headers;
}

/** HTTP/1 announces a body in the headers. Checking them spares an empty POST the cost of a stream. */
function mayHaveBody({ headers, httpVersionMajor }: IncomingMessage): boolean {
  if (headers['content-length'] !== undefined) return headers['content-length'] !== '0';
  return headers['transfer-encoding'] !== undefined || httpVersionMajor > 1;
}

/** Body parsers unpack a body but leave the headers as they were. A packed body is never UTF-8. */
function describe(headers: Headers, kept: Uint8Array | string): void {
  const isUnpacked = typeof kept === 'string' || isUtf8(kept);
  if (isUnpacked && headers.get('content-encoding') !== 'identity') headers.delete('content-encoding');
  headers.set('content-length', String(Buffer.byteLength(kept)));
}

/** `express.raw()` and `express.text()` keep the bytes in `body`, serverless frameworks in `rawBody`. */
function keptBody(incoming: IncomingMessage): Uint8Array | string | undefined {
  for (const name of ['rawBody', 'body']) {
    const value: unknown = Reflect.get(incoming, name);
    if (typeof value === 'string' || value instanceof Uint8Array) return value;
  }
  return undefined;
}

/**
 * Not `Readable.toWeb`: cancelling its stream destroys the socket, and the answer (a 413, for example) could not be
 * written.
 */
function streamOf(incoming: IncomingMessage): { stream: ReadableStream<Uint8Array>; discard: () => void } {
  let settle: (finish: (controller: ReadableStreamDefaultController<Uint8Array>) => void) => void = () => {};
  let isSettled = false;
  const stream = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        settle = (finish) => {
          if (isSettled) return;
          isSettled = true;
          finish(controller);
        };
        incoming.on('data', (chunk: Uint8Array) => {
          if (isSettled) return;
          controller.enqueue(chunk);
          if ((controller.desiredSize ?? 0) <= 0) incoming.pause();
        });
        incoming.on('end', () => settle(() => controller.close()));
        // 'close' without 'end' means that the client disconnected in the middle of the body.
        const gone = () =>
          settle(() => controller.error(new Error('The client disconnected before its body was complete')));
        incoming.on('error', gone);
        incoming.on('close', gone);
        incoming.pause();
      },
      pull() {
        incoming.resume();
      },
      cancel() {
        isSettled = true;
        // If the stream stayed paused, the client could never finish sending and read its answer.
        incoming.resume();
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: 65_536 }),
  );
  return {
    stream,
    discard() {
      // An error rather than an end, so that a reader cannot mistake part of the body for all of it.
      settle((controller) => controller.error(new Error('The request was answered before its body was read')));
      drain(incoming);
    },
  };
}
