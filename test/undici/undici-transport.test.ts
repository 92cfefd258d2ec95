import { getEventListeners } from 'node:events';
import { createServer, type Server } from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ConfigurationError, createDestination } from '../../src/index.js';
import { createUndiciTransport, type UndiciTransport } from '../../src/undici/index.js';
import { startLocalServer } from '../local-server.js';
import { startSandbox } from '../sandbox-server.js';
import { describeLargeAnswers } from '../transport-contract/large-answers.js';

const appId = '00000000-0000-4000-8000-000000000001';
const request = {
  method: 'PATCH',
  path: `/apps/${appId}/users/by/external_id/u1`,
  body: { properties: {} },
} as const;
const servers: Server[] = [];

/** A server that holds its answers back until it is told to send them. */
async function holdingServer() {
  const held: (() => void)[] = [];
  let sockets = 0;
  const server = createServer((incoming, response) => {
    incoming.resume();
    held.push(() => response.end('{}'));
  });
  server.on('connection', (socket) => {
    sockets++;
    socket.on('close', () => sockets--);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  return { baseUrl: `http://127.0.0.1:${port}`, held, sockets: () => sockets, until };
}

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

test('delivers to the sandbox over HTTP as the default transport does', async () => {
  const { sandbox, url } = await startSandbox({ apiKey: 'os_v2_app_key' });
  sandbox.addUser({ externalId: 'u1' });
  const transport = createUndiciTransport({ apiKey: 'os_v2_app_key', baseUrl: url });
  const destination = createDestination({ appId, transport });
  const outcomes = await destination.deliver([
    { type: 'identify', userId: 'u1', traits: { plan: 'pro' } },
    { type: 'identify', userId: 'nobody', traits: { plan: 'pro' } },
  ]);
  expect(outcomes).toMatchObject([{ status: 'delivered' }, { status: 'skipped', reason: 'user_not_found' }]);
  expect(sandbox.user('u1')?.tags).toStrictEqual({ plan: 'pro' });
  await transport.close();
});

test('close waits for requests in flight, closes the connections, and can be called again', async () => {
  const { baseUrl, held, sockets, until } = await holdingServer();
  const transport = createUndiciTransport({ apiKey: 'k', baseUrl });
  const order: string[] = [];
  const sent = transport.send(request, { signal: new AbortController().signal }).then(() => order.push('answered'));
  await until(() => held.length === 1);
  const closed = transport.close().then(() => order.push('closed'));
  held[0]?.();
  await Promise.all([sent, closed, transport.close()]);
  expect(order).toEqual(['answered', 'closed']);
  await until(() => sockets() === 0);
});

test('a request after close rejects, and delivery reports it as retryable', async () => {
  const transport = createUndiciTransport({ apiKey: 'k', baseUrl: 'http://127.0.0.1:9' });
  await transport.close();
  const destination = createDestination({ appId, transport, delivery: { retries: 0 } });
  const [outcome] = await destination.deliver([{ type: 'identify', userId: 'u1', traits: { plan: 'pro' } }]);
  expect(outcome).toMatchObject({ status: 'retryable', error: { code: 'network' } });
});

test('a refused connection is a retryable network error that names neither host nor path', async () => {
  const transport = createUndiciTransport({ apiKey: 'k', baseUrl: 'http://127.0.0.1:9' });
  const destination = createDestination({ appId, transport, delivery: { retries: 0 } });
  const [outcome] = await destination.deliver([{ type: 'identify', userId: 'secret-user', traits: { plan: 'pro' } }]);
  expect(outcome).toMatchObject({ status: 'retryable', error: { code: 'network', cause: { code: 'ECONNREFUSED' } } });
  expect(JSON.stringify(outcome)).not.toContain('secret-user');
  await transport.close();
});

test('an abort leaves no listener, and no connection that waits for an answer', async () => {
  const { baseUrl, held, sockets, until } = await holdingServer();
  const transport = createUndiciTransport({ apiKey: 'k', baseUrl });
  const controller = new AbortController();
  const sent = transport.send(request, { signal: controller.signal });
  await until(() => held.length === 1);
  controller.abort();
  await expect(sent).rejects.toThrow('aborted');
  expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  await until(() => sockets() === 0);
  await transport.close();
});

test('an answered request leaves no listener on the signal', async () => {
  const { url } = await startSandbox({ unknownUsers: 'known' });
  const transport = createUndiciTransport({ apiKey: 'k', baseUrl: url });
  const { signal } = new AbortController();
  await transport.send({ ...request, body: { properties: { tags: { plan: 'pro' } } } }, { signal });
  await vi.waitFor(() => expect(getEventListeners(signal, 'abort')).toEqual([]));
  await transport.close();
});

test('opens as many connections as it may, and no more', async () => {
  const { baseUrl, held, sockets, until } = await holdingServer();
  const transport = createUndiciTransport({ apiKey: 'k', baseUrl, connections: 3 });
  const sent = Array.from({ length: 9 }, () => transport.send(request, { signal: new AbortController().signal }));
  for (let answered = 0; answered < 9; answered++) {
    await until(() => held.length > answered);
    expect(sockets()).toBeLessThanOrEqual(3);
    held[answered]?.();
  }
  expect((await Promise.all(sent)).map(({ status }) => status)).toEqual(Array(9).fill(200));
  await transport.close();
});

test.each([
  ['apiKey', { apiKey: '' }],
  ['apiKey', { apiKey: 'line\nend' }],
  ['baseUrl', { apiKey: 'k', baseUrl: 'api.onesignal.com' }],
  ['baseUrl', { apiKey: 'k', baseUrl: 'http://user:password@127.0.0.1' }],
  ['connections', { apiKey: 'k', connections: 0 }],
  ['connections', { apiKey: 'k', connections: 1.5 }],
  ['baseURL', { apiKey: 'k', ...{ baseURL: 'http://127.0.0.1' } }],
])('an invalid option is refused when the transport is created: %s', (option, options) => {
  expect(() => createUndiciTransport(options)).toThrow(expect.objectContaining({ name: 'ConfigurationError', option }));
  expect(() => createUndiciTransport(options)).toThrow(ConfigurationError);
});

describe('what fetch does before its caller sees an answer', () => {
  const pools: UndiciTransport[] = [];
  afterEach(async () => {
    await Promise.all(pools.splice(0).map((pool) => pool.close()));
  });
  const sendTo = (baseUrl: string) => {
    const transport = createUndiciTransport({ apiKey: 'k', baseUrl });
    pools.push(transport);
    return transport.send(request, { signal: new AbortController().signal });
  };

  describeLargeAnswers((baseUrl) => sendTo(baseUrl));

  test('it asks for no compression', async () => {
    const server = await startLocalServer();
    await sendTo(server.url);
    expect(server.requests[0]?.headers['accept-encoding']).toBe('identity');
  });

  const text = '{"errors":[{"title":"Nicht gefunden: ü"}]}';
  test.each<[string, (text: string) => Buffer]>([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['GZIP', gzipSync],
    ['deflate', deflateSync],
    ['identity', Buffer.from],
    ['gzip, deflate', (given) => deflateSync(gzipSync(given))],
  ])('a 404 in %s is decompressed, even though it was not requested', async (encoding, pack) => {
    const server = await startLocalServer((response) =>
      response.writeHead(404, { 'content-encoding': encoding }).end(pack(text)),
    );
    expect(await sendTo(server.url)).toMatchObject({ status: 404, body: JSON.parse(text) });
  });

  test('a 404 that claims to be gzip but is empty is empty', async () => {
    const server = await startLocalServer((response) => response.writeHead(404, { 'content-encoding': 'gzip' }).end());
    expect(await sendTo(server.url)).toMatchObject({ status: 404, body: undefined });
  });

  test('an answer that it cannot decompress is text, which is not JSON', async () => {
    const server = await startLocalServer((response) =>
      response.writeHead(404, { 'content-encoding': 'br' }).end(brotliCompressSync(text)),
    );
    const { status, body } = await sendTo(server.url);
    expect(status).toBe(404);
    expect(body).toEqual(expect.any(String));
  });

  test.each([
    ['is not gzip', Buffer.from(text)],
    ['is truncated', gzipSync(text.repeat(10)).subarray(0, 20)],
  ])('a body that claims to be gzip and %s rejects', async (_what, body) => {
    const server = await startLocalServer((response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(body),
    );
    await expect(sendTo(server.url)).rejects.toThrow();
  });

  test('a 407 rejects, because it comes from a proxy', async () => {
    const server = await startLocalServer((response) => response.writeHead(407).end('<h1>Who are you?</h1>'));
    await expect(sendTo(server.url)).rejects.toThrow('proxy');
  });
});
