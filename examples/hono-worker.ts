/**
 * Receives Segment's webhooks on Cloudflare Workers, with Hono.
 *
 * Set the secrets ONESIGNAL_API_KEY and SEGMENT_SECRET with `wrangler secret put`.
 *
 *     npx wrangler dev examples/hono-worker.ts
 */
import { Hono } from 'hono';
import { createDestinationFromEnv } from 'segment-onesignal';
import { createWebhookHandler } from 'segment-onesignal/webhook';

interface Env {
  ONESIGNAL_APP_ID: string;
  ONESIGNAL_API_KEY: string;
  SEGMENT_SECRET: string;
}

const app = new Hono<{ Bindings: Env }>();

app.all('/segment', ({ env, req }) => {
  // Create it per request, which is cheap: on Workers, a promise from another request never settles.
  const destination = createDestinationFromEnv({ env });
  return createWebhookHandler(destination, { secrets: [env.SEGMENT_SECRET] })(req.raw);
});

export default app;
