import { describe, expect, test } from 'vitest';
import { createDestination, createOneSignalTransport } from '../../src/index.js';
import { createRedisOrderStore } from '../../src/redis/index.js';
import { appId } from '../delivery/destinations.js';
import { hasRedis, startRedis } from '../redis-server.js';
import { startSandbox } from '../sandbox-server.js';
import { clients } from './clients.js';

describe.skipIf(!hasRedis).each(clients)('destinations that share an order store over %s', (_, connect) => {
  test('a late event in one process does not overwrite a newer value from another, and an unchanged one is not sent', async () => {
    const { sandbox, url } = await startSandbox({ unknownUsers: 'known' });
    const server = await startRedis();
    const create = async () =>
      createDestination({
        appId,
        transport: createOneSignalTransport({ apiKey: 'os_v2_app_key', baseUrl: url }),
        delivery: { order: createRedisOrderStore(await connect(server.url)), unchanged: 'skip', userIntervalMs: 0 },
      });
    const [first, second] = [await create(), await create()];
    const event = (timestamp: string, traits: object) => ({ type: 'identify', userId: 'u1', traits, timestamp });
    await first.deliver([event('2024-01-02T00:00:00Z', { vip: null, plan: 'new' })]);
    const late = await second.deliver([event('2024-01-01T00:00:00Z', { vip: true, plan: 'old', size: 'xl' })]);
    expect(late).toMatchObject([{ status: 'delivered', dropped: [{ reason: 'stale' }, { reason: 'stale' }] }]);
    expect(sandbox.user('u1')?.tags).toEqual({ plan: 'new', size: 'xl' });
    const repeated = await first.deliver([event('2024-01-03T00:00:00Z', { plan: 'new', size: 'xl' })]);
    expect(repeated).toMatchObject([{ status: 'skipped', reason: 'unchanged' }]);
  });

  test('while Redis is frozen, events are retryable and nothing is sent', async () => {
    const { sandbox, url } = await startSandbox({ unknownUsers: 'known' });
    const server = await startRedis();
    const store = createRedisOrderStore(await connect(server.url));
    const destination = createDestination({
      appId,
      transport: createOneSignalTransport({ apiKey: 'os_v2_app_key', baseUrl: url }),
      delivery: { order: store },
    });
    const event = { type: 'identify', userId: 'u1', traits: { plan: 'pro' }, timestamp: '2024-01-02T00:00:00Z' };
    server.freeze();
    expect(await destination.deliver([event], { deadlineMs: 200 })).toMatchObject([{ status: 'retryable' }]);
    expect(sandbox.requests()).toEqual([]);
    server.resume();
    expect(await destination.deliver([event])).toMatchObject([{ status: 'delivered' }]);
  });
});
