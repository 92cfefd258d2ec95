// Takes events from Segment (Webhooks) and puts each into a BullMQ queue as a job of its own; worker.ts delivers them. Start as many as you like.
//
//   REDIS_URL=redis://127.0.0.1:6379 SEGMENT_SECRET=… npx tsx examples/bullmq/receiver.ts
//
// An event is answered 200 once Redis has it, 503 while Redis cannot take it: Segment then sends it again.
import { createServer } from 'node:http';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import type { Deliverer } from 'segment-onesignal';
import { toNodeListener } from 'segment-onesignal/node';
import { createWebhookHandler } from 'segment-onesignal/webhook';
import { env, queueName } from './settings.js';

// Fails at once while Redis is away, instead of holding events in memory that a restart would lose; Segment waits 5 s for an answer.
const connection = new Redis(env('REDIS_URL'), {
  enableOfflineQueue: false,
  maxRetriesPerRequest: 1,
  commandTimeout: 3_000,
});
connection.on('error', (error) => console.error('redis:', error.message));
const queue = new Queue(queueName, {
  connection,
  defaultJobOptions: {
    removeOnComplete: true,
    removeOnFail: false, // the failed jobs are the dead letters
    attempts: 20, // for what nobody foresaw; retryable events use none of them
    backoff: { type: 'exponential', delay: 1_000 },
  },
});
queue.on('error', (error) => console.error('queue:', error.message));

const enqueue: Deliverer = {
  async deliver(inputs) {
    await queue.addBulk(inputs.map((event) => ({ name: 'event', data: event })));
    return inputs.map(() => ({ status: 'delivered', applied: [], dropped: [], warnings: [] }));
  },
};

const handler = createWebhookHandler(enqueue, { secrets: [env('SEGMENT_SECRET')] });
const server = createServer(toNodeListener(handler));
server.listen(Number(env('PORT', '8080')), () => console.log('listening', server.address()));

for (const signal of ['SIGTERM', 'SIGINT'])
  process.once(signal, async () => {
    await new Promise((resolve) => server.close(resolve));
    await queue.close();
    await connection.quit();
  });
