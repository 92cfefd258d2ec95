import { request as nodeRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, describe, expect, test } from 'vitest';
import { createOneSignalTransport, type Transport } from '../../src/index.js';
import { createUndiciTransport, type UndiciTransport } from '../../src/undici/index.js';
import { serveContract } from './contract-server.js';

const contract = serveContract();
const { apiKey } = contract;
const access = () => ({ apiKey, baseUrl: contract.baseUrl() });

const pools: UndiciTransport[] = [];
afterAll(() => Promise.all(pools.map((pool) => pool.close())));
const undici = (): Transport => {
  const transport = createUndiciTransport(access());
  pools.push(transport);
  return transport;
};

/** A minimal transport that uses fetch. */
const bareFetch: Transport = {
  async send({ method, path, body }, { signal }) {
    const response = await fetch(contract.baseUrl() + path.slice(1), {
      method,
      signal,
      redirect: 'manual',
      headers: { authorization: `Basic ${apiKey}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, headers: response.headers, body: await response.text() };
  },
};

/** A transport without Fetch: headers are a record, and JSON is left as text. */
const nodeHttp: Transport = {
  send({ method, path, body }, { signal }) {
    return new Promise((resolve, reject) => {
      const headers = { authorization: `Key ${apiKey}`, 'content-type': 'application/json' };
      const request = nodeRequest(contract.baseUrl() + path.slice(1), { method, headers, signal });
      request.on('error', reject);
      request.on('response', (response) => {
        const status = response.statusCode ?? 0;
        text(response).then((read) => resolve({ status, headers: response.headers, body: read }), reject);
      });
      request.end(body === undefined ? undefined : JSON.stringify(body));
    });
  },
};

describe.each([
  ['the default transport', () => createOneSignalTransport(access())],
  ['the undici transport', undici],
  ['a transport on bare fetch', () => bareFetch],
  ['a transport on node:http', () => nodeHttp],
])('%s', (_, create) => {
  test.each(contract.cases(create))('$name', ({ run }) => run());
});

describe('a transport that violates the contract is detected', () => {
  const answered = async (send: () => Promise<Response>) => {
    const response = await send();
    return { status: response.status, headers: response.headers, body: await response.text() };
  };
  const fetching = (change: (url: string, init: RequestInit) => Promise<Response>): Transport => ({
    send: ({ method, path, body }, { signal }) =>
      answered(() =>
        change(contract.baseUrl() + path.slice(1), {
          method,
          signal,
          redirect: 'manual',
          headers: { authorization: `Key ${apiKey}`, 'content-type': 'application/json' },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        }),
      ),
  });
  const faults: Record<string, [broken: Transport, fact: RegExp]> = {
    'throws for a 400': [
      fetching(async (url, init) => {
        const response = await fetch(url, init);
        if (response.status >= 400) throw new Error('refused');
        return response;
      }),
      /status and JSON body of every answer/,
    ],
    'tries again': [
      fetching(async (url, init) => {
        const response = await fetch(url, init);
        return response.status === 503 ? fetch(url, init) : response;
      }),
      /without retrying/,
    ],
    'follows redirects': [fetching((url, init) => fetch(url, { ...init, redirect: 'follow' })), /redirect/],
    'ignores the signal': [fetching((url, { signal: _, ...init }) => fetch(url, init)), /aborted/],
    'sends no key': [
      fetching((url, init) => fetch(url, { ...init, headers: { 'content-type': 'application/json' } })),
      /sends the key/,
    ],
    'sends no JSON content type': [
      fetching((url, init) => fetch(url, { ...init, headers: { authorization: `Key ${apiKey}` } })),
      /sends method, path and JSON body/,
    ],
    'decodes the path': [fetching((url, init) => fetch(url.replaceAll('%20', '-'), init)), /percent-encoded/],
    'loses text': [
      {
        send: async (request, options) => {
          const { status, headers, body } = await bareFetch.send(request, options);
          const isJson = typeof body === 'string' && /^[{[]/.test(body);
          return { status, headers, body: isJson ? JSON.parse(body) : undefined };
        },
      },
      /not JSON/,
    ],
    'answers for a broken connection': [
      {
        send: (request, options) =>
          bareFetch.send(request, options).catch(() => ({ status: 599, headers: {}, body: '' })),
      },
      /rejects/,
    ],
  };

  test.each(Object.entries(faults))('%s', async (_, [broken, fact]) => {
    const found: string[] = [];
    await Promise.all(
      contract
        .cases(() => broken)
        .map(async ({ name, run }) => {
          const inTime = new Promise<never>((_, reject) => {
            setTimeout(() => reject(new Error('still waiting')), 2000).unref();
          });
          await Promise.race([run(), inTime]).catch(() => found.push(name));
        }),
    );
    expect(found).toEqual(expect.arrayContaining([expect.stringMatching(fact)]));
    expect(found.length).toBeLessThan(7);
  });
});
