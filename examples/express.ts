/**
 * Receives Segment's webhooks with Express 5 (or 4), and events from Segment's own libraries under /segment/v1.
 *
 *     ONESIGNAL_APP_ID=… ONESIGNAL_API_KEY=… SEGMENT_SECRET=… WRITE_KEY=… npx tsx examples/express.ts
 */
import { createServer } from 'node:http';
import express from 'express';
import { createDestinationFromEnv } from 'segment-onesignal';
import { toNodeListener } from 'segment-onesignal/node';
import { createWebhookHandler } from 'segment-onesignal/webhook';

const { SEGMENT_SECRET = '', WRITE_KEY = '', PORT = '3000' } = process.env;

const destination = createDestinationFromEnv();
const handler = createWebhookHandler(destination, { secrets: [SEGMENT_SECRET], writeKeys: [WRITE_KEY] });

const app = express();
// Mounted before express.json(), because the signature covers the raw bytes, which a body parser discards.
app.use('/segment', toNodeListener(handler));
app.use(express.json());
app.post('/echo', (request, response) => {
  response.json(request.body);
});

// Segment gives up after 5 seconds, so a client that is still sending then is not Segment. Node checks for such clients
// every 30 seconds by default.
const limits = { headersTimeout: 5_000, requestTimeout: 10_000, connectionsCheckingInterval: 1_000 };
const server = createServer(limits, app);
server.listen(Number(PORT));
process.once('SIGTERM', () => server.close());
