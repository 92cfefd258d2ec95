import type { Redis } from 'ioredis';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  createFleetReceiver,
  createFleetWorker,
  type FleetNotice,
  type FleetWorker,
  type FleetWorkerOptions,
  readDeadLetters,
  readFleetMetrics,
  redeliverDeadLetters,
} from '../../src/fleet/index.js';
import type { OneSignalRequest, Transport } from '../../src/index.js';
import { createWebhookHandler } from '../../src/webhook/index.js';
import { clients, connectIoredis, patiently } from '../redis/clients.js';
import { hasRedis, startRedis } from '../redis-server.js';

const appId = '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a';
const identify = (userId: string, plan: string, at = 1) => ({
  type: 'identify',
  userId,
  messageId: `${userId}-${plan}`,
  timestamp: new Date(Date.parse('2024-01-01T00:00:00.000Z') + at * 1_000).toISOString(),
  traits: { plan },
});

/** A transport that records the requests, and answers with what `answer` returns. */
function recording(answer: (request: OneSignalRequest) => number | Promise<number> = () => 202) {
  const requests: { user: string; plan: unknown; at: number }[] = [];
  const transport: Transport = {
    async send(request) {
      const body = JSON.parse(JSON.stringify(request.body ?? {}));
      requests.push({
        user: request.path.split('/').at(-1) ?? '',
        plan: body.properties?.tags?.plan,
        at: performance.now(),
      });
      return { status: await answer(request), headers: {}, body: {} };
    },
  };
  return { transport, requests };
}

const workers: FleetWorker[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  for (const worker of workers.splice(0)) await worker.close();
});

function start(connection: Redis, transport: Transport, options: Partial<FleetWorkerOptions> = {}): FleetWorker {
  const worker = createFleetWorker({
    connection,
    destination: { appId, transport },
    leaseMs: 1_000,
    closeTimeoutMs: 2_000,
    ...options,
  });
  workers.push(worker);
  void worker.run();
  return worker;
}

const isDrained = async (connection: Redis): Promise<boolean> => (await readFleetMetrics({ connection })).depth === 0;

describe.skipIf(!hasRedis)('a fleet', () => {
  test.each(clients)('delivers what was received, over %s', async (_, connect) => {
    const { url } = await startRedis();
    const connection = await connectIoredis(url);
    const received = await createFleetReceiver({ connection: await connect(url) }).deliver([
      identify('u1', 'free'),
      identify('u2', 'pro'),
      'not an event',
    ]);
    expect(received).toMatchObject([
      { status: 'delivered', messageId: 'u1-free' },
      { status: 'delivered' },
      { status: 'delivered' },
    ]);
    const { transport, requests } = recording();
    const worker = createFleetWorker({ connection: await connect(url), destination: { appId, transport } });
    const running = worker.run();
    await expect.poll(() => isDrained(connection), patiently).toBe(true);
    expect(requests.map(({ user, plan }) => `${user} ${plan}`).sort()).toEqual(['u1 free', 'u2 pro']);
    expect(await readDeadLetters({ connection })).toMatchObject([
      { event: 'not an event', error: { name: 'EventError', code: 'invalid_event' } },
    ]);
    expect(await readFleetMetrics({ connection })).toMatchObject({ depth: 0, deadLetters: 1, completed: 2, failed: 1 });
    await worker.close();
    await running;
    expect(await readFleetMetrics({ connection })).toMatchObject({ workers: 0 });
  });

  test('the webhook answers 503 while Redis is down, and 200 again when it is back', async () => {
    const server = await startRedis(['--appendfsync', 'always']);
    const connection = await connectIoredis(server.url);
    const receiver = createFleetReceiver({ connection, timeoutMs: 200 });
    const handler = createWebhookHandler(receiver, { allowUnsigned: true });
    const post = async () =>
      (await handler(new Request('http://localhost/', { method: 'POST', body: JSON.stringify(identify('u1', 'pro')) })))
        .status;
    expect(await post()).toBe(200);
    server.freeze();
    expect(await post()).toBe(503);
    server.resume();
    await server.kill();
    expect(await post()).toBe(503);
    await server.start();
    await expect.poll(post, patiently).toBe(200);
  });

  test('workers empty a queue that fills the memory of Redis', async () => {
    const { url } = await startRedis(['--maxmemory', '8mb', '--maxmemory-policy', 'noeviction']);
    const connection = await connectIoredis(url);
    const receiver = createFleetReceiver({ connection });
    const users = Array.from({ length: 20 }, (_, index) => ({
      ...identify(`u${index}`, 'pro'),
      context: { filler: 'x'.repeat(20_000) },
    }));
    const isFull = async () => (await receiver.deliver(users)).some(({ status }) => status === 'retryable');
    while (!(await isFull()));
    const { transport, requests } = recording(({ path }) => (path.endsWith('/u1') ? 400 : 202));
    const destination = { appId, transport, delivery: { unchanged: 'skip', userIntervalMs: 1 } } as const;
    start(connection, transport, { destination });
    await expect.poll(() => isDrained(connection), patiently).toBe(true);
    expect(new Set(requests.map(({ user }) => user)).size).toBe(20);
  });

  test('a failed event becomes a dead letter, and can be delivered again', async () => {
    const connection = await connectIoredis((await startRedis()).url);
    let status = 400;
    const { transport, requests } = recording(() => status);
    await createFleetReceiver({ connection }).deliver([identify('u1', 'pro')]);
    start(connection, transport);
    await expect.poll(() => readDeadLetters({ connection }), patiently).toHaveLength(1);
    const [letter] = await readDeadLetters({ connection });
    expect(letter).toMatchObject({ event: { userId: 'u1' }, error: { code: 'invalid_request' } });
    expect(await readDeadLetters({ connection, after: letter?.id, count: 5 })).toEqual([]);
    status = 202;
    expect(await redeliverDeadLetters({ connection, ids: [letter?.id ?? '', '1-1'] })).toBe(1);
    await expect
      .poll(() => readFleetMetrics({ connection }), patiently)
      .toMatchObject({ completed: 1, deadLetters: 0 });
    expect(requests).toHaveLength(2);
  });

  test('a stored event that is not JSON becomes a dead letter, delays no other event and appears in no notice', async () => {
    const connection = await connectIoredis((await startRedis()).url);
    const receiver = createFleetReceiver({ connection });
    await receiver.deliver([identify('u1', 'pro')]);
    const events = 'segment-onesignal:{segment-events}:events';
    const [[id = '', stored = ''] = []] = Object.entries(await connection.hgetall(events));
    await connection.hset(events, id, stored.replace('{', 'ada@example.com {'));
    await receiver.deliver([identify('u2', 'pro')]);
    const { transport, requests } = recording();
    const notices: FleetNotice[] = [];
    start(connection, transport, { onNotice: (notice) => notices.push(notice) });
    await expect.poll(() => isDrained(connection), patiently).toBe(true);
    expect(requests).toMatchObject([{ user: 'u2' }]);
    expect(await readDeadLetters({ connection })).toMatchObject([
      { event: expect.stringContaining('ada@example.com {'), error: { name: 'EventError', code: 'invalid_event' } },
    ]);
    expect(JSON.stringify(notices)).not.toContain('ada');
  });

  test('a retryable event waits in Redis and delays no other user', async () => {
    const connection = await connectIoredis((await startRedis()).url);
    let isDown = true;
    const { transport, requests } = recording(({ path }) => (isDown && path.endsWith('/u1') ? 503 : 202));
    const receiver = createFleetReceiver({ connection });
    await receiver.deliver([identify('u1', 'pro')]);
    start(connection, transport, { destination: { appId, transport, delivery: { retries: 0 } } });
    await expect.poll(() => readFleetMetrics({ connection }), patiently).toMatchObject({ retryables: 1, depth: 1 });
    await receiver.deliver([identify('u2', 'pro')]);
    await expect.poll(() => requests.some(({ user }) => user === 'u2'), patiently).toBe(true);
    isDown = false;
    await expect.poll(() => isDrained(connection), patiently).toBe(true);
    expect(requests.at(-1)).toMatchObject({ user: 'u1', plan: 'pro' });
  });

  test('a hot user fills at most half of the capacity of a worker, plus the share of its partition', async () => {
    const connection = await connectIoredis((await startRedis()).url);
    const receiver = createFleetReceiver({ connection });
    const hot = Array.from({ length: 400 }, (_, index) => identify('hot', `v${index}`, index));
    await receiver.deliver(hot);
    const { transport, requests } = recording(({ path }) => (path.endsWith('/hot') ? new Promise(() => {}) : 202));
    start(connection, transport, { maxInFlight: 200, closeTimeoutMs: 0 });
    await expect.poll(() => readFleetMetrics({ connection }), patiently).toMatchObject({ inFlight: 101, depth: 400 });
    await receiver.deliver(Array.from({ length: 50 }, (_, index) => identify(`u${index}`, 'pro')));
    await expect.poll(() => new Set(requests.map(({ user }) => user)).size, patiently).toBeGreaterThan(40);
    await expect.poll(() => readFleetMetrics({ connection }), patiently).toMatchObject({ inFlight: 101 });
  });

  test('a worker has at most about 64 MB of events in flight, and takes them in small batches', async () => {
    const connection = await connectIoredis((await startRedis(['--appendonly', 'no'])).url);
    const receiver = createFleetReceiver({ connection });
    const filler = 'x'.repeat(4_000_000);
    for (let index = 0; index < 20; index++)
      await receiver.deliver([{ ...identify(`u${index}`, 'pro'), context: { filler } }]);
    let isOpen = false;
    const { transport, requests } = recording(async () => {
      while (!isOpen) await new Promise((resolve) => setTimeout(resolve, 10));
      return 202;
    });
    start(connection, transport, { leaseMs: 3_000 });
    const inFlight = async () => (await readFleetMetrics({ connection })).inFlight;
    await expect.poll(inFlight, patiently).toBe(16);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await inFlight()).toBe(16);
    isOpen = true;
    await expect.poll(() => isDrained(connection), patiently).toBe(true);
    expect(requests).toHaveLength(20);
  });

  test('a worker starts with 500 events in flight, and doubles that each second up to its limit', async () => {
    let nowMs = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
    const connection = await connectIoredis((await startRedis()).url);
    const users = Array.from({ length: 2_000 }, (_, index) => identify(`u${index}`, 'pro'));
    await createFleetReceiver({ connection }).deliver(users);
    const { transport } = recording(() => new Promise(() => {}));
    start(connection, transport, { leaseMs: 60_000, maxInFlight: 1_500, closeTimeoutMs: 0 });
    const inFlight = async () => (await readFleetMetrics({ connection })).inFlight;
    for (const most of [500, 1_000, 1_500]) {
      await expect.poll(inFlight, patiently).toBe(most);
      // Leaves the worker time to take more.
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(await inFlight()).toBe(most);
      nowMs += 1_000;
    }
  });

  test('a new worker gets its share of the users, and each user still has a second between writes', async () => {
    const connection = await connectIoredis((await startRedis()).url);
    const receiver = createFleetReceiver({ connection });
    const [one, other] = [recording(), recording()];
    const users = Array.from({ length: 40 }, (_, index) => `u${index}`);
    start(connection, one.transport);
    for (let at = 1; at <= 20; at++) {
      await receiver.deliver(users.map((user) => identify(user, `v${at}`, at)));
      if (at === 8) start(connection, other.transport);
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    await expect.poll(() => isDrained(connection), patiently).toBe(true);
    expect(other.requests.length).toBeGreaterThan(0);
    const all = [...one.requests, ...other.requests].sort((first, second) => first.at - second.at);
    const last = new Map<string, { plan: unknown; at: number }>();
    for (const request of all) {
      expect(request.at - (last.get(request.user)?.at ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(1_000);
      last.set(request.user, request);
    }
    expect([...last.values()].every(({ plan }) => plan === 'v20')).toBe(true);
  });

  test('the events in flight of a worker that was closed too early are delivered by the next worker', async () => {
    const connection = await connectIoredis((await startRedis()).url);
    await createFleetReceiver({ connection }).deliver([identify('u1', 'pro')]);
    const stuck = recording(() => new Promise<number>(() => {}));
    const worker = start(connection, stuck.transport, { closeTimeoutMs: 0 });
    await expect.poll(() => stuck.requests.length, patiently).toBe(1);
    await worker.close();
    const next = recording();
    start(connection, next.transport);
    await expect.poll(() => isDrained(connection), patiently).toBe(true);
    expect(next.requests).toMatchObject([{ user: 'u1', plan: 'pro' }]);
  });

  test('strict refuses a Redis that may lose events, and without strict a notice says so', async () => {
    const connection = await connectIoredis((await startRedis(['--appendonly', 'no'])).url);
    const { transport } = recording();
    const notices: FleetNotice[] = [];
    const destination = { appId, transport };
    await expect(createFleetWorker({ connection, destination, strict: true }).run()).rejects.toThrow('"appendonly"');
    start(connection, transport, { onNotice: (notice) => notices.push(notice) });
    await expect.poll(() => notices, patiently).toMatchObject([{ code: 'redis_warning' }]);
  });
});
