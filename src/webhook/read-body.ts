import { Refusal } from './refusal.js';

/** How many bytes of a body are read, and for how long. */
export interface ReadLimits {
  /** Bytes, before and after decompression. */
  maxBytes: number;
  /** Milliseconds that the client has to send the whole body. */
  deadlineMs: number;
}

/**
 * Reads a body as text. Size and time are bounded while it is read, before anything is parsed (W1).
 *
 * @throws {@link Refusal} 413 too large, 408 too slow, 415 compressed but not with gzip, 400 not UTF-8 or cut off.
 * @internal
 */
export async function readBody(request: Request, { maxBytes, deadlineMs }: ReadLimits): Promise<string> {
  const encoding = request.headers.get('content-encoding')?.trim().toLowerCase() ?? 'identity';
  if (encoding !== 'identity' && (encoding !== 'gzip' || typeof DecompressionStream === 'undefined')) {
    throw new Refusal(415, 'The Content-Encoding is not supported. Send the body uncompressed or with gzip.');
  }
  // Checked before reading, so that a client that announces too much need not send it.
  if (Number(request.headers.get('content-length')) > maxBytes) throw tooLarge(maxBytes);
  if (request.body === null) return '';
  const sent = await within(deadlineMs, request.body.getReader(), maxBytes);
  return decode(encoding === 'gzip' ? await decompress(sent, maxBytes) : sent);
}

/** A parsed body. Authorization comes first, so a body that is not JSON is a value here and not yet an error. */
export type JsonBody = { ok: true; value: unknown } | { ok: false };

/** @internal */
export function parseJsonBody(text: string): JsonBody {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false };
  }
}

/** A client that sends one byte per minute must not hold a connection and a handler forever. */
async function within(ms: number, reader: Reader, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Refusal(408, 'The body did not arrive in time. Send it again.')), ms);
  });
  try {
    return await Promise.race([readAll(reader, maxBytes), late]);
  } catch (thrown) {
    cancelQuietly(reader);
    if (thrown instanceof Refusal) throw thrown;
    throw new Refusal(400, 'The body ended early or could not be read');
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

/** A stream may reject its own cancellation, which does not matter here. */
function cancelQuietly(reader: Reader): void {
  reader.cancel().catch(() => {});
}

/** A decompression bomb is bounded like any other body: once the reader stops, the stream stops too. */
async function decompress(bytes: Uint8Array<ArrayBuffer>, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const reader: Reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  try {
    return await readAll(reader, maxBytes);
  } catch (thrown) {
    cancelQuietly(reader);
    if (thrown instanceof Refusal) throw thrown;
    throw new Refusal(400, 'The body is not valid gzip');
  }
}

function decode(bytes: Uint8Array): string {
  try {
    // A byte order mark is kept: the signature covers it, and JSON does not allow it.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Refusal(400, 'The body is not valid UTF-8');
  }
}

function tooLarge(maxBytes: number): Refusal {
  return new Refusal(413, `The body is larger than ${maxBytes} bytes. Send smaller batches, or raise maxBytes.`);
}
