/**
 * Receives Segment's webhooks on Cloudflare Workers, with Hono. ONESIGNAL_API_KEY and SEGMENT_SECRET are secrets (`wrangler secret put`).
 *
 *     npx wrangler dev examples/hono-worker.ts
 */
import { Hono } from 'hono';
import { createDestination } from 'segment-onesignal';
import { createWebhookHandler } from 'segment-onesignal/webhook';

interface Env {
  ONESIGNAL_APP_ID: string;
  ONESIGNAL_API_KEY: string;
  SEGMENT_SECRET: string;
}

const app = new Hono<{ Bindings: Env }>();

app.all('/segment', ({ env, req }) => {
  // One per request, which is cheap: on Workers, waiting for what another request began never ends.
  const destination = createDestination({ appId: env.ONESIGNAL_APP_ID, apiKey: env.ONESIGNAL_API_KEY });
  return createWebhookHandler(destination, { secrets: [env.SEGMENT_SECRET] })(req.raw);
});

export default app;
