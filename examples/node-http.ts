/**
 * Receives Segment's webhooks with plain node:http.
 *
 *     ONESIGNAL_APP_ID=… ONESIGNAL_API_KEY=… SEGMENT_SECRET=… npx tsx examples/node-http.ts
 */
import { createServer } from 'node:http';
import { createDestinationFromEnv } from 'segment-onesignal';
import { toNodeListener } from 'segment-onesignal/node';
import { createWebhookHandler } from 'segment-onesignal/webhook';

const { SEGMENT_SECRET = '', PORT = '3000' } = process.env;

const destination = createDestinationFromEnv();
const server = createServer(
  {
    // Segment gives up after 5 seconds, so a client that is still sending then is not Segment.
    headersTimeout: 5_000,
    requestTimeout: 10_000,
    // Node checks for connections that exceed these times every 30 seconds by default.
    connectionsCheckingInterval: 1_000,
  },
  toNodeListener(createWebhookHandler(destination, { secrets: [SEGMENT_SECRET] })),
);
server.listen(Number(PORT));

// On a deploy, accept no new requests but answer those in progress.
process.once('SIGTERM', () => server.close());
