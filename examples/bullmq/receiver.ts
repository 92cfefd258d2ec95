// Receives events from Segment's webhook destination and adds each to a BullMQ queue as its own job. worker.ts delivers
// them. Run as many receivers as you like.
//
//   REDIS_URL=redis://127.0.0.1:6379 SEGMENT_SECRET=… npx tsx examples/bullmq/receiver.ts
//
// An event is answered 200 once it is stored in Redis. While Redis is unavailable the answer is 503, and Segment sends
// it again.
import { createServer } from 'node:http';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import type { Deliverer } from 'segment-onesignal';
import { toNodeListener } from 'segment-onesignal/node';
import { createWebhookHandler } from 'segment-onesignal/webhook';
import { env, queueName } from './settings.js';

// Fails immediately while Redis is unavailable, rather than holding events in memory, where a restart would lose them.
const connection = new Redis(env('REDIS_URL'), {
  enableOfflineQueue: false,
  maxRetriesPerRequest: 1,
  commandTimeout: 3_000, // Segment waits 5 seconds for an answer
});
connection.on('error', (error) => console.error('redis:', error.message));
const queue = new Queue(queueName, {
  connection,
  defaultJobOptions: {
    removeOnComplete: true,
    removeOnFail: false, // the failed jobs are the dead letters
    attempts: 20, // for unexpected errors; retryable events do not use them up
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
// Segment gives up after 5 seconds, so a client that is still sending then is not Segment. Node looks for such clients
// every 30 seconds by default.
const limits = { headersTimeout: 5_000, requestTimeout: 10_000, connectionsCheckingInterval: 1_000 };
const server = createServer(limits, toNodeListener(handler));
server.listen(Number(env('PORT', '8080')), () => console.log('listening', server.address()));

for (const signal of ['SIGTERM', 'SIGINT'])
  process.once(signal, async () => {
    await new Promise((resolve) => server.close(resolve));
    await queue.close();
    await connection.quit();
  });
