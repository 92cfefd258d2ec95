import { createRequire } from 'node:module';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createFetchExchange } from '../../src/function/fetch-exchange.js';
import { createDestination, createOneSignalTransport } from '../../src/index.js';
import type { OneSignalRequest, OneSignalResponse } from '../../src/onesignal/transport.js';
import { createUndiciTransport, type UndiciTransport } from '../../src/undici/index.js';
import { type LocalServer, startLocalServer } from '../local-server.js';

const nodeFetch = createRequire(import.meta.url)('node-fetch2');
const standardFetch = globalThis.fetch;
const pools: UndiciTransport[] = [];
afterAll(() => Promise.all(pools.map((pool) => pool.close())));
afterEach(() => vi.unstubAllGlobals());

let server: LocalServer;
beforeEach(async () => {
  server = await startLocalServer();
});

const apiKey = 'os_v2_app_key';
const { signal } = new AbortController();

/** Each way in which the library sends a request. */
const senders: Record<string, () => (request: OneSignalRequest) => Promise<OneSignalResponse>> = {
  'the default transport': () => {
    const transport = createOneSignalTransport({ apiKey, baseUrl: server.url });
    return (request) => transport.send(request, { signal });
  },
  'the undici transport': () => {
    const transport = createUndiciTransport({ apiKey, baseUrl: server.url });
    pools.push(transport);
    return (request) => transport.send(request, { signal });
  },
  'a function on node-fetch': () => exchangeOver(nodeFetch),
  'a function on a standard fetch': () => exchangeOver(standardFetch),
};

function exchangeOver(fetch: (url: string, init: object) => Promise<unknown>) {
  const start = createFetchExchange({ apiKey }, 10_000);
  vi.stubGlobal('fetch', (url: string, init: object) =>
    fetch(url.replace('https://api.onesignal.com', server.url), init),
  );
  return (request: OneSignalRequest) => start(request).answer;
}

const statuses = Array.from({ length: 400 }, (_, index) => 200 + index);

test.each([
  ['JSON', '{"errors":["not like this"]}'],
  ['text', '<h1>Not here: ü</h1>'],
  ['nothing', ''],
])('every status with %s results in the same answer from every way of sending the request', async (_what, body) => {
  server.answer = (response, { url }) => response.writeHead(Number(url.slice(1))).end(body);
  const answers = new Map<string, string[]>();
  for (const [name, create] of Object.entries(senders)) {
    const send = create();
    const answered: string[] = [];
    for (const status of statuses) {
      const answer = await send({ method: 'GET', path: `/${status}` }).then(
        (response) => JSON.stringify([response.status, response.body]),
        () => 'rejected',
      );
      answered.push(`${status}: ${answer}`);
    }
    answers.set(name, answered);
  }
  const [first, ...others] = answers.values();
  for (const other of others) expect(other).toEqual(first);
  expect(first?.filter((answer) => answer.endsWith('rejected'))).toEqual(['407: rejected']);
  // The Fetch standard repeats a request once after a 421, on a new connection, because the server did not process it.
  const counts = new Map<string, number>();
  for (const { url } of server.requests) counts.set(url, (counts.get(url) ?? 0) + 1);
  expect([...counts].filter(([, count]) => count !== 4)).toEqual([['/421', 6]]);
});

test.each([
  [
    '200 with more than 1 MB',
    200,
    `{"identity":{"onesignal_id":"x"},"a":"${'b'.repeat(1_000_000)}"}`,
    'unexpected_response',
  ],
  ['404 with more than 1 MB', 404, `{"errors":["${'b'.repeat(1_000_000)}"]}`, 'unexpected_response'],
  ['407', 407, '<h1>Who are you?</h1>', 'network'],
])('a %s is judged as an answer that is not from OneSignal', async (_what, status, body, code) => {
  server.answer = (response) => response.writeHead(status).end(body);
  const appId = '00000000-0000-4000-8000-000000000001';
  const event = { type: 'identify', userId: 'u1', traits: { plan: 'pro' } };
  for (const name of ['the default transport', 'the undici transport']) {
    const send = senders[name]?.() ?? (() => Promise.reject(new Error('no transport')));
    const destination = createDestination({ appId, transport: { send }, delivery: { retries: 0 } });
    const [outcome] = await destination.deliver([event]);
    expect(outcome).toMatchObject({ status: 'retryable', error: { code } });
  }
});

test('a 407 comes from a proxy, so it is retryable even if a transport returns it as a response', async () => {
  const appId = '00000000-0000-4000-8000-000000000001';
  const event = { type: 'identify', userId: 'u1', traits: { plan: 'pro' } };
  for (const body of [undefined, '<h1>Who are you?</h1>', { errors: ['Who are you?'] }]) {
    const transport = { send: async () => ({ status: 407, headers: {}, body }) };
    const destination = createDestination({ appId, transport, delivery: { retries: 0 } });
    const [outcome] = await destination.deliver([event]);
    expect(outcome).toMatchObject({ status: 'retryable', error: { code: 'unexpected_response', status: 407 } });
  }
});
