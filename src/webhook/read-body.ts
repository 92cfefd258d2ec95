import { Refusal } from './refusal.js';

/** How much of a body is read, and until when. */
export interface ReadLimits {
  /** Bytes, before and after decompression. */
  maxBytes: number;
  /** Milliseconds that the client has to send it all. */
  deadlineMs: number;
}

/**
 * Reads a body as text, bounded in bytes and in time, before anything looks into it.
 *
 * @throws {@link Refusal} 413 too large, 408 too slow, 415 compressed with something else than gzip, 400 not UTF-8 or broken off.
 * @internal
 */
export async function readBody(request: Request, { maxBytes, deadlineMs }: ReadLimits): Promise<string> {
  const encoding = request.headers.get('content-encoding')?.trim().toLowerCase() ?? 'identity';
  if (encoding !== 'identity' && (encoding !== 'gzip' || typeof DecompressionStream === 'undefined')) {
    throw new Refusal(415, 'the Content-Encoding is not known: send the body as it is, or with gzip');
  }
  // Looked at before the bytes, so that a client that says so need not send them.
  if (Number(request.headers.get('content-length')) > maxBytes) throw tooLarge(maxBytes);
  if (request.body === null) return '';
  const sent = await within(deadlineMs, request.body.getReader(), maxBytes);
  return decode(encoding === 'gzip' ? await decompress(sent, maxBytes) : sent);
}

/** A client that sends a byte a minute must not hold a connection and a handler for ever. */
async function within(ms: number, reader: Reader, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Refusal(408, 'the body did not arrive in time: send it again')), ms);
  });
  try {
    return await Promise.race([readAll(reader, maxBytes), late]);
  } catch (thrown) {
    letGo(reader);
    if (thrown instanceof Refusal) throw thrown;
    throw new Refusal(400, 'the body could not be read to its end');
  } finally {
    clearTimeout(timer);
  }
}

type Reader = ReadableStreamDefaultReader<Uint8Array>;

async function readAll(reader: Reader, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.byteLength;
    if (size > maxBytes) throw tooLarge(maxBytes);
    chunks.push(value);
  }
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return whole;
}

/** The rest of the body is not wanted; a stream may fail on being told so. */
function letGo(reader: Reader): void {
  reader.cancel().catch(() => {});
}

/** What is read of a bomb is bounded like any other body: the reader stops, and the stream with it. */
async function decompress(bytes: Uint8Array<ArrayBuffer>, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const reader: Reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  try {
    return await readAll(reader, maxBytes);
  } catch (thrown) {
    letGo(reader);
    if (thrown instanceof Refusal) throw thrown;
    throw new Refusal(400, 'the body is not valid gzip');
  }
}

function decode(bytes: Uint8Array): string {
  try {
    // A byte order mark is kept: the signature is about it too, and JSON has none.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Refusal(400, 'the body is not UTF-8');
  }
}

function tooLarge(maxBytes: number): Refusal {
  return new Refusal(413, `the body is larger than ${maxBytes} bytes: send smaller batches, or raise maxBytes`);
}
