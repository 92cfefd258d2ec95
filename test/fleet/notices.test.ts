import { expect, test } from 'vitest';
import { createFleetReceiver, createFleetWorker, type FleetNotice, readFleetMetrics } from '../../src/fleet/index.js';
import { connectIoredis, patiently } from '../redis/clients.js';
import { hasRedis, startRedis } from '../redis-server.js';

const destination = {
  appId: '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a',
  transport: { send: async () => ({ status: 202, headers: {}, body: {} }) },
};

test('a worker that cannot reach Redis at first reports failed commands, but no lost lease', async () => {
  const fail = async (): Promise<never> => {
    throw new Error('Connection is closed.');
  };
  const info = async () => 'redis_version:7.0.15\r\naof_enabled:1\r\nmaxmemory_policy:noeviction\r\n';
  const codes: string[] = [];
  const worker = createFleetWorker({
    connection: { evalSha: fail, eval: fail, info },
    destination,
    onNotice: ({ code }) => codes.push(code),
  });
  const running = worker.run();
  await expect.poll(() => codes.length, patiently).toBeGreaterThan(2);
  await worker.close();
  await running;
  expect([...new Set(codes)]).toEqual(['redis_failed']);
});

test.skipIf(!hasRedis)('a worker whose lease ended while Redis was paused says so, and continues', async () => {
  const { url } = await startRedis();
  const connection = await connectIoredis(url);
  const codes: string[] = [];
  const onNotice = ({ code }: { code: string }) => codes.push(code);
  const worker = createFleetWorker({ connection: await connectIoredis(url), destination, leaseMs: 1_000, onNotice });
  const running = worker.run();
  await expect.poll(async () => (await readFleetMetrics({ connection })).workers, patiently).toBe(1);
  await connection.call('CLIENT', 'PAUSE', '1500');
  await expect.poll(() => codes, patiently).toContain('lease_lost');
  expect(codes).toContain('redis_failed');
  await createFleetReceiver({ connection }).deliver([{ type: 'identify', userId: 'u1', traits: { plan: 'pro' } }]);
  await expect.poll(async () => (await readFleetMetrics({ connection })).completed, patiently).toBe(1);
  await worker.close();
  await running;
});

test.skipIf(!hasRedis)('a worker says once that a receiver identifies users by another rule', async () => {
  const connection = await connectIoredis((await startRedis()).url);
  const events = Array.from({ length: 20 }, (_, index) => ({
    type: 'identify',
    userId: `u${index}`,
    traits: { plan: 'pro' },
  }));
  await createFleetReceiver({ connection }).deliver(events);
  const notices: FleetNotice[] = [];
  const options = { ...destination, mapping: { user: { label: 'crm_id' } } } as const;
  const onNotice = (notice: FleetNotice) => notices.push(notice);
  const worker = createFleetWorker({ connection, destination: options, onNotice });
  const running = worker.run();
  await expect.poll(async () => (await readFleetMetrics({ connection })).completed, patiently).toBe(20);
  await createFleetReceiver({ connection, user: { label: 'crm_id' } }).deliver(events);
  await expect.poll(async () => (await readFleetMetrics({ connection })).completed, patiently).toBe(40);
  await worker.close();
  await running;
  expect(notices).toEqual([{ code: 'user_differs', message: expect.stringContaining('createFleetReceiver') }]);
});
