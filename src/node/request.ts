import type { IncomingMessage } from 'node:http';
import { drain } from './drain.js';

/** A Node request that cannot become a Fetch `Request`; `status` says whose fault it is. */
export interface Unreadable {
  /** 400: the client's fault. 500: the listener is mounted wrongly. */
  status: 400 | 500;
  /** What is wrong, without a value of the request. */
  error: string;
}

const parsedAlready =
  'The request body was read before this listener: mount it before the body parser, or keep the bytes in request.rawBody.';

/** A request that was understood. */
export interface Readable {
  request: Request;
  /** To be called after the answer: throws away what of the body nobody has read. */
  discard: () => void;
}

/**
 * Turns Node's request into a Fetch `Request` whose body is the raw bytes, as a stream.
 *
 * @param incoming - Node's request; what Express and others add to it (`body`, `rawBody`) is looked at.
 * @param signal - Aborts when the client goes away.
 */
export function toRequest(incoming: IncomingMessage, signal: AbortSignal): Readable | Unreadable {
  const url = urlOf(incoming);
  if (url === undefined) return { status: 400, error: 'The request line or the Host header is not valid.' };
  try {
    const method = incoming.method ?? 'GET';
    const init: RequestInit = { method, headers: headersOf(incoming), signal };
    if (method === 'GET' || method === 'HEAD' || !mayHaveBody(incoming))
      return { request: new Request(url, init), discard: () => drain(incoming) };
    const kept = keptBody(incoming);
    // A parser that left only the parsed object has thrown away the bytes that a signature is about.
    if (kept === undefined && incoming.readableDidRead) return { status: 500, error: parsedAlready };
    if (kept !== undefined) return { request: new Request(url, { ...init, body: kept }), discard: () => {} };
    const { stream, discard } = streamOf(incoming);
    return { request: new Request(url, { ...init, body: stream, duplex: 'half' }), discard };
  } catch {
    // Fetch refuses what Node lets through: the methods TRACE and CONNECT, some header bytes.
    return { status: 400, error: 'The request cannot be read.' };
  }
}

/** The client writes both the Host header and the request target; neither may choose where the other ends. */
function urlOf(incoming: IncomingMessage): string | undefined {
  const scheme = 'encrypted' in incoming.socket && incoming.socket.encrypted === true ? 'https' : 'http';
  const host = incoming.headers.host ?? 'localhost';
  const target = incoming.url ?? '/';
  if (!/^[\w.~!$&'()*+,;=:[\]%-]+$/.test(host)) return undefined;
  try {
    if (target.startsWith('/')) return new URL(`${scheme}://${host}${target}`).href;
    const { protocol, pathname, search } = new URL(target);
    // Proxies send the absolute form; its host is as little to be trusted as the header.
    return /^https?:$/.test(protocol) ? new URL(`${scheme}://${host}${pathname}${search}`).href : undefined;
  } catch {
    return undefined;
  }
}

function headersOf(incoming: IncomingMessage): Headers {
  const headers = new Headers();
  for (let index = 0; index + 1 < incoming.rawHeaders.length; index += 2) {
    const name = incoming.rawHeaders[index] ?? '';
    // HTTP/2's pseudo headers are no headers to Fetch.
    if (!name.startsWith(':')) headers.append(name, incoming.rawHeaders[index + 1] ?? '');
  }
  return headers;
}

/** In HTTP/1 a body announces itself; without this, an empty POST would pay for a stream. */
function mayHaveBody({ headers, httpVersionMajor }: IncomingMessage): boolean {
  if (headers['content-length'] !== undefined) return headers['content-length'] !== '0';
  return headers['transfer-encoding'] !== undefined || httpVersionMajor > 1;
}

/** `express.raw()` and `express.text()` leave bytes in `body`; serverless frameworks leave them in `rawBody`. */
function keptBody(incoming: IncomingMessage): Uint8Array | string | undefined {
  for (const name of ['rawBody', 'body']) {
    const value: unknown = Reflect.get(incoming, name);
    if (typeof value === 'string' || value instanceof Uint8Array) return value;
  }
  return undefined;
}

/** Not `Readable.toWeb`: cancelling that destroys the socket, and with it the answer that was to be written (413, for example). */
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
        // 'close' without 'end' is a client that left in the middle of its body.
        const gone = () => settle(() => controller.error(new Error('The client left before its body was complete.')));
        incoming.on('error', gone);
        incoming.on('close', gone);
        incoming.pause();
      },
      pull() {
        incoming.resume();
      },
      cancel() {
        isSettled = true;
        // Paused, the client would never be done, and never read its answer.
        incoming.resume();
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: 65_536 }),
  );
  return {
    stream,
    discard() {
      // An error, not an end: whoever still reads must not take the part for the whole.
      settle((controller) => controller.error(new Error('The request was answered before its body was read.')));
      drain(incoming);
    },
  };
}
