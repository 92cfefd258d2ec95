import { createRequire } from 'node:module';
import { afterEach, describe, test, vi } from 'vitest';
import { createFetchExchange } from '../../src/function/fetch-exchange.js';
import type { Transport } from '../../src/onesignal/transport.js';
import { serveContract } from '../transport-contract/contract-server.js';

const nodeFetch = createRequire(import.meta.url)('node-fetch2');
const standardFetch = globalThis.fetch;
const contract = serveContract();

afterEach(() => {
  vi.unstubAllGlobals();
});

/** The cases for transports, except those about the signal, which an exchange does not have. */
describe.each([
  ['node-fetch 2.6.0, as in Segment', nodeFetch],
  ['a standard fetch', standardFetch],
])('over %s, an exchange', (_name, fetch) => {
  const transport = (): Transport => {
    const start = createFetchExchange({ apiKey: contract.apiKey }, 10_000);
    return { send: (request) => start(request).answer };
  };
  const cases = contract.cases(transport).filter(({ name }) => !name.includes('abort'));

  test.each(cases)('$name', async ({ run }) => {
    vi.stubGlobal('fetch', (target: string, init: object) =>
      fetch(target.replace('https://api.onesignal.com/', contract.baseUrl()), init),
    );
    await run();
  });
});
