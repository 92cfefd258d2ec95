import { createHmac } from 'node:crypto';
import { constants, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createKeeping, createReceiver, post, signatureOf, statusAndBody } from './receiver.js';

const event = { type: 'identify', userId: 'u1', traits: { name: 'Zoë' } };
const text = JSON.stringify(event);
const bytes = new TextEncoder().encode(text);

/** A body that arrives in pieces. `asked` counts the pieces that were requested. */
function piecewise(pieces: Iterable<Uint8Array>): {
  body: ReadableStream<Uint8Array>;
  asked: () => number;
  cancelled: () => boolean;
} {
  const iterator = pieces[Symbol.iterator]();
  let asked = 0;
  let isCancelled = false;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        asked += 1;
        const { value, done } = iterator.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel() {
        isCancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { body, asked: () => asked, cancelled: () => isCancelled };
}

const streamed = (body: ReadableStream<Uint8Array>, headers: Record<string, string> = {}) =>
  new Request('http://receiver.test/segment', { method: 'POST', body, headers, duplex: 'half' });

test('a body is read however it is split into pieces, even in the middle of a character', async () => {
  const { handler, events } = createKeeping();
  const { body } = piecewise(Array.from(bytes, (byte) => Uint8Array.of(byte)));
  expect((await handler(streamed(body))).status).toBe(200);
  expect(events).toEqual([event]);
});

test('the content type does not matter: browsers send text/plain', async () => {
  const { handler, events } = createKeeping();
  await handler(post(text, { 'content-type': 'text/plain' }));
  expect(events).toEqual([event]);
});

test.each<[string, string | Uint8Array<ArrayBuffer> | null]>([
  ['nothing', null],
  ['an empty string', ''],
  ['a body that is not JSON', 'type=identify&userId=u1'],
  ['half of a body', text.slice(0, -1)],
  ['two bodies in one', `${text}\n${text}`],
  ['a body after a byte order mark', `\uFEFF${text}`],
  ['bytes that are not UTF-8', Uint8Array.of(0x22, 0xff, 0x22)],
  ['a truncated character', bytes.slice(0, text.indexOf('ë') + 1)],
])('%s is a 400', async (_what, body) => {
  const { handler, events } = createKeeping();
  const { status, body: answer } = await statusAndBody(await handler(post(body)));
  expect(status).toBe(400);
  expect(answer).toEqual({ message: expect.stringMatching(/^The body is not valid (JSON|UTF-8)$/) });
  expect(events).toEqual([]);
});

test('a truncated body is a 400', async () => {
  const { handler } = createKeeping();
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.error(new Error('secret'));
    },
  });
  expect(await statusAndBody(await handler(streamed(body)))).toEqual({
    status: 400,
    body: { message: 'The body ended early or could not be read' },
  });
});

describe('the size is bounded', () => {
  test('by the Content-Length header, before a byte is read', async () => {
    const { handler } = createKeeping({ allowUnsigned: true, maxBytes: 100 });
    const { body, asked } = piecewise([new Uint8Array(101)]);
    expect((await handler(streamed(body, { 'content-length': '101' }))).status).toBe(413);
    expect(asked()).toBe(0);
  });

  test('while it is read, without reading more than necessary', async () => {
    const { handler } = createKeeping({ allowUnsigned: true, maxBytes: 100 });
    const endless = (function* () {
      for (;;) yield new Uint8Array(40).fill(0x20);
    })();
    const { body, asked, cancelled } = piecewise(endless);
    const { status, body: answer } = await statusAndBody(await handler(streamed(body)));
    expect(status).toBe(413);
    expect(answer).toEqual({ message: expect.stringContaining('100 bytes') });
    expect(asked()).toBe(3);
    expect(cancelled()).toBe(true);
  });

  test('to the byte', async () => {
    const of = (maxBytes: number) => createKeeping({ allowUnsigned: true, maxBytes }).handler(post(text));
    expect((await of(bytes.length)).status).toBe(200);
    expect((await of(bytes.length - 1)).status).toBe(413);
  });

  test("by 5,000,000 bytes by default, so that Segment's 4 MB pass", async () => {
    const { handler } = createKeeping();
    const padded = (size: number) => text + ' '.repeat(size - bytes.length);
    expect((await handler(post(padded(5_000_000)))).status).toBe(200);
    expect((await handler(post(padded(5_000_001)))).status).toBe(413);
  });

  test('in events too', async () => {
    const { handler, events } = createKeeping({ allowUnsigned: true, maxEvents: 2 });
    expect((await handler(post('[1,2]'))).status).toBe(200);
    expect((await handler(post('[1,2,3]'))).status).toBe(413);
    expect((await handler(post('{"batch":[1,2,3]}', {}, '/v1/batch'))).status).toBe(413);
    expect(events).toEqual([1, 2]);
  });
});

describe('compressed with gzip', () => {
  const gzip = { 'content-encoding': 'gzip' };
  const compressed = (content: string | Uint8Array) => new Uint8Array(gzipSync(content));

  test('a body is accepted', async () => {
    const { handler, events } = createKeeping();
    expect((await handler(post(compressed(text), gzip))).status).toBe(200);
    expect(events).toEqual([event]);
  });

  test('a bomb is a 413', async () => {
    const { handler } = createKeeping();
    const bomb = compressed(new Uint8Array(200_000_000));
    expect(bomb.length).toBeLessThan(1_000_000);
    expect((await handler(post(bomb, gzip))).status).toBe(413);
  });

  test.each<[string, Uint8Array]>([
    ['gzip with only its first bytes', compressed(text).slice(0, 2)],
    ['truncated gzip', compressed(text.repeat(100)).slice(0, -9)],
    [
      'gzip with a wrong checksum',
      compressed(text).map((byte, index, all) => (index === all.length - 6 ? byte ^ 1 : byte)),
    ],
    ['nothing', new Uint8Array()],
  ])('%s is a 400', async (_what, body) => {
    const { handler } = createKeeping();
    expect((await handler(post(new Uint8Array(body), gzip))).status).toBe(400);
  });

  test('a body that was decompressed but kept its header is accepted, as from express.raw()', async () => {
    for (const encoding of ['gzip', 'x-gzip', 'GZIP']) {
      const { handler, events } = createKeeping({ secrets: ['shh'] });
      const headers = { 'content-encoding': encoding, 'x-signature': signatureOf(text, 'shh') };
      expect((await handler(post(text, headers))).status).toBe(200);
      expect(events).toEqual([event]);
    }
  });

  test('a body that lost its header is accepted', async () => {
    const { handler, events } = createKeeping();
    expect((await handler(post(compressed(text)))).status).toBe(200);
    expect(events).toEqual([event]);
  });

  test('the signature covers the uncompressed body', async () => {
    const { handler } = createKeeping({ secrets: ['shh'] });
    const packed = compressed(text);
    const signedAs = (signed: string) => handler(post(packed, { ...gzip, 'x-signature': signed }));
    expect((await signedAs(signatureOf(text, 'shh'))).status).toBe(200);
    expect((await signedAs(createHmac('sha1', 'shh').update(packed).digest('hex'))).status).toBe(401);
  });

  test('any other compression is a 415, and the destination sees nothing', async () => {
    const { handler, events } = createKeeping();
    for (const encoding of ['br', 'deflate', 'gzip, gzip']) {
      expect((await handler(post(text, { 'content-encoding': encoding }))).status).toBe(415);
    }
    expect(events).toEqual([]);
  });

  test('a body is a 415 if the runtime cannot decompress', async () => {
    vi.stubGlobal('DecompressionStream', undefined);
    try {
      expect((await createKeeping().handler(post(compressed(text), gzip))).status).toBe(415);
    } finally {
      vi.unstubAllGlobals();
    }
  });

  test('"identity" is not compressed', async () => {
    expect((await createKeeping().handler(post(text, { 'content-encoding': 'identity' }))).status).toBe(200);
  });

  test('many empty gzip members are bounded as well', async () => {
    const empty = gzipSync('', { level: constants.Z_NO_COMPRESSION });
    const body = new Uint8Array(Buffer.concat(Array.from({ length: 100 }, () => empty)));
    const { handler } = createKeeping({ allowUnsigned: true, maxBytes: 500 });
    expect((await handler(post(body, gzip))).status).toBe(413);
  });
});

describe('a body that arrives too slowly', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  test('is a 408 when the deadline has passed, and is read no further', async () => {
    const { handler } = createKeeping({ allowUnsigned: true, deadlineMs: 1_000 });
    let isCancelled = false;
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(Uint8Array.of(0x7b));
      },
      cancel() {
        isCancelled = true;
      },
    });
    const answered = handler(streamed(body));
    await vi.advanceTimersByTimeAsync(1_000);
    expect((await answered).status).toBe(408);
    expect(isCancelled).toBe(true);
  });

  test('leaves the destination only the rest of the time', async () => {
    const deadlines: unknown[] = [];
    const { createWebhookHandler } = await import('../../src/webhook/index.js');
    const handler = createWebhookHandler(
      {
        async deliver(_inputs, { deadlineMs } = {}) {
          deadlines.push(deadlineMs);
          return [{ status: 'delivered', applied: [], dropped: [], warnings: [] }];
        },
      },
      { allowUnsigned: true },
    );
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        setTimeout(() => {
          controller.enqueue(bytes);
          controller.close();
        }, 1_500);
      },
    });
    const answered = handler(streamed(body));
    await vi.advanceTimersByTimeAsync(1_500);
    expect((await answered).status).toBe(200);
    expect(deadlines).toEqual([3_000]);
  });

  test('leaves no timer behind if it arrives in time', async () => {
    await createKeeping().handler(post(text));
    expect(vi.getTimerCount()).toBe(0);
  });
});

test('a body that arrives byte by byte is joined into one piece, within the limit', async () => {
  const { handler, events } = createKeeping({ allowUnsigned: true, maxBytes: 100_000 });
  const drops = (function* () {
    yield bytes;
    for (let count = bytes.length; count < 100_000; count += 1) yield Uint8Array.of(0x20);
  })();
  expect((await handler(streamed(piecewise(drops).body))).status).toBe(200);
  expect(events).toEqual([event]);
});

describe('the number of objects and arrays is bounded, because a parser needs memory for each', () => {
  const packed = (content: string) => new Uint8Array(gzipSync(content));
  const batchOf = (count: number) => `[[${'{},'.repeat(count - 3)}{}]]`;

  test.each([
    ['uncompressed', (content: string) => content],
    ['compressed', packed],
  ])('%s', async (_how, encode) => {
    const { handler } = createKeeping();
    expect((await handler(post(encode(batchOf(250_000))))).status).toBe(200);
    const { status, body } = await statusAndBody(await handler(post(encode(batchOf(250_001)))));
    expect(status).toBe(413);
    expect(body).toEqual({ message: expect.stringContaining('250000 objects and arrays') });
  });

  test('in proportion to maxBytes', async () => {
    const { handler } = createKeeping({ allowUnsigned: true, maxBytes: 10_000_000 });
    expect((await handler(post(batchOf(500_000)))).status).toBe(200);
    expect((await handler(post(batchOf(500_001)))).status).toBe(413);
  });

  test('but not within strings, even if a piece of the body ends with a backslash', async () => {
    const { handler, events } = createKeeping({ allowUnsigned: true, maxBytes: 300_000 });
    // The decompressor yields pieces of 16 or 64 kB, and there is an escaped quote at every possible boundary.
    const tricky = JSON.stringify({ a: '\\"['.repeat(40_000), b: [] });
    expect((await handler(post(tricky))).status).toBe(200);
    expect((await handler(post(packed(tricky)))).status).toBe(200);
    expect(events).toHaveLength(2);
  });
});

describe('the depth is bounded', () => {
  const nested = (levels: number) =>
    `{"type":"identify","userId":"u1","traits":${'['.repeat(levels)}${']'.repeat(levels)}}`;

  test.each([101, 10_000, 100_000])('%i levels in one event are a 400 that says so', async (levels) => {
    const { handler, events } = createKeeping();
    const { status, body } = await statusAndBody(await handler(post(nested(levels))));
    expect(status).toBe(400);
    expect(body).toMatchObject({ message: 'The event is nested more than 100 levels deep.' });
    expect(events).toEqual([]);
  });

  test('an event with the maximum depth passes', async () => {
    const { handler, events } = createKeeping();
    expect((await handler(post(nested(99)))).status).toBe(200);
    expect(events).toHaveLength(1);
  });

  test('in a batch, only the deeply nested events fail, and the outcomes keep their order', async () => {
    const { handler, sandbox } = createReceiver({ allowUnsigned: true });
    const fine = (userId: string) => JSON.stringify({ messageId: userId, type: 'identify', userId, traits: { a: 1 } });
    const batch = `[${fine('u1')},${nested(10_000)},${fine('u2')},${nested(101)}]`;
    expect(await statusAndBody(await handler(post(batch)))).toMatchObject({
      status: 200,
      body: {
        outcomes: [
          { messageId: 'u1', status: 'delivered' },
          { status: 'failed', code: 'invalid_event' },
          { messageId: 'u2', status: 'delivered' },
          { status: 'failed', code: 'invalid_event' },
        ],
      },
    });
    expect(sandbox.users()).toHaveLength(2);
  });
});
