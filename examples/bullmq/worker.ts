// Delivers the events of the queue to OneSignal. Run as many workers as you like, on any number of machines, and stop
// them with SIGTERM.
//
//   REDIS_URL=redis://127.0.0.1:6379 ONESIGNAL_APP_ID=… ONESIGNAL_API_KEY=… npx tsx examples/bullmq/worker.ts
//
// - Rate: all workers together deliver at most RATE events per second. OneSignal allows 1,000 requests per second, and
//   an audience event may need two.
// - Order: only one worker at a time writes to a user, and stale values are dropped even if another worker wrote the
//   newer.
// - Retries: a retryable event returns after the time that OneSignal asked for, until it is delivered.
// - Dead letters: events that can never be delivered become failed jobs; see dead-letters.ts.
// - Crashes: other workers take over the events of a crashed worker after at most twice LEASE_MS. Repeating them is
//   safe.
import { DelayedError, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { createDestination, createOneSignalTransport } from 'segment-onesignal';
import { createBullmqProcessor } from 'segment-onesignal/bullmq';
import { createRedisOrderStore } from 'segment-onesignal/redis';
import { env, queueName } from './settings.js';
import { createUserLock } from './user-lock.js';

const leaseMs = Number(env('LEASE_MS', '30000'));
const connection = new Redis(env('REDIS_URL'), { maxRetriesPerRequest: null });
connection.on('error', (error) => console.error('redis:', error.message));

const apiKey = env('ONESIGNAL_API_KEY');
const destination = createDestination({
  appId: env('ONESIGNAL_APP_ID'),
  transport: createOneSignalTransport({ apiKey, baseUrl: env('ONESIGNAL_URL', 'https://api.onesignal.com') }),
  delivery: { order: createRedisOrderStore(connection), deadlineMs: leaseMs * 0.75 },
});
const deliver = createBullmqProcessor(destination);
const lock = createUserLock(connection, leaseMs);

const worker = new Worker<unknown>(
  queueName,
  async (job, token) => {
    const user = String(Object(job.data).userId ?? job.id);
    if (!(await lock.acquire(user))) {
      await job.moveToDelayed(Date.now() + 500, token);
      throw new DelayedError();
    }
    try {
      return await deliver(job, token);
    } finally {
      await lock.release(user);
    }
  },
  {
    connection,
    concurrency: Number(env('CONCURRENCY', '50')),
    limiter: { max: Number(env('RATE', '500')), duration: 1_000 },
    lockDuration: leaseMs,
    stalledInterval: leaseMs / 2,
    maxStalledCount: 1_000_000, // never dead-letter an event because its workers crashed
  },
);
worker.on('ready', () => console.log('ready'));
worker.on('error', (error) => console.error('worker:', error.message));
worker.on('failed', (job, error) => console.error(`dead letter: job ${job?.id}: ${error.message}`));

for (const signal of ['SIGTERM', 'SIGINT'])
  process.once(signal, async () => {
    await worker.close(); // accepts no more jobs, and finishes the current ones
    await connection.quit();
  });
