import type { Cluster, Redis } from 'ioredis';
import type { createClient, createClientPool, createCluster, createSentinel } from 'redis';
import { expectTypeOf, test } from 'vitest';
import type { OrderStore, SeenStore } from '../../src/index.js';
import type {
  createRedisOrderStore,
  createRedisSeenStore,
  IoredisClient,
  NodeRedisClient,
} from '../../src/redis/index.js';

test('every ioredis client is an IoredisClient', () => {
  expectTypeOf<Redis>().toExtend<IoredisClient>();
  expectTypeOf<Cluster>().toExtend<IoredisClient>();
});

test('every node-redis client is a NodeRedisClient', () => {
  expectTypeOf<ReturnType<typeof createClient>>().toExtend<NodeRedisClient>();
  expectTypeOf<ReturnType<typeof createCluster>>().toExtend<NodeRedisClient>();
  expectTypeOf<ReturnType<typeof createClientPool>>().toExtend<NodeRedisClient>();
  expectTypeOf<ReturnType<typeof createSentinel>>().toExtend<NodeRedisClient>();
});

test('a destination accepts the stores', () => {
  expectTypeOf<ReturnType<typeof createRedisOrderStore>>().toExtend<OrderStore>();
  expectTypeOf<ReturnType<typeof createRedisSeenStore>>().toExtend<SeenStore>();
});
