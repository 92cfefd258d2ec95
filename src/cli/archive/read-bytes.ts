import { createGunzip, type Gunzip } from 'node:zlib';

/** The first two bytes of every gzip file. */
const gzipMagic = [0x1f, 0x8b];

/**
 * Reads a source, unpacked if its first bytes say that it is gzip. Its name does not count: browsers and S3 clients
 * unpack files without renaming them.
 *
 * Several gzip members in one file, as `cat` makes them, are read one after the other.
 *
 * @throws if the gzip data is damaged or ends too soon, after all the bytes before.
 */
export async function* readBytes(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const chunks = source[Symbol.asyncIterator]();
  try {
    let head = new Uint8Array(0);
    while (head.length < gzipMagic.length) {
      const { done, value } = await chunks.next();
      if (done) break;
      head = Buffer.concat([head, value]);
    }
    const whole = startingWith(head, chunks);
    yield* gzipMagic.every((byte, index) => head[index] === byte) ? unzip(whole) : whole;
  } finally {
    await chunks.return?.();
  }
}

async function* startingWith(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

async function* unzip(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  // The stream keeps at most one chunk, because an error discards what it has not handed out yet.
  const options = { chunkSize: 65_536, readableHighWaterMark: 1 };
  const gunzip = createGunzip(options);
  const write = async (): Promise<void> => {
    // A chunk is written when the one before has been unpacked: zlib discards what it unpacks together with an error.
    for await (const chunk of source) {
      if (gunzip.destroyed) return;
      await written(gunzip, chunk);
    }
    gunzip.end();
  };
  const allWritten = write().catch((error: unknown) => {
    gunzip.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  try {
    for await (const chunk of gunzip) yield chunk;
  } finally {
    gunzip.destroy();
    await allWritten;
  }
}

function written(gunzip: Gunzip, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      gunzip.off('close', done);
      resolve();
    };
    // After an error in the data, the callback of a write is never called.
    gunzip.once('close', done);
    gunzip.write(chunk, done);
  });
}
