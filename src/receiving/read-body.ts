import type { BodyShare } from './body-budget.js';
import { Refusal } from './refusal.js';
import { createContainerCounter } from './scan-json.js';

/** How many bytes of a body are read, and for how long. */
export interface ReadLimits {
  /** Bytes, before and after decompression. */
  maxBytes: number;
  /** Milliseconds that the client has to send the whole body. */
  deadlineMs: number;
}

type Bytes = Uint8Array<ArrayBuffer>;
type Reader = ReadableStreamDefaultReader<Uint8Array>;

/**
 * Reads a body as it was sent. Size, time and memory are bounded while it is read (W1).
 *
 * @throws {@link Refusal} 413 too large, 408 too slow, 400 cut off, 415 compressed but not with gzip, 503 busy.
 * @internal
 */
export async function readBody(
  request: Request,
  { maxBytes, deadlineMs }: ReadLimits,
  share: BodyShare,
): Promise<Bytes> {
  // Decided by the bytes later: a body parser may have unpacked them and kept the header.
  if (!['identity', 'gzip', 'x-gzip'].includes(encodingOf(request))) throw unsupported();
  // Checked before reading, so that a client that announces too much need not send it.
  if (Number(request.headers.get('content-length')) > maxBytes) throw tooLarge(maxBytes);
  if (request.body === null) return new Uint8Array();
  return within(deadlineMs, request.body.getReader(), maxBytes, share);
}

/**
 * Unpacks a body if it is gzip, whatever `Content-Encoding` says: the first bytes of gzip cannot begin a JSON text.
 *
 * A body with more objects and arrays than a parser can take is refused at its first pieces, packed or not.
 *
 * @throws {@link Refusal} 413 too large, 415 if the runtime cannot decompress, 400 if it is not valid gzip, 503 busy,
 * 401 if it holds too many objects and arrays and its sender is not authorized yet.
 * @internal
 */
export async function unpack(
  sent: Bytes,
  share: BodyShare,
  { maxBytes, isAuthorized }: { maxBytes: number; isAuthorized: boolean },
): Promise<Bytes> {
  const inspect = createInspection(maxBytes, isAuthorized ? 413 : 401);
  if (sent[0] !== 0x1f || sent[1] !== 0x8b) {
    for (let start = 0; start < sent.length; start += pieceBytes) inspect(sent.subarray(start, start + pieceBytes));
    return sent;
  }
  if (typeof DecompressionStream === 'undefined') throw unsupported();
  const source = new ReadableStream<Bytes>({
    start(controller) {
      controller.enqueue(sent);
      controller.close();
    },
  });
  const reader: Reader = source.pipeThrough(new DecompressionStream('gzip')).getReader();
  try {
    return await readAll(reader, maxBytes, share, inspect);
  } catch (thrown) {
    // The stream stops unpacking when its reader stops.
    cancelQuietly(reader);
    if (thrown instanceof Refusal) throw thrown;
    throw new Refusal(400, 'The body is not valid gzip');
  }
}

const pieceBytes = 65_536;
/** Real events have an object or array about every 40 bytes. */
const minBytesPerContainer = 20;
const minContainers = 10_000;

/** Looks at a body piece by piece, and refuses it as soon as it holds too many objects and arrays. */
function createInspection(maxBytes: number, status: 401 | 413): (piece: Uint8Array) => void {
  const maxContainers = Math.max(Math.floor(maxBytes / minBytesPerContainer), minContainers);
  const count = createContainerCounter();
  return (piece) => {
    if (count(piece) <= maxContainers) return;
    throw new Refusal(status, `The body contains more than ${maxContainers} objects and arrays. Send smaller bodies.`);
  };
}

function encodingOf(request: Request): string {
  return request.headers.get('content-encoding')?.trim().toLowerCase() || 'identity';
}

/** A client that sends one byte per minute must not hold a connection and a handler forever. */
async function within(ms: number, reader: Reader, maxBytes: number, share: BodyShare): Promise<Bytes> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Refusal(408, 'The body did not arrive in time. Send it again.')), ms);
  });
  try {
    return await Promise.race([readAll(reader, maxBytes, share), late]);
  } catch (thrown) {
    cancelQuietly(reader);
    if (thrown instanceof Refusal) throw thrown;
    throw new Refusal(400, 'The body ended early or could not be read');
  } finally {
    clearTimeout(timer);
  }
}

/** Collects in one growing buffer: a body that comes byte by byte must not cost an object for each. */
async function readAll(
  reader: Reader,
  maxBytes: number,
  share: BodyShare,
  inspect: (piece: Uint8Array) => void = () => {},
): Promise<Bytes> {
  let buffer: Bytes = new Uint8Array();
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return buffer.subarray(0, size);
    const needed = size + value.byteLength;
    if (needed > maxBytes) throw tooLarge(maxBytes);
    inspect(value);
    if (needed > buffer.length) {
      const capacity = Math.min(Math.max(needed, 2 * buffer.length), maxBytes);
      share.grow(capacity - buffer.length);
      const grown = new Uint8Array(capacity);
      grown.set(buffer);
      buffer = grown;
    }
    buffer.set(value, size);
    size = needed;
  }
}

/** A stream may reject its own cancellation, which does not matter here. */
function cancelQuietly(reader: Reader): void {
  reader.cancel().catch(() => {});
}

function unsupported(): Refusal {
  return new Refusal(415, 'The Content-Encoding is not supported. Send the body uncompressed or with gzip.');
}

function tooLarge(maxBytes: number): Refusal {
  return new Refusal(413, `The body is larger than ${maxBytes} bytes. Send smaller bodies, or raise maxBytes.`);
}
