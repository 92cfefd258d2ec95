import { describe, expect, test } from 'vitest';
import { createFleetReceiver, createFleetWorker, readFleetMetrics } from '../../src/fleet/index.js';
import type { Transport } from '../../src/index.js';
import { patiently } from '../redis/clients.js';
import { clusterClients, startCluster } from '../redis/cluster.js';
import { hasRedis } from '../redis-server.js';

const appId = '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a';

describe.skipIf(!hasRedis)('a fleet on a cluster of three nodes', () => {
  test.each(clusterClients)('delivers what was received, over %s', async (_, connect) => {
    const nodes = await startCluster(2);
    const connection = await connect(nodes[0].port);
    const events = Array.from({ length: 60 }, (_, index) => ({
      type: 'identify',
      userId: `u${index}`,
      messageId: `m${index}`,
      timestamp: '2026-01-01T00:00:00.000Z',
      traits: { plan: `v${index}` },
    }));
    const received = await createFleetReceiver({ connection }).deliver(events);
    expect(received.map(({ status }) => status)).toEqual(events.map(() => 'delivered'));
    const sent: string[] = [];
    const transport: Transport = {
      async send({ path }) {
        sent.push(path.split('/').at(-1) ?? '');
        return { status: 202, headers: {}, body: {} };
      },
    };
    const worker = createFleetWorker({ connection, destination: { appId, transport } });
    const running = worker.run();
    await expect.poll(() => readFleetMetrics({ connection }), patiently).toMatchObject({ depth: 0, completed: 60 });
    await worker.close();
    await running;
    expect(sent.toSorted()).toEqual(events.map(({ userId }) => userId).toSorted());
    // The queue is in one slot, and the users are spread over the slots.
    for (const { redis } of nodes) expect(await redis.dbsize()).toBeGreaterThan(0);
  });
});
