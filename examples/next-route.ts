/**
 * Receives Segment's webhooks with Next.js (App Router). Save it as `app/api/segment/route.ts`.
 */
import { createDestination } from 'segment-onesignal';
import { createWebhookHandler } from 'segment-onesignal/webhook';

type Handler = (request: Request) => Promise<Response>;

function createHandler(): Handler {
  const { ONESIGNAL_APP_ID = '', ONESIGNAL_API_KEY = '', SEGMENT_SECRET = '' } = process.env;
  const destination = createDestination({ appId: ONESIGNAL_APP_ID, apiKey: ONESIGNAL_API_KEY });
  return createWebhookHandler(destination, { secrets: [SEGMENT_SECRET] });
}

let handler: Handler | undefined;

export function POST(request: Request): Promise<Response> {
  // Created on the first request, because `next build` loads this module without the secrets.
  handler ??= createHandler();
  return handler(request);
}
