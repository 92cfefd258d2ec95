import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { maxResponseBytes, readFetchResponse } from '../../src/onesignal/response-body.js';

const bytes = new TextEncoder().encode('{"name":"Köln 猫😀"}');
/** Every byte is a separate chunk, so that no character of several bytes arrives whole. */
const chunks = Array.from(bytes, (byte) => Uint8Array.of(byte));
const sources: [string, (parts: readonly Uint8Array[]) => unknown][] = [
  ['a web stream', (parts) => ReadableStream.from(parts)],
  ['a stream of Node', (parts) => Readable.from(parts, { objectMode: false })],
];
const read = async (body: unknown) => {
  const text = () => Promise.reject(new Error('a stream is not read as a whole'));
  return (await readFetchResponse({ status: 200, headers: {}, body, text })).body;
};

describe.each(sources)('the body of a response that is %s', (_, streamOf) => {
  test('is the same however its bytes are divided', async () => {
    expect(await read(streamOf(chunks))).toEqual({ name: 'Köln 猫😀' });
  });

  test('is read up to 1 MB; beyond that, only the beginning is kept, which is not JSON', async () => {
    const parts = (count: number) => streamOf(Array.from({ length: count }, () => new Uint8Array(1_000).fill(0x20)));
    expect(await read(parts(maxResponseBytes / 1_000))).toBe(' '.repeat(maxResponseBytes));
    expect(await read(parts(maxResponseBytes / 1_000 + 1))).toBe(`${' '.repeat(1_000)}…`);
  });
});
