// Receives events from Segment's webhook destination and stores them in Redis. worker.ts delivers them. Run as many
// receivers as you like.
//
//   REDIS_URL=redis://127.0.0.1:6379 SEGMENT_SECRET=… npx tsx examples/fleet/receiver.ts
//
// An event is answered with 200 once it is stored in Redis. While Redis is unavailable the answer is 503, and Segment
// sends it again. GET /metrics returns the queue's figures in Prometheus format: do not expose it to the public.
import { createServer } from 'node:http';
import { Redis } from 'ioredis';
import { createFleetReceiver, formatFleetMetrics, readFleetMetrics } from 'segment-onesignal/fleet';
import { toNodeListener } from 'segment-onesignal/node';
import { createWebhookHandler } from 'segment-onesignal/webhook';

const { REDIS_URL = 'redis://127.0.0.1:6379', SEGMENT_SECRET = '', PORT = '8080' } = process.env;
// Fails immediately while Redis is unavailable, rather than holding events in memory, where a restart would lose them.
const connection = new Redis(REDIS_URL, { enableOfflineQueue: false, maxRetriesPerRequest: 1 });
connection.on('error', (error) => console.error('redis:', error.message));

const webhook = createWebhookHandler(createFleetReceiver({ connection }), { secrets: [SEGMENT_SECRET] });
const handler = async (request: Request): Promise<Response> => {
  if (new URL(request.url).pathname !== '/metrics') return webhook(request);
  return new Response(formatFleetMetrics(await readFleetMetrics({ connection })));
};
// Segment gives up after 5 seconds, so a client that is still sending then is not Segment. Node checks for such clients
// every 30 seconds by default.
const limits = { headersTimeout: 5_000, requestTimeout: 10_000, connectionsCheckingInterval: 1_000 };
const server = createServer(limits, toNodeListener(handler));
server.listen(Number(PORT), () => console.log('listening', server.address()));

for (const signal of ['SIGTERM', 'SIGINT'])
  process.once(signal, async () => {
    await new Promise((resolve) => server.close(resolve));
    connection.disconnect();
  });
