import { expect, test, vi } from 'vitest';
import { createFleetReceiver, createFleetWorker, readFleetMetrics } from '../../src/fleet/index.js';
import { connectIoredis, patiently } from '../redis/clients.js';
import { hasRedis, startRedis } from '../redis-server.js';

const appId = '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a';
const transport = { send: async () => ({ status: 202, headers: {}, body: {} }) };
const never = () => new Promise<never>(() => {});

const settings = 'redis_version:7.0.15\r\naof_enabled:1\r\nmaxmemory_policy:noeviction\r\n';

test.each([
  ['INFO', { info: never, evalSha: never, eval: never }],
  ['the first script', { info: async () => settings, evalSha: never, eval: never }],
])('a worker is closed although Redis has not answered %s', async (_, client) => {
  const [info, evalSha] = [vi.fn(client.info), vi.fn(client.evalSha)];
  const connection = { ...client, info, evalSha };
  const worker = createFleetWorker({ connection, destination: { appId, transport }, leaseMs: 3_600_000 });
  const running = worker.run();
  await expect.poll(() => (client.info === never ? info : evalSha).mock.calls.length, patiently).toBe(1);
  await worker.close();
  await running;
});

test.skipIf(!hasRedis)('a worker is closed although Redis has stopped answering', async () => {
  const server = await startRedis();
  const connection = await connectIoredis(server.url);
  await createFleetReceiver({ connection }).deliver([{ type: 'identify', userId: 'u1', traits: { plan: 'pro' } }]);
  const options = { connection, leaseMs: 3_600_000, closeTimeoutMs: 0 };
  const worker = createFleetWorker({ ...options, destination: { appId, transport: { send: never } } });
  const running = worker.run();
  await expect.poll(async () => (await readFleetMetrics({ connection })).inFlight, patiently).toBe(1);
  server.freeze();
  await worker.close();
  await running;
});
