import { type PlaygroundState, readState } from './state.js';

/** A state that was read from a link, or why there is none, as a sentence. */
export type LinkResult = { readonly state: PlaygroundState } | { readonly problem: string };

/** Browsers and chat programs cut longer addresses. */
export const maxFragmentLength = 64_000;
/** A few kilobytes of a hostile link could unpack to gigabytes. */
const maxUnpackedBytes = 1_000_000;
/** The first part of a fragment, so that a later format can be told apart. */
const format = '1.';

/**
 * The fragment of a link, without `#`: `1.`, and the state as JSON, deflated, in base64url.
 *
 * @returns `undefined` if the state is too large for a link.
 */
export async function encodeState(state: PlaygroundState): Promise<string | undefined> {
  const packed = await collect(new Blob([JSON.stringify(state)]).stream(), new CompressionStream('deflate-raw'));
  const binary = Array.from(packed ?? [], (byte) => String.fromCharCode(byte)).join('');
  const text = btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
  const fragment = format + text;
  return fragment.length > maxFragmentLength ? undefined : fragment;
}

/** Reads the fragment of a link, without `#`. It may be anything. */
export async function decodeState(fragment: string): Promise<LinkResult> {
  if (!fragment.startsWith(format)) return { problem: 'The link cannot be read by this version of the playground.' };
  if (fragment.length > maxFragmentLength) return { problem: 'The link is too long.' };
  const binary = readBase64(fragment.slice(format.length));
  if (binary === undefined) return { problem: 'The link is incomplete or was changed.' };
  try {
    const bytes = Uint8Array.from(binary, (char) => char.charCodeAt(0));
    const unpacked = await collect(new Blob([bytes]).stream(), new DecompressionStream('deflate-raw'));
    if (unpacked === undefined) return { problem: 'The link contains too much.' };
    const state = readState(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(unpacked)));
    return state === undefined ? { problem: 'The link does not contain a playground.' } : { state };
  } catch {
    return { problem: 'The link is incomplete or was changed.' };
  }
}

/** Pipes a stream through another and collects the result; `undefined` if it is too large. */
async function collect(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  through: CompressionStream | DecompressionStream,
): Promise<Uint8Array | undefined> {
  const reader = stream.pipeThrough(through).getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    length += read.value.length;
    if (length > maxUnpackedBytes) {
      await reader.cancel();
      return undefined;
    }
    chunks.push(read.value);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

function readBase64(text: string): string | undefined {
  if (!/^[\w-]+$/.test(text)) return undefined;
  try {
    return atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    return undefined;
  }
}
