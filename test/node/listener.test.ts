import { once } from 'node:events';
import {
  Agent,
  createServer,
  get,
  type IncomingMessage,
  type ServerResponse,
  request as startRequest,
} from 'node:http';
import net from 'node:net';
import { text } from 'node:stream/consumers';
import { runInNewContext } from 'node:vm';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import express from 'express';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { toNodeListener } from '../../src/node/index.js';

type Handler = (request: Request) => Response | Promise<Response>;
type Listener = (request: IncomingMessage, response: ServerResponse) => void;

const servers: ReturnType<typeof createServer>[] = [];

async function serve(handler: Handler, around: (listener: Listener) => Listener = (listener) => listener) {
  const server = createServer(around(toNodeListener(handler)));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port');
  return { url: `http://127.0.0.1:${address.port}`, port: address.port };
}

function deferred<T>() {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

afterEach(async () => {
  for (const server of servers.splice(0)) {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }
});

/** Sends raw bytes to the server and returns its answer. */
async function send(port: number, bytes: string): Promise<string> {
  const socket = net.connect(port, '127.0.0.1');
  socket.end(bytes);
  return text(socket);
}

/** Resolves when a connection closes, even after a reset, which would make `once` reject. */
const closing = (socket: net.Socket) => new Promise((resolve) => socket.on('close', resolve));

describe('the request', () => {
  test('reaches the handler with method, URL, headers and the raw body', async () => {
    const { url, port } = await serve(async (request) => {
      const bytes = [...new Uint8Array(await request.arrayBuffer())];
      const { method, headers } = request;
      return Response.json({ method, url: request.url, type: headers.get('content-type'), bytes });
    });
    const response = await fetch(`${url}/a%2Fb?c=d%20e`, {
      method: 'PUT',
      headers: { 'content-type': 'application/octet-stream' },
      body: new Uint8Array([0, 255, 128, 10]),
    });
    expect(await response.json()).toEqual({
      method: 'PUT',
      url: `http://127.0.0.1:${port}/a%2Fb?c=d%20e`,
      type: 'application/octet-stream',
      bytes: [0, 255, 128, 10],
    });
  });

  test('streams its body: the handler reads the first part before the second is sent', async () => {
    const { promise: firstRead, resolve: tellFirstRead } = deferred<void>();
    const { port } = await serve(async (request) => {
      const parts: string[] = [];
      for await (const part of request.body ?? []) {
        parts.push(new TextDecoder().decode(part));
        tellFirstRead();
      }
      return Response.json(parts);
    });
    const outgoing = startRequest({ port, method: 'POST' });
    outgoing.write('first');
    await firstRead;
    outgoing.end('second');
    const [response]: IncomingMessage[] = await once(outgoing, 'response');
    expect(response && (await text(response))).toBe('["first","second"]');
  });

  test('without a body has a null body, not an empty stream', async () => {
    const { url } = await serve((request) => Response.json(request.body === null));
    expect(await (await fetch(url)).json()).toBe(true);
    expect(await (await fetch(url, { method: 'POST' })).json()).toBe(true);
  });

  test('is read only as fast as the handler reads', async () => {
    const { promise: full, resolve: tellFull } = deferred<void>();
    const { port } = await serve(async (request) => {
      await full;
      return new Response(String((await request.arrayBuffer()).byteLength));
    });
    const outgoing = startRequest({ port, method: 'POST' });
    const chunk = Buffer.alloc(1_000_000);
    let sent = 0;
    // The system's buffers hold a few megabytes; a listener that reads ahead would read all 100.
    while (sent < 100 && outgoing.write(chunk, () => undefined)) sent += 1;
    const answered = once(outgoing, 'response');
    for (; sent < 100; sent += 1) outgoing.write(chunk);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(outgoing.writableLength).toBeGreaterThan(50_000_000);
    tellFull();
    outgoing.end();
    const [response]: IncomingMessage[] = await answered;
    expect(response && (await text(response))).toMatch(/^10[01]000000$/);
  });

  test('aborts its signal when the client disconnects', async () => {
    const { promise: reached, resolve: tellReached } = deferred<void>();
    const { promise: reason, resolve: tellReason } = deferred<unknown>();
    const { url } = await serve(({ signal }) => {
      tellReached();
      signal.addEventListener('abort', () => tellReason(signal.reason));
      return new Promise(() => {});
    });
    const controller = new AbortController();
    const gone = fetch(url, { signal: controller.signal }).catch((error: unknown) => error);
    await reached;
    controller.abort();
    await gone;
    expect(await reason).toHaveProperty('name', 'AbortError');
  });

  test('does not abort its signal if all goes well', async () => {
    let signal: AbortSignal | undefined;
    const { url } = await serve((request) => {
      signal = request.signal;
      return new Response('done');
    });
    await (await fetch(url, { headers: { connection: 'close' } })).text();
    expect(signal?.aborted).toBe(false);
  });

  test('cannot be read to its end when the client disconnects halfway, and nothing else breaks', async () => {
    const { promise: outcome, resolve } = deferred<unknown>();
    const { url, port } = await serve(async (request) => {
      if (request.method === 'POST')
        await request.text().then(
          () => resolve('read'),
          (error: unknown) => resolve(error),
        );
      return new Response('alive');
    });
    const socket = net.connect(port, '127.0.0.1');
    socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc', () => socket.destroy());
    expect(await outcome).toBeInstanceOf(Error);
    expect(await (await fetch(url)).text()).toBe('alive');
  });

  test.each([
    ['a host that is a whole URL', 'GET / HTTP/1.1\r\nHost: user@evil/path?\r\n\r\n'],
    ['a host that is not valid in a URL', 'GET / HTTP/1.1\r\nHost: [::\r\n\r\n'],
    ['an invalid port', 'GET / HTTP/1.1\r\nHost: a:99999\r\n\r\n'],
    ['a target that is neither path nor URL', 'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['a method that Fetch does not know', 'TRACE / HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['a target of another scheme', 'GET ftp://a/b HTTP/1.1\r\nHost: a\r\n\r\n'],
  ])('with %s is a 400', async (_what, bytes) => {
    const { port } = await serve(() => new Response('reached'));
    const answer = await send(port, bytes.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toMatch(/\{"error":"[^"]+"\}/);
  });

  test.each([
    ['//evil/path', 'http://a//evil/path'],
    ['http://evil:1/path?q', 'http://a/path?q'],
  ])('keeps its host even if its target names another: %s', async (target, url) => {
    const { port } = await serve((request) => new Response(request.url));
    expect(await send(port, `GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)).toContain(url);
  });
});

describe('behind a body parser', () => {
  /** Imitates body parsers such as `express.json()`: reads everything and keeps the result in `request.body`. */
  const parsing =
    (keep: (request: IncomingMessage, body: string) => object) =>
    (listener: Listener): Listener =>
    (request, response) => {
      void text(request).then((body) => listener(Object.assign(request, keep(request, body)), response));
    };
  const echo: Handler = async (request) => new Response(await request.text());
  const post = (url: string) => fetch(url, { method: 'POST', body: '{"a":1}' });

  test.each([
    ['a Buffer in body', (body: string) => ({ body: Buffer.from(body) })],
    ['a string in body', (body: string) => ({ body })],
    ['a Buffer in rawBody beside the parsed body', (body: string) => ({ body: { a: 1 }, rawBody: Buffer.from(body) })],
  ])('the bytes that it kept are used: %s', async (_what, keep) => {
    const { url } = await serve(
      echo,
      parsing((_request, body) => keep(body)),
    );
    expect(await (await post(url)).text()).toBe('{"a":1}');
  });

  describe.each([
    ['express.raw()', () => express.raw({ type: '*/*' })],
    ['express.text()', () => express.text({ type: '*/*' })],
    [
      'express.json() that keeps rawBody',
      () =>
        express.json({
          type: '*/*',
          verify: (request, _response, rawBody) => void Object.assign(request, { rawBody }),
        }),
    ],
  ])('%s', (_name, parser) => {
    test.each<[string, (text: string) => Buffer]>([
      ['gzip', gzipSync],
      ['deflate', deflateSync],
      ['br', brotliCompressSync],
      ['identity', Buffer.from],
    ])('the headers describe a decompressed body: %s', async (encoding, pack) => {
      const { url } = await serve(
        async (request) =>
          Response.json({
            text: await request.text(),
            encoding: request.headers.get('content-encoding'),
            length: request.headers.get('content-length'),
          }),
        (listener) => express().use(parser()).use(listener),
      );
      const sent = JSON.stringify({ a: 'a'.repeat(100) });
      const headers = { 'content-type': 'application/json', 'content-encoding': encoding };
      const response = await fetch(url, { method: 'POST', headers, body: new Uint8Array(pack(sent)) });
      const expected = encoding === 'identity' ? 'identity' : null;
      expect(await response.json()).toEqual({ text: sent, encoding: expected, length: String(sent.length) });
    });
  });

  test('that kept the bytes as they were sent, the headers still say that they are compressed', async () => {
    const packed = gzipSync('{"a":1}');
    const { url } = await serve(
      (request) => Response.json(request.headers.get('content-encoding')),
      (listener) => (request, response) => listener(Object.assign(request, { rawBody: packed }), response),
    );
    const response = await fetch(url, { method: 'POST', headers: { 'content-encoding': 'gzip' }, body: packed });
    expect(await response.json()).toBe('gzip');
  });

  test('that kept only the parsed object, the answer is a 500 that says where to mount the listener', async () => {
    const { url } = await serve(
      echo,
      parsing((_request, body) => ({ body: JSON.parse(body) })),
    );
    const response = await post(url);
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({
      error: expect.stringMatching(/Mount this listener before the body parser/),
    });
  });

  test('that did not read the body and only set an empty object, the stream is read', async () => {
    const { url } = await serve(
      echo,
      (listener): Listener =>
        (request, response) =>
          listener(Object.assign(request, { body: {} }), response),
    );
    expect(await (await post(url)).text()).toBe('{"a":1}');
  });
});

describe('the response', () => {
  test('is written with status, headers, body and each cookie separately', async () => {
    const { url } = await serve(() => {
      const response = new Response('body', { status: 418, headers: { 'x-one': '1' } });
      response.headers.append('set-cookie', 'a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT');
      response.headers.append('set-cookie', 'b=2');
      return response;
    });
    const response = await fetch(url);
    expect(response.status).toBe(418);
    expect(response.headers.get('x-one')).toBe('1');
    expect(response.headers.getSetCookie()).toEqual(['a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT', 'b=2']);
    expect(await response.text()).toBe('body');
  });

  test('to HEAD has no body', async () => {
    const { port } = await serve(() => new Response('body'));
    expect(await send(port, 'HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')).toMatch(/\r\n\r\n$/);
  });

  test('arrives even if the handler did not read the body, and the connection serves the next request', async () => {
    const { url } = await serve((request) => new Response(null, { status: request.method === 'POST' ? 413 : 204 }));
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const outgoing = startRequest(url, { method: 'POST', agent });
    outgoing.end(Buffer.alloc(5_000_000));
    const [response]: IncomingMessage[] = await once(outgoing, 'response');
    expect(response?.statusCode).toBe(413);
    response?.resume();
    const [second]: IncomingMessage[] = await once(get(url, { agent }), 'response');
    expect(second?.statusCode).toBe(204);
    agent.destroy();
  });

  test('arrives even if the handler stopped in the middle of the body', async () => {
    const { url } = await serve(async (request) => {
      const reader = request.body?.getReader();
      await reader?.read();
      await reader?.cancel();
      return new Response(null, { status: 413 });
    });
    const response = await fetch(url, { method: 'POST', body: Buffer.alloc(5_000_000) });
    expect(response.status).toBe(413);
  });

  test('cuts the connection of a client that never stops sending', async () => {
    const { port } = await serve(() => new Response(null, { status: 413 }));
    const socket = net.connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    let answer = '';
    socket.on('data', (part) => {
      answer += part;
    });
    const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`;
    const send = () => {
      while (!socket.destroyed && socket.write(chunk));
    };
    socket.on('drain', send);
    socket.write('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n', send);
    await closing(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  test('a client that reads only once it can send no more still gets its answer', async () => {
    const { port } = await serve(() => new Response(null, { status: 413 }));
    const socket = net.connect(port, '127.0.0.1');
    socket.pause();
    socket.on('error', () => undefined);
    socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n');
    const chunk = 'x'.repeat(1_000_000);
    const isSent = () => new Promise<boolean>((resolve) => socket.write(chunk, (error) => resolve(error == null)));
    const isStuck = () => new Promise<boolean>((resolve) => setTimeout(resolve, 200, false));
    while (await Promise.race([isSent(), isStuck()]));
    let answer = '';
    socket.on('data', (part) => {
      answer += part;
    });
    socket.resume();
    await closing(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  test.each(['GET', 'POST', 'TRACE'])(
    'ends the connection of a client that trickles its %s forever',
    async (method) => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      let drip: ReturnType<typeof setInterval> | undefined;
      try {
        const { port } = await serve(() => new Response('answer'));
        const socket = net.connect(port, '127.0.0.1');
        socket.write(`${method} / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nx`);
        await once(socket, 'data');
        const closed = closing(socket);
        // Must happen before Node times out an idle connection.
        drip = setInterval(() => socket.write('x'), 100);
        socket.on('error', () => undefined);
        await vi.advanceTimersByTimeAsync(5_000);
        await closed;
      } finally {
        clearInterval(drip);
        vi.useRealTimers();
      }
    },
  );

  test('is produced only as fast as the client reads, and is canceled when it disconnects', async () => {
    let produced = 0;
    const { promise: cancelled, resolve: tellCancelled } = deferred<void>();
    const { port } = await serve(
      () =>
        new Response(
          new ReadableStream<Uint8Array>({
            pull(controller) {
              produced += 1;
              controller.enqueue(new Uint8Array(100_000));
            },
            cancel: () => tellCancelled(),
          }),
        ),
    );
    const outgoing = get({ port });
    const [response]: IncomingMessage[] = await once(outgoing, 'response');
    // A listener without backpressure would never stop reading.
    for (let before = -1; before !== produced; ) {
      before = produced;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    response?.destroy();
    await cancelled;
  });

  test('is cut off, not ended, if its stream fails in the middle, and the warning says so', async () => {
    const emitWarning = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    onTestFinished(() => emitWarning.mockRestore());
    const { url } = await serve(() => {
      let pulls = 0;
      return new Response(
        new ReadableStream({
          pull(controller) {
            pulls += 1;
            if (pulls > 1) controller.error(new Error('secret'));
            else controller.enqueue(new TextEncoder().encode('half'));
          },
        }),
      );
    });
    const failure = await fetch(url).then(
      (response) => response.text().catch((error: unknown) => error),
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(TypeError);
    const [message] = emitWarning.mock.calls[0] ?? [];
    expect(message).toContain('cut off if the answer had begun');
  });

  test.each<[string, Handler]>([
    [
      'throws',
      () => {
        throw new Error('secret');
      },
    ],
    ['rejects', () => Promise.reject(new Error('secret'))],
    ['rejects with nothing', () => Promise.reject(undefined)],
    ['rejects with a TypeError that is not a reset', () => Promise.reject(new TypeError('secret'))],
    [
      'answers with a body that was already read',
      async () => {
        const response = new Response('secret');
        await response.text();
        return response;
      },
    ],
  ])('of a handler that %s is a 500 without details', async (_what, handler) => {
    const { url } = await serve(handler);
    const response = await fetch(url);
    expect(response.status).toBe(500);
    expect(await response.text()).toBe('{"error":"The handler failed"}');
  });

  test('is not sent if the handler returns a network error', async () => {
    const { url } = await serve(() => Response.error());
    await expect(fetch(url)).rejects.toBeInstanceOf(TypeError);
  });

  test('is not sent if the handler rejects as fetch does for a reset connection', async () => {
    const cause = Object.assign(new Error('reset'), { code: 'ECONNRESET' });
    const { url } = await serve(() => Promise.reject(new TypeError('fetch failed', { cause })));
    await expect(fetch(url)).rejects.toBeInstanceOf(TypeError);
  });

  test('is not sent if that TypeError comes from another realm, as in Jest', async () => {
    const cause = Object.assign(new Error('reset'), { code: 'ECONNRESET' });
    const reset: unknown = runInNewContext("Object.assign(new TypeError('fetch failed'), { cause })", { cause });
    expect(reset).not.toBeInstanceOf(TypeError);
    const { url } = await serve(() => Promise.reject(reset));
    await expect(fetch(url)).rejects.toBeInstanceOf(TypeError);
  });

  test('is dropped if the client disconnects before it is ready', async () => {
    const { promise: left, resolve: tellLeft } = deferred<void>();
    const { promise: cancelled, resolve: tellCancelled } = deferred<void>();
    const { port } = await serve(async ({ signal }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      tellLeft();
      return new Response(new ReadableStream({ cancel: () => tellCancelled() }));
    });
    const socket = net.connect(port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n', () => setTimeout(() => socket.destroy(), 20));
    await left;
    await cancelled;
  });
});
