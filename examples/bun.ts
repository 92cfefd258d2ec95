/**
 * Receives Segment's webhooks with Bun.
 *
 *     ONESIGNAL_APP_ID=… ONESIGNAL_API_KEY=… SEGMENT_SECRET=… bun examples/bun.ts
 */
import { createDestinationFromEnv } from 'segment-onesignal';
import { createWebhookHandler } from 'segment-onesignal/webhook';

const { SEGMENT_SECRET = '', PORT = '3000' } = process.env;

const destination = createDestinationFromEnv();
const handler = createWebhookHandler(destination, { secrets: [SEGMENT_SECRET] });

export default { port: Number(PORT), fetch: (request: Request) => handler(request) };
