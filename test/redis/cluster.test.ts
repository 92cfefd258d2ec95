import { describe, expect, test } from 'vitest';
import { checkRedis, createRedisOrderStore, createRedisSeenStore } from '../../src/redis/index.js';
import { hasRedis } from '../redis-server.js';
import { clusterClients, startCluster } from './cluster.js';

const users = ['u1', '', '}', '{}', '}{x', 'a}b', '%', 'jane@example.com', '\ud800'];
const value = { digest: 'd', atMs: 5 };

describe.skipIf(!hasRedis).each(clusterClients)('on Redis Cluster over %s', (_, connect) => {
  test('all keys of a user are in one slot, and the stores work', async () => {
    const [{ port, redis: node }] = await startCluster();
    const redis = await connect(port);
    const [order, seen] = [createRedisOrderStore(redis), createRedisSeenStore(redis)];
    for (const user of users) {
      await order.record(user, { plan: 1 });
      await order.remember(user, { plan: value });
      const keys = await node.keys('*');
      expect(keys).toHaveLength(2);
      const slots = await Promise.all(keys.map((key) => node.cluster('KEYSLOT', key)));
      expect(new Set(slots).size).toBe(1);
      expect([await order.newest(user, ['plan']), await order.accepted(user, ['plan'])]).toEqual([[1], [value]]);
      await order.forget(user);
      expect(await node.dbsize()).toBe(0);
    }
    await seen.add('m1/u1');
    expect([await seen.has('m1/u1'), await seen.has('m1/u2')]).toEqual([true, false]);
    await node.script('FLUSH');
    expect(await seen.has('m1/u1')).toBe(true);
  });

  test('users are spread over the slots', async () => {
    const [{ port, redis: node }] = await startCluster();
    const redis = await connect(port);
    const order = createRedisOrderStore(redis);
    for (let user = 0; user < 50; user++) await order.record(`u${user}`, { plan: 1 });
    const slots = await Promise.all((await node.keys('*')).map((key) => node.cluster('KEYSLOT', key)));
    expect(new Set(slots).size).toBeGreaterThan(40);
    expect((await checkRedis(redis)).warnings).toEqual([]);
  });
});
