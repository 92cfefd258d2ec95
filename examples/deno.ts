/**
 * Receives Segment's webhooks with Deno.
 *
 *     ONESIGNAL_APP_ID=… ONESIGNAL_API_KEY=… SEGMENT_SECRET=… \
 *       deno serve --allow-env --allow-net --port 3000 examples/deno.ts
 */
import process from 'node:process';
import { createDestination } from 'segment-onesignal';
import { createWebhookHandler } from 'segment-onesignal/webhook';

const { ONESIGNAL_APP_ID = '', ONESIGNAL_API_KEY = '', SEGMENT_SECRET = '' } = process.env;

const destination = createDestination({ appId: ONESIGNAL_APP_ID, apiKey: ONESIGNAL_API_KEY });
const handler = createWebhookHandler(destination, { secrets: [SEGMENT_SECRET] });

export default { fetch: (request: Request): Promise<Response> => handler(request) };
