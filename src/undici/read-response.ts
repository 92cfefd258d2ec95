import type { Dispatcher } from 'undici';
import { asFetchDoes, cutText, readStream } from '../onesignal/response-body.js';
import type { OneSignalResponse } from '../onesignal/transport.js';

type Body = Dispatcher.ResponseData['body'];

/**
 * Reads a response as fetch does. undici's `request` leaves it to its caller to unpack the body.
 *
 * The Pool bounds the body by `maxResponseSize`. What it unpacks to is bounded here.
 *
 * @internal
 */
export async function readResponse({ statusCode, headers, body }: Dispatcher.ResponseData): Promise<OneSignalResponse> {
  return asFetchDoes(statusCode, headers, await readText(body, headers['content-encoding']));
}

async function readText(body: Body, encoding: string | string[] | undefined): Promise<string> {
  try {
    return encoding === undefined ? await body.text() : await readUnpacked(body, formatsOf(String(encoding)));
  } catch (thrown) {
    if (Reflect.get(Object(thrown), 'code') === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return cutText('');
    throw thrown;
  }
}

type Format = 'gzip' | 'deflate';

/** In the order in which they are unpacked. A compression that Node cannot unpack leaves text that is not JSON. */
function formatsOf(encoding: string): Format[] {
  const formats = new Map<string, Format>([
    ['gzip', 'gzip'],
    ['x-gzip', 'gzip'],
    ['deflate', 'deflate'],
  ]);
  const names = encoding.toLowerCase().split(',').reverse();
  return names.flatMap((name) => formats.get(name.trim()) ?? []);
}

async function readUnpacked(body: Body, formats: readonly Format[]): Promise<string> {
  const chunks: AsyncIterator<Uint8Array> = body[Symbol.asyncIterator]();
  const first = await chunks.next();
  // An empty body is empty in every compression.
  if (first.done) return '';
  const packed = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(first.value);
    },
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await chunks.return?.();
    },
  });
  return readStream(formats.reduce((stream, format) => stream.pipeThrough(new DecompressionStream(format)), packed));
}
