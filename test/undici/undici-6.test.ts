import { afterAll, describe, expect, test, vi } from 'vitest';
import { createUndiciTransport, type UndiciTransport } from '../../src/undici/index.js';
import { serveContract } from '../transport-contract/contract-server.js';
import { describeLargeAnswers } from '../transport-contract/large-answers.js';

vi.mock('undici', () => import('undici6'));

const contract = serveContract();
const pools: UndiciTransport[] = [];
afterAll(() => Promise.all(pools.map((pool) => pool.close())));

describe('the undici transport on undici 6', () => {
  test.each(
    contract.cases(() => {
      const transport = createUndiciTransport({ apiKey: contract.apiKey, baseUrl: contract.baseUrl() });
      pools.push(transport);
      return transport;
    }),
  )('$name', ({ run }) => run());

  describeLargeAnswers((baseUrl, request) => {
    const transport = createUndiciTransport({ apiKey: contract.apiKey, baseUrl });
    pools.push(transport);
    return transport.send(request, { signal: new AbortController().signal });
  });

  test('is the one that was tested', async () => {
    const { Pool } = await import('undici');
    expect(Pool).toBe((await import('undici6')).Pool);
  });
});
