import { afterEach, describe, expect, test, vi } from 'vitest';
import { Fence, momentNow } from '../../src/fleet/fence.js';
import { fenceTransport } from '../../src/fleet/fenced.js';
import {
  createFleetReceiver,
  createFleetWorker,
  type FleetNotice,
  type FleetWorker,
  readFleetMetrics,
} from '../../src/fleet/index.js';
import type { OneSignalRequest, Transport } from '../../src/index.js';
import { createUndiciTransport } from '../../src/undici/index.js';
import { connectIoredis, patiently } from '../redis/clients.js';
import { hasRedis, startRedis } from '../redis-server.js';
import { startSandbox } from '../sandbox-server.js';

const appId = '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a';
const identify = (plan: string, at: number) => ({
  type: 'identify',
  userId: 'u1',
  messageId: plan,
  timestamp: new Date(1_700_000_000_000 + at * 1_000).toISOString(),
  traits: { plan },
});

const workers: FleetWorker[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const worker of workers.splice(0)) await worker.close();
});

describe('the lease', () => {
  test('ends by the clock that has advanced further, and cannot be renewed after that', () => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'] });
    for (const pass of [
      (ms: number) => vi.advanceTimersByTime(ms),
      // On a suspended machine, only the wall clock advances.
      (ms: number) => vi.setSystemTime(Date.now() + ms),
    ]) {
      const fence = new Fence({ leaseMs: 1_000, marginMs: 200, onLate: () => {} }, momentNow());
      pass(799);
      expect([fence.isOpen, fence.isHeld]).toEqual([true, true]);
      pass(1);
      expect([fence.isOpen, fence.isHeld]).toEqual([false, true]);
      fence.renew(momentNow());
      expect(fence.isOpen).toBe(true);
      pass(1_000);
      expect([fence.isOpen, fence.isHeld]).toEqual([false, false]);
      fence.renew(momentNow());
      expect(fence.isHeld).toBe(false);
    }
  });

  test('reports once that writes ended after it, when the last of them has ended', async () => {
    const onLate = vi.fn();
    const fence = new Fence({ leaseMs: 10_000, marginMs: 200, onLate }, momentNow());
    const finish: (() => void)[] = [];
    const write = () => fence.watch(new Promise<void>((resolve) => finish.push(resolve)));
    write();
    finish[0]?.();
    await Promise.resolve();
    write();
    write();
    fence.end();
    finish[1]?.();
    await new Promise((resolve) => setImmediate(resolve));
    expect(onLate).not.toHaveBeenCalled();
    finish[2]?.();
    await new Promise((resolve) => setImmediate(resolve));
    expect(onLate).toHaveBeenCalledOnce();
  });
});

test('a request that is waiting for a connection when the lease ends is not sent', async () => {
  const { sandbox, url } = await startSandbox({ unknownUsers: 'known' });
  const undici = createUndiciTransport({ apiKey: 'key', baseUrl: url });
  const fence = new Fence({ leaseMs: 10_000, marginMs: 200, onLate: () => {} }, momentNow());
  const transport = fenceTransport(undici, fence);
  const request = {
    method: 'PATCH',
    path: `/apps/${appId}/users/by/external_id/u1`,
    body: { properties: {} },
  } as const;
  const send = () => transport.send(request, { signal: new AbortController().signal });
  const waiting = send();
  fence.end();
  await expect(waiting).rejects.toThrow();
  await expect(send()).rejects.toThrow('The lease of this worker is over');
  await undici.close();
  expect(sandbox.requests()).toEqual([]);
});

describe.skipIf(!hasRedis)('a request that reaches OneSignal after the lease', () => {
  test.each(['send', 'skip'] as const)('is overwritten with the newest values (unchanged: %s)', async (unchanged) => {
    const { url } = await startRedis();
    const connection = await connectIoredis(url);
    const receiver = createFleetReceiver({ connection });
    /** The values that OneSignal received, in order of arrival. */
    const applied: unknown[] = [];
    const apply = (request: OneSignalRequest) => {
      applied.push(JSON.parse(JSON.stringify(request.body)).properties.tags.plan);
      return { status: 202, headers: {}, body: {} };
    };
    let release: (() => void) | undefined;
    /** Accepts the request, but delivers it much later. */
    const held: Transport = {
      async send(request) {
        await new Promise<void>((resolve) => {
          release = resolve;
        });
        return apply(request);
      },
    };
    const prompt: Transport = { send: async (request) => apply(request) };
    const notices: FleetNotice[] = [];
    const start = async (transport: Transport) => {
      const worker = createFleetWorker({
        connection: await connectIoredis(url),
        destination: { appId, transport, delivery: { unchanged } },
        leaseMs: 1_000,
        closeTimeoutMs: 0,
        onNotice: (notice) => notices.push(notice),
      });
      workers.push(worker);
      void worker.run();
      return worker;
    };
    await receiver.deliver([identify('old', 1)]);
    const frozen = await start(held);
    await expect.poll(() => release !== undefined, patiently).toBe(true);
    // Gives up its lease while the request is in flight, as after a freeze.
    await frozen.close();
    await start(prompt);
    await expect.poll(() => applied, patiently).toEqual(['old']);
    await receiver.deliver([identify('new', 2)]);
    await expect.poll(() => applied, patiently).toEqual(['old', 'new']);
    await expect.poll(() => readFleetMetrics({ connection }), patiently).toMatchObject({ depth: 0, keptForRepair: 2 });
    release?.();
    await expect.poll(() => applied.length > 3 && applied.at(-1), patiently).toBe('new');
    expect(applied.slice(0, 3)).toEqual(['old', 'new', 'old']);
    expect(notices.filter(({ code }) => code === 'repaired')).toHaveLength(1);
  });
});

test.skipIf(!hasRedis)(
  'a request that is answered after the connection was closed is not reported forever',
  async () => {
    const { url } = await startRedis();
    const connection = await connectIoredis(url);
    await createFleetReceiver({ connection }).deliver([identify('pro', 1)]);
    let release: (() => void) | undefined;
    const transport: Transport = {
      async send() {
        await new Promise<void>((resolve) => {
          release = resolve;
        });
        return { status: 202, headers: {}, body: {} };
      },
    };
    const onNotice = vi.fn();
    const destination = { appId, transport };
    const worker = createFleetWorker({ connection, destination, closeTimeoutMs: 0, onNotice });
    void worker.run();
    await expect.poll(() => release !== undefined, patiently).toBe(true);
    await worker.close();
    await connection.quit();
    release?.();
    await expect.poll(() => onNotice.mock.calls.length, patiently).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    const count = onNotice.mock.calls.length;
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(onNotice).toHaveBeenCalledTimes(count);
  },
);
