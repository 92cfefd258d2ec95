/**
 * Receives Segment's webhooks with plain node:http.
 *
 *     ONESIGNAL_APP_ID=… ONESIGNAL_API_KEY=… SEGMENT_SECRET=… npx tsx examples/node-http.ts
 */
import { createServer } from 'node:http';
import { createDestination } from 'segment-onesignal';
import { toNodeListener } from 'segment-onesignal/node';
import { createWebhookHandler } from 'segment-onesignal/webhook';

const { ONESIGNAL_APP_ID = '', ONESIGNAL_API_KEY = '', SEGMENT_SECRET = '', PORT = '3000' } = process.env;

const destination = createDestination({ appId: ONESIGNAL_APP_ID, apiKey: ONESIGNAL_API_KEY });
const server = createServer(toNodeListener(createWebhookHandler(destination, { secrets: [SEGMENT_SECRET] })));

// Segment gives up after 5 seconds, so a client that is still sending then is not Segment.
server.headersTimeout = 5_000;
server.requestTimeout = 10_000;
server.listen(Number(PORT));

// On a deploy, accept no new requests but answer those in progress.
process.once('SIGTERM', () => server.close());
