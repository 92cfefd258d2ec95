import { Queue, QueueEvents, Worker, type WorkerOptions } from 'bullmq';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Deliverer } from '../../src/index.js';
import { createBullmqProcessor } from '../../src/queue/bullmq.js';
import { hasRedis, startRedis } from '../redis-server.js';
import { asking, identify, startDestination } from './start-destination.js';

const open: { close(): Promise<void> }[] = [];
const closing = <Closable extends { close(): Promise<void> }>(closable: Closable): Closable => {
  open.push(closable);
  return closable;
};
afterEach(async () => {
  for (const closable of open.splice(0).reverse()) await closable.close();
});

/** A queue on a real Redis, and workers that deliver to a sandbox over HTTP. */
async function start(workers = 1, options: Partial<WorkerOptions> = {}) {
  const { sandbox, destination } = await startDestination();
  const { port } = await startRedis();
  const connection = { host: '127.0.0.1', port, maxRetriesPerRequest: null };
  const queue = closing(new Queue<unknown>('events', { connection }));
  const events = closing(new QueueEvents('events', { connection }));
  await events.waitUntilReady();
  for (let index = 0; index < workers; index++) {
    const worker = closing(
      new Worker<unknown>('events', createBullmqProcessor(destination), { connection, ...options }),
    );
    await worker.waitUntilReady();
  }
  return { sandbox, queue, events };
}

describe.skipIf(!hasRedis)('in BullMQ on Redis', () => {
  test('delivered and skipped events complete the job with their outcomes', async () => {
    const { sandbox, queue, events } = await start();
    const one = await queue.add('event', identify('u1', { plan: 'pro' }));
    const several = await queue.add('event', [identify('u2', { plan: 'pro' }), { type: 'page', userId: 'u2' }]);
    expect(await one.waitUntilFinished(events)).toMatchObject([{ status: 'delivered', applied: ['update_user'] }]);
    expect(await several.waitUntilFinished(events)).toMatchObject([{ status: 'delivered' }, { status: 'skipped' }]);
    expect(sandbox.users().map(({ tags }) => tags)).toEqual([{ plan: 'pro' }, { plan: 'pro' }]);
  });

  test('a retryable event delays the job for as long as OneSignal asked, without using up attempts', async () => {
    const { sandbox, queue } = await start();
    sandbox.fail({ status: 429, headers: { 'retry-after': '60' } });
    const { id = '' } = await queue.add('event', identify('u1', { plan: 'pro' }), { attempts: 1 });
    await vi.waitUntil(async () => (await queue.getJobState(id)) === 'delayed', { timeout: 10_000 });
    const job = await queue.getJob(id);
    expect(job?.attemptsMade).toBe(0);
    expect(Math.round((job?.delay ?? 0) / 1_000)).toBe(60);
  });

  test('a job that may return at once, or in the past, still waits a second', async () => {
    for (const asked of ['0', new Date(0).toUTCString()]) {
      const { sandbox, queue } = await start();
      sandbox.fail({ status: 429, headers: { 'retry-after': asked } });
      const { id = '' } = await queue.add('event', identify('u1', { plan: 'pro' }));
      await vi.waitUntil(async () => (await queue.getJobState(id)) === 'delayed', { timeout: 10_000 });
      expect((await queue.getJob(id))?.delay).toBeGreaterThan(900);
    }
  });

  test('a job that has to wait for a year does not block the others', async () => {
    const { sandbox, queue, events } = await start();
    const undo = sandbox.fail({ status: 429, headers: { 'retry-after': String(365 * 86_400) } });
    const { id = '' } = await queue.add('event', identify('u1', { plan: 'pro' }));
    await vi.waitUntil(async () => (await queue.getJobState(id)) === 'delayed', { timeout: 10_000 });
    undo();
    const job = await queue.add('event', identify('u2', { plan: 'pro' }));
    expect(await job.waitUntilFinished(events)).toMatchObject([{ status: 'delivered' }]);
    expect(await queue.getJobState(id)).toBe('delayed');
  });

  test('a delayed job is delivered later', async () => {
    const { sandbox, queue, events } = await start();
    sandbox.fail({ status: 503, times: 2 });
    const job = await queue.add('event', identify('u1', { plan: 'pro' }));
    expect(await job.waitUntilFinished(events)).toMatchObject([{ status: 'delivered' }]);
    expect(sandbox.requests()).toHaveLength(3);
  });

  test('an event that failed is dead-lettered at once, even if attempts are left', async () => {
    const { sandbox, queue } = await start();
    sandbox.fail({ status: 400, body: { errors: ['invalid tags'] } });
    await queue.add('event', 'no event', { attempts: 20 });
    await queue.add('event', identify('u1', { plan: 'pro' }), { attempts: 20 });
    await vi.waitUntil(async () => (await queue.getFailedCount()) === 2, { timeout: 10_000 });
    const failed = await queue.getFailed();
    expect(failed.map(({ failedReason }) => failedReason).sort()).toEqual([
      'Expected the event to be an object, received a string. Parse it with JSON.parse first.',
      expect.stringContaining('was refused with 400'),
    ]);
    expect(sandbox.requests()).toHaveLength(1);
  });

  test('the queue’s limit applies to all workers together', async () => {
    const { sandbox, queue } = await start(3, { limiter: { max: 2, duration: 3_600_000 } });
    await queue.addBulk(
      ['u1', 'u2', 'u3', 'u4', 'u5'].map((user) => ({ name: 'event', data: identify(user, { plan: 'pro' }) })),
    );
    await vi.waitUntil(async () => (await queue.getRateLimitTtl(2)) > 0 && (await queue.getCompletedCount()) === 2);
    expect(sandbox.requests()).toHaveLength(2);
    expect(await queue.getJobCountByTypes('waiting', 'delayed', 'prioritized')).toBe(3);
  });
});

describe('in any BullMQ', () => {
  const retryable: Deliverer = {
    deliver: async (inputs) => {
      const { destination, sandbox } = await startDestination();
      sandbox.fail({ status: 503 });
      return destination.deliver(inputs);
    },
  };

  test.each([
    [undefined, 1_000],
    [0, 1_000],
    [8_000, 8_000],
    [3_600_000, 60_000],
    [-5_000, 1_000],
  ])('if OneSignal asked for no wait, a job %s ms old waits %i ms', async (ageMs, waitMs) => {
    vi.useFakeTimers({ toFake: ['Date'], now: 10_000_000 });
    try {
      const moved: unknown[] = [];
      const job = {
        data: identify('u1', { plan: 'pro' }),
        ...(ageMs === undefined ? {} : { timestamp: 10_000_000 - ageMs }),
        moveToDelayed: async (...given: unknown[]) => {
          moved.push(given);
        },
      };
      const thrown = await createBullmqProcessor(retryable)(job, 'token').catch((error: unknown) => error);
      expect(thrown).toMatchObject({ name: 'DelayedError', cause: { name: 'DeliveryError', code: 'unavailable' } });
      expect(moved).toEqual([[10_000_000 + waitMs, 'token']]);
    } finally {
      vi.useRealTimers();
    }
  });

  test.each([
    ['0 ms', [0], 1_000],
    ['a time in the past', [-5_000], 1_000],
    ['half a second', [500], 1_000],
    ['a fraction of a millisecond', [1_500.2], 1_501],
    ['the longest of several waits', [2_000, 3_000, 0], 3_000],
    ['a year', [31_536_000_000], 31_536_000_000],
    ['longer than BullMQ can count', [Number.MAX_SAFE_INTEGER], 2 ** 41 - 1 - 10_000_000],
    ['forever', [Number.POSITIVE_INFINITY], 2 ** 41 - 1 - 10_000_000],
    ['NaN, which counts as absent', [Number.NaN], 8_000],
  ])(
    'if OneSignal asked for %s, a job waits at least a second and as long as BullMQ allows',
    async (_what, asked, waitMs) => {
      vi.useFakeTimers({ toFake: ['Date'], now: 10_000_000 });
      try {
        const moved: unknown[] = [];
        const job = {
          data: asked,
          timestamp: 10_000_000 - 8_000,
          moveToDelayed: async (timestamp: number) => void moved.push(timestamp),
        };
        const thrown = await createBullmqProcessor(asking)(job).catch((error: unknown) => error);
        expect(thrown).toMatchObject({ name: 'DelayedError' });
        expect(moved).toEqual([10_000_000 + waitMs]);
      } finally {
        vi.useRealTimers();
      }
    },
  );
});
