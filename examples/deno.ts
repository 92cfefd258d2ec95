/**
 * Receives Segment's webhooks with Deno.
 *
 *     ONESIGNAL_APP_ID=… ONESIGNAL_API_KEY=… SEGMENT_SECRET=… \
 *       deno serve --allow-env --allow-net --port 3000 examples/deno.ts
 */
import process from 'node:process';
import { createDestinationFromEnv } from 'segment-onesignal';
import { createWebhookHandler } from 'segment-onesignal/webhook';

const { SEGMENT_SECRET = '' } = process.env;

const destination = createDestinationFromEnv({ env: process.env });
const handler = createWebhookHandler(destination, { secrets: [SEGMENT_SECRET] });

export default { fetch: (request: Request): Promise<Response> => handler(request) };
