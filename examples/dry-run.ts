/**
 * Prints the requests and dropped fields of events (one JSON object per line), without sending anything.
 *
 *     npx tsx examples/dry-run.ts < examples/demo/shop.ndjson
 */
import { createInterface } from 'node:readline';
import { createDestination } from 'segment-onesignal';

// With `| head`, the reader closes the output early.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

const destination = createDestination({ appId: '3f1f9c1e-6d52-4c3b-9d0e-5f2b8a7c6d10', apiKey: 'plan-sends-nothing' });

for await (const line of createInterface({ input: process.stdin })) {
  if (!line.startsWith('{') || !line.endsWith('}')) continue;
  const { plans, requests } = destination.plan([JSON.parse(line)]);
  for (const plan of plans) console.log(plan.status, plan.messageId);
  for (const { path, reason } of plans.flatMap(({ dropped }) => dropped)) console.log(`  dropped ${path}: ${reason}`);
  for (const { method, path, body } of requests) console.log(`  ${method} ${path} ${JSON.stringify(body)}`);
}
