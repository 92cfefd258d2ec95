// The harness's receiver.
import { createServer } from 'node:http';
import { Redis } from 'ioredis';
import { createFleetReceiver } from 'segment-onesignal/fleet';
import { toNodeListener } from 'segment-onesignal/node';
import { createWebhookHandler } from 'segment-onesignal/webhook';

const connection = new Redis(Number(process.env.REDIS_PORT), {
  enableOfflineQueue: false,
  maxRetriesPerRequest: 1,
  retryStrategy: () => 50,
});
connection.on('error', () => {});
const handler = createWebhookHandler(createFleetReceiver({ connection }), { allowUnsigned: true });
const server = createServer(toNodeListener(handler));
server.listen(Number(process.env.PORT ?? '0'), '127.0.0.1', () => {
  const address = server.address();
  console.log(`port ${typeof address === 'object' ? address?.port : ''}`);
});
