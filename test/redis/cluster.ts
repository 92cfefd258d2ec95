import type { Redis } from 'ioredis';
import { expect } from 'vitest';
import type { RedisClient } from '../../src/redis/index.js';
import { freePort, startRedis } from '../redis-server.js';
import { connectIoredis, connectIoredisCluster, connectNodeRedisCluster, patiently } from './clients.js';

/** A node of a cluster, and a client for that node alone. */
export interface ClusterNode {
  readonly port: number;
  /** The port on which the nodes talk to each other. */
  readonly busPort: number;
  readonly redis: Redis;
}

const slotCount = 16_384;

/** A cluster whose slots are divided among its nodes. Even one node refuses keys of different slots in one call. */
export async function startCluster(others = 0): Promise<[ClusterNode, ...ClusterNode[]]> {
  const nodes: [ClusterNode, ...ClusterNode[]] = [await startNode()];
  for (let index = 0; index < others; index++) nodes.push(await startNode());
  for (const [index, { redis }] of nodes.entries()) {
    const [first, next] = [index, index + 1].map((part) => Math.round((part * slotCount) / nodes.length));
    await redis.cluster('ADDSLOTSRANGE', first ?? 0, (next ?? slotCount) - 1);
    // Without its own epoch, a node would first have to discover that two nodes have the same one.
    await redis.cluster('SET-CONFIG-EPOCH', index + 1);
  }
  for (const { port, busPort } of nodes.slice(1)) await nodes[0].redis.cluster('MEET', '127.0.0.1', port, busPort);
  for (const { redis } of nodes) {
    await expect.poll(() => redis.cluster('INFO'), patiently).toContain('cluster_state:ok');
    await expect.poll(() => redis.cluster('INFO'), patiently).toContain(`cluster_known_nodes:${nodes.length}`);
  }
  return nodes;
}

async function startNode(): Promise<ClusterNode> {
  const busPort = await freePort();
  const { port, url } = await startRedis([
    ...['--cluster-enabled', 'yes', '--cluster-port', String(busPort)],
    ...['--cluster-announce-ip', '127.0.0.1'],
  ]);
  return { port, busPort, redis: await connectIoredis(url) };
}

/** Both kinds of cluster client, by name. */
export const clusterClients: [name: string, connect: (port: number) => Promise<RedisClient>][] = [
  ['ioredis', connectIoredisCluster],
  ['node-redis', connectNodeRedisCluster],
];
