// Prints the events that could not be delivered and the reasons, as one line of JSON each. With --retry it also puts
// them back into the queue, for when the cause is fixed.
//
//   REDIS_URL=redis://127.0.0.1:6379 npx tsx examples/bullmq/dead-letters.ts [--retry]
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { env, queueName } from './settings.js';

const connection = new Redis(env('REDIS_URL'), { maxRetriesPerRequest: null });
const queue = new Queue<unknown>(queueName, { connection });
for (const job of await queue.getFailed(0, 999)) {
  console.log(JSON.stringify({ job: job.id, reason: job.failedReason, event: job.data }));
  if (process.argv.includes('--retry')) await job.retry('failed');
}
await queue.close();
await connection.quit();
