// Delivers the queue's events to OneSignal. Start as many as you like, on as many machines as you like; stop them with SIGTERM.
//
//   REDIS_URL=redis://127.0.0.1:6379 ONESIGNAL_APP_ID=… ONESIGNAL_API_KEY=… npx tsx examples/bullmq/worker.ts
//
// - Rate: at most RATE events per second, all workers together (an event of an audience may need two requests; OneSignal allows 1,000 a second).
// - Order: one worker at a time writes to a user, and what is stale is dropped, whichever worker wrote the newer.
// - Retries: a retryable event comes back after the time that OneSignal asked for, until it is delivered.
// - Dead letters: what can never be delivered is among the failed jobs; see dead-letters.ts.
// - A worker that dies: its events are taken over by others after LEASE_MS at the most twice. Repeating them is safe.
import { DelayedError, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { createDestination, createOneSignalTransport } from 'segment-onesignal';
import { createBullmqProcessor } from 'segment-onesignal/bullmq';
import { createRedisOrderStore } from '../redis-order-store/redis-order-store.js';
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
    maxStalledCount: 1_000_000, // an event is not to blame for the workers that died over it
  },
);
worker.on('ready', () => console.log('ready'));
worker.on('error', (error) => console.error('worker:', error.message));
worker.on('failed', (job, error) => console.error(`dead letter: job ${job?.id}: ${error.message}`));

for (const signal of ['SIGTERM', 'SIGINT'])
  process.once(signal, async () => {
    await worker.close(); // takes no more jobs, and finishes those that it has
    await connection.quit();
  });
