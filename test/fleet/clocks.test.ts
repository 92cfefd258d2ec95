import { afterEach, expect, test, vi } from 'vitest';
import {
  createFleetReceiver,
  createFleetWorker,
  type FleetNotice,
  type FleetWorker,
  readFleetMetrics,
} from '../../src/fleet/index.js';
import type { OneSignalRequest, Transport } from '../../src/index.js';
import type { IoredisClient } from '../../src/redis/index.js';
import { connectIoredis, patiently } from '../redis/clients.js';
import { hasRedis, startRedis } from '../redis-server.js';

const appId = '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a';
const identify = (plan: string, atMs: number) => ({
  type: 'identify',
  userId: 'u1',
  messageId: plan,
  timestamp: new Date(atMs).toISOString(),
  traits: { plan },
});

const workers: FleetWorker[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  for (const worker of workers.splice(0)) await worker.close();
});

/** The values that OneSignal received, in order of arrival. */
function recordPlans() {
  const applied: unknown[] = [];
  const apply = (request: OneSignalRequest) => {
    applied.push(JSON.parse(JSON.stringify(request.body)).properties.tags.plan);
    return { status: 202, headers: {}, body: {} };
  };
  return { applied, apply };
}

test.skipIf(!hasRedis)('a late event stays stale although the clock of the worker is slow', async () => {
  const connection = await connectIoredis((await startRedis()).url);
  const now = Date.now();
  vi.spyOn(Date, 'now').mockImplementation(() => performance.timeOrigin + performance.now() - 600_000);
  const { applied, apply } = recordPlans();
  const transport: Transport = { send: async (request) => apply(request) };
  const worker = createFleetWorker({ connection, destination: { appId, transport }, closeTimeoutMs: 0 });
  workers.push(worker);
  void worker.run();
  const receiver = createFleetReceiver({ connection });
  const completed = async () => (await readFleetMetrics({ connection })).completed;
  await receiver.deliver([identify('new', now - 10_000)]);
  await expect.poll(completed, patiently).toBe(1);
  await receiver.deliver([identify('old', now - 20_000)]);
  await expect.poll(completed, patiently).toBe(2);
  expect(applied).toEqual(['new']);
});

test.skipIf(!hasRedis)('the late write of a machine whose clocks stood still is overwritten', async () => {
  const { url } = await startRedis();
  const connection = await connectIoredis(url);
  const { applied, apply } = recordPlans();
  const notices: FleetNotice[] = [];
  const start = async (client: IoredisClient, transport: Transport) => {
    const worker = createFleetWorker({
      connection: client,
      destination: { appId, transport },
      // Its own clock says that the lease lasts for an hour. Redis knows better.
      leaseMs: 3_600_000,
      closeTimeoutMs: 0,
      onNotice: (notice) => notices.push(notice),
    });
    workers.push(worker);
    void worker.run();
  };
  let resume = (): void => {};
  let isSuspended = false;
  const resumed = new Promise<void>((resolve) => {
    resume = resolve;
  });
  const own = await connectIoredis(url);
  const suspended: IoredisClient = {
    call: async () => undefined,
    info: () => own.info(),
    evalsha: async (sha1, count, ...args) => {
      // The stores of the destination answer: what they know is newer than the session's lease.
      if (isSuspended && args[0]?.startsWith('segment-onesignal:{')) await resumed;
      return own.evalsha(sha1, count, ...args);
    },
    eval: (script, count, ...args) => own.eval(script, count, ...args),
  };
  let reply = (): void => {};
  await createFleetReceiver({ connection }).deliver([identify('old', 1_700_000_000_000)]);
  await start(suspended, {
    async send(request) {
      isSuspended = true;
      await new Promise<void>((resolve) => {
        reply = resolve;
      });
      return apply(request);
    },
  });
  await expect.poll(() => isSuspended, patiently).toBe(true);
  const sessions = 'segment-onesignal:{segment-events}:sessions';
  await connection.zadd(sessions, '1', (await connection.zrange(sessions, '0', '0'))[0] ?? '');
  await start(await connectIoredis(url), { send: async (request) => apply(request) });
  await expect.poll(() => applied, patiently).toEqual(['old']);
  await createFleetReceiver({ connection }).deliver([identify('new', 1_700_000_001_000)]);
  await expect.poll(() => applied, patiently).toEqual(['old', 'new']);
  // It is answered before Redis has said that the lease is over.
  reply();
  await expect.poll(() => applied, patiently).toEqual(['old', 'new', 'old']);
  // Leaves the worker time to record the write.
  await new Promise((resolve) => setTimeout(resolve, 200));
  resume();
  await expect.poll(() => applied.at(-1), patiently).toBe('new');
  expect(notices).toContainEqual({ code: 'repaired', message: expect.stringContaining('after the lease') });
});
