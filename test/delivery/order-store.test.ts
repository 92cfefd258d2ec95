import { describe, expect, test } from 'vitest';
import type { OrderStore } from '../../src/index.js';
import { startSandbox } from '../sandbox-server.js';
import { at, audience, destinationAt, destinationOn, identify, scripted } from './harness.js';

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

test('a store that answers later is waited for', async () => {
  const store: OrderStore = { newest: async () => [Date.parse(at(5))], record: async () => {}, forget() {} };
  const transport = scripted();
  const destination = destinationOn(transport, { delivery: { order: store } });
  expect(
    await destination.deliver([
      identify('u1', { plan: 'old' }, { timestamp: at(1) }),
      identify('u2', { plan: 'new' }, { timestamp: at(9) }),
    ]),
  ).toMatchObject([
    { status: 'skipped', reason: 'stale', dropped: [{ path: 'traits.plan', reason: 'stale' }] },
    { status: 'delivered' },
  ]);
  expect(transport.requests).toHaveLength(1);
});

test('a late "entered" does not undo an "exited", across calls', async () => {
  const { sandbox, url } = await startSandbox();
  sandbox.addUser({ externalId: 'u1', tags: { vips: 'true' } });
  const destination = destinationAt(url);
  expect(await destination.deliver([audience('u1', false, { timestamp: at(5) })])).toMatchObject([
    { status: 'delivered' },
  ]);
  expect(await destination.deliver([audience('u1', true, { timestamp: at(1) })])).toMatchObject([
    { status: 'skipped', reason: 'stale' },
  ]);
  expect(sandbox.user('u1')?.tags).toEqual({});
  expect(sandbox.segments()).toEqual([]);
});
