/**
 * Receives Segment's webhooks with Next.js (App Router). Save it as `app/api/segment/route.ts`.
 */
import { createDestinationFromEnv } from 'segment-onesignal';
import { createWebhookHandler } from 'segment-onesignal/webhook';

type Handler = (request: Request) => Promise<Response>;

function createHandler(): Handler {
  const { SEGMENT_SECRET = '' } = process.env;
  return createWebhookHandler(createDestinationFromEnv(), { secrets: [SEGMENT_SECRET] });
}

let handler: Handler | undefined;

export function POST(request: Request): Promise<Response> {
  // Created on the first request, because `next build` loads this module without the secrets.
  handler ??= createHandler();
  return handler(request);
}
