import { createRequire } from 'node:module';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createFetchExchange } from '../../src/function/fetch-exchange.js';
import type { OneSignalRequest, Transport } from '../../src/onesignal/transport.js';
import { startLocalServer } from '../local-server.js';
import { serveContract } from '../transport-contract/contract-server.js';
import { describeLargeAnswers } from '../transport-contract/large-answers.js';

const nodeFetch = createRequire(import.meta.url)('node-fetch2');
const standardFetch = globalThis.fetch;
const contract = serveContract();

afterEach(() => {
  vi.unstubAllGlobals();
});

/** The cases for transports, except those about the signal, which exchanges do not have. */
describe.each([
  ['node-fetch 2.6.0, as in Segment', nodeFetch],
  ['a standard fetch', standardFetch],
])('over %s, an exchange', (_name, fetch) => {
  const transport = (): Transport => {
    const start = createFetchExchange({ apiKey: contract.apiKey }, 10_000);
    return { send: (request) => start(request).answer };
  };
  const cases = contract.cases(transport).filter(({ name }) => !name.includes('abort'));

  const redirect = (baseUrl: string) =>
    vi.stubGlobal('fetch', (target: string, init: object) =>
      fetch(target.replace('https://api.onesignal.com/', baseUrl), init),
    );

  const sendTo = (baseUrl: string, request: OneSignalRequest) => {
    redirect(`${baseUrl}/`);
    return createFetchExchange({ apiKey: 'k' }, 10_000)(request).answer;
  };

  test.each(cases)('$name', async ({ run }) => {
    redirect(contract.baseUrl());
    await run();
  });

  describe.runIf(fetch === nodeFetch)('in a runtime without AbortController and TextDecoder', () => {
    beforeEach(() => {
      for (const absent of ['AbortController', 'TextDecoder']) vi.stubGlobal(absent, undefined);
    });

    describeLargeAnswers(sendTo);
  });

  describeLargeAnswers(sendTo);

  test('a 407 rejects, because it comes from a proxy', async () => {
    const server = await startLocalServer((response) => response.writeHead(407).end('<h1>Who are you?</h1>'));
    await expect(sendTo(server.url, { method: 'GET', path: '/apps/a' })).rejects.toThrow();
  });
});
