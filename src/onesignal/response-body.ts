import { parseResponseBody } from './http-options.js';
import type { OneSignalResponse } from './transport.js';

/**
 * Maximum number of bytes to read of a response. OneSignal's are far smaller; another server's could fill the memory.
 */
export const maxResponseBytes = 1_000_000;

/**
 * The part of a fetch response that is read. `body` is a web stream, a Node stream, or absent in some implementations.
 */
export interface FetchResponse {
  status: number;
  headers: OneSignalResponse['headers'];
  body?: unknown;
  text(): Promise<string>;
}

/**
 * Reads a fetch response, at most 1 MB of it.
 *
 * @throws Error for a 407.
 * @internal
 */
export async function readFetchResponse(response: FetchResponse): Promise<OneSignalResponse> {
  return asFetchDoes(response.status, response.headers, await readText(response));
}

/** Statuses whose responses have no body, even if a server sends one. */
const nullBodyStatuses: readonly number[] = [204, 205, 304];

/**
 * Makes a response of what an HTTP client received, with the exceptions of the Fetch standard, so that all transports
 * give the same answers.
 *
 * @see {@link https://fetch.spec.whatwg.org/#null-body-status | Fetch: null body status}
 * @throws Error for a 407, which comes from a proxy on the way to OneSignal.
 * @internal
 */
export function asFetchDoes(status: number, headers: OneSignalResponse['headers'], text: string): OneSignalResponse {
  if (status === 407) throw new Error('A proxy asked for credentials (407). Configure them where requests leave.');
  return { status, headers, body: nullBodyStatuses.includes(status) ? undefined : parseResponseBody(text) };
}

/**
 * Stands for a body that is too long to be read: its beginning, followed by a character that makes any text invalid
 * JSON. Delivery then knows that it is not OneSignal's.
 *
 * @internal
 */
export function cutText(beginning: string): string {
  return `${beginning.slice(0, 1_000)}…`;
}

/**
 * Reads a web stream as text. If it is too long, it is cancelled.
 *
 * @internal
 */
export async function readStream(stream: ReadableStream<Uint8Array>): Promise<string> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.byteLength;
    if (size > maxResponseBytes) {
      // Not awaited: a stream may take as long as it likes to end, and may reject its cancellation.
      reader.cancel().catch(() => {});
      return cutText(text);
    }
    text += decoder.decode(value, { stream: true });
  }
}

async function readText(response: FetchResponse): Promise<string> {
  const { body } = response;
  if (isWebStream(body)) return readStream(body);
  if (isNodeStream(body)) return readNodeStream(body);
  return response.text();
}

/** A stream of Node, as node-fetch has it. */
interface NodeStream extends AsyncIterable<unknown> {
  setEncoding(encoding: 'utf8'): unknown;
  once(event: 'unpipe', listener: (source: NodeStream) => void): unknown;
  destroy(): unknown;
}

/** Decodes in the stream itself, because Segment's runtime may have no `TextDecoder`. */
async function readNodeStream(stream: NodeStream): Promise<string> {
  stream.setEncoding('utf8');
  let text = '';
  for await (const chunk of stream) {
    if (text.length + String(chunk).length > maxResponseBytes) {
      destroy(stream);
      return cutText(text);
    }
    text += String(chunk);
  }
  return text;
}

/** Destroys a stream and those that feed it. Otherwise the connection would stay open, with its data unread. */
function destroy(stream: NodeStream): void {
  stream.once('unpipe', destroy);
  stream.destroy();
}

function isWebStream(body: unknown): body is ReadableStream<Uint8Array> {
  return typeof Reflect.get(Object(body), 'getReader') === 'function';
}

function isNodeStream(body: unknown): body is NodeStream {
  return typeof Reflect.get(Object(body), 'setEncoding') === 'function';
}
