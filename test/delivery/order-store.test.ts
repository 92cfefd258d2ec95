import { describe, expect, test } from 'vitest';
import type { OrderStore } from '../../src/index.js';
import { startSandbox } from '../sandbox-server.js';
import { at, destinationAt, destinationOn, identify, scripted } from './harness.js';

const failing = (what: keyof OrderStore, fail: () => unknown): OrderStore => {
  const store: OrderStore = { newest: () => [], record() {}, forget() {} };
  return { ...store, [what]: fail };
};
const broken = () => {
  throw new Error('connection to redis for user u1 with "pro" lost');
};

describe.each([
  ['throws', broken],
  ['rejects', async () => broken()],
])('a store of one’s own that %s', (_, fail) => {
  test('when asked holds the event back: nothing is written that might be out of order', async () => {
    const transport = scripted();
    const destination = destinationOn(transport, { delivery: { order: failing('newest', fail) } });
    expect(await destination.deliver([identify('u1', { plan: 'pro' }, { timestamp: at(1) })])).toMatchObject([
      {
        status: 'retryable',
        applied: [],
        error: {
          code: 'unavailable',
          cause: { message: 'connection to redis for user <redacted> with "<redacted>" lost' },
        },
      },
    ]);
    expect(transport.requests).toEqual([]);
  });

  test('when told makes the event retryable, and nothing more is sent for it', async () => {
    const { sandbox, url } = await startSandbox({ tagLimit: 2 });
    sandbox.addUser({ externalId: 'u1', tags: { a: '1', b: '2' } });
    const destination = destinationAt(url, { delivery: { order: failing('record', fail) } });
    const event = identify('u1', { a: null, c: 3 }, { timestamp: at(1) });
    expect(await destination.deliver([event])).toMatchObject([{ status: 'retryable', applied: ['update_user'] }]);
    // The cap is met, then the removal goes alone; the rest would go for nobody.
    expect(sandbox.requests().map(({ status }) => status)).toEqual([409, 202]);
  });
});
