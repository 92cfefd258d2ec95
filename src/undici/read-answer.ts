import { asFetchDoes, cutText, readStream } from '../onesignal/response-body.js';
import type { OneSignalResponse } from '../onesignal/transport.js';

/** What a Pool received. */
export interface ReceivedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The body as it came. The Pool bounds it by `maxResponseSize`. */
  readonly chunks: readonly Uint8Array[] | 'too long';
}

const utf8 = new TextDecoder();

/**
 * Reads an answer as fetch does: undici leaves it to its caller to unpack the body. What it unpacks to is bounded here.
 *
 * @internal
 */
export async function readAnswer({ status, headers, chunks }: ReceivedAnswer): Promise<OneSignalResponse> {
  if (chunks === 'too long') return asFetchDoes(status, headers, cutText(''));
  const formats = formatsOf(String(headers['content-encoding'] ?? ''));
  const text = formats.length === 0 ? utf8.decode(joined(chunks)) : await readUnpacked(chunks, formats);
  return asFetchDoes(status, headers, text);
}

/** Nearly always there is one chunk. */
function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const [first, ...others] = chunks;
  return first !== undefined && others.length === 0 ? first : Buffer.concat(chunks);
}

type Format = 'gzip' | 'deflate';

/** In the order in which they are unpacked. A compression that Node cannot unpack leaves text that is not JSON. */
function formatsOf(encoding: string): Format[] {
  if (encoding === '') return [];
  const formats = new Map<string, Format>([
    ['gzip', 'gzip'],
    ['x-gzip', 'gzip'],
    ['deflate', 'deflate'],
  ]);
  const names = encoding.toLowerCase().split(',').reverse();
  return names.flatMap((name) => formats.get(name.trim()) ?? []);
}

async function readUnpacked(chunks: readonly Uint8Array[], formats: readonly Format[]): Promise<string> {
  // An empty body is empty in every compression.
  if (chunks.every(({ byteLength }) => byteLength === 0)) return '';
  const packed = new Blob([...chunks]).stream();
  return readStream(formats.reduce((stream, format) => stream.pipeThrough(new DecompressionStream(format)), packed));
}
