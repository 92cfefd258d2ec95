/**
 * Receives Segment's webhooks with Fastify 5.
 *
 *     ONESIGNAL_APP_ID=… ONESIGNAL_API_KEY=… SEGMENT_SECRET=… npx tsx examples/fastify.ts
 */
import fastify from 'fastify';
import { createDestinationFromEnv } from 'segment-onesignal';
import { toNodeListener } from 'segment-onesignal/node';
import { createWebhookHandler } from 'segment-onesignal/webhook';

const { SEGMENT_SECRET = '', PORT = '3000' } = process.env;

const destination = createDestinationFromEnv();
const listener = toNodeListener(createWebhookHandler(destination, { secrets: [SEGMENT_SECRET] }));

const app = fastify({
  // Segment gives up after 5 seconds, so a client that is still sending then is not Segment. Node checks for such
  // clients every 30 seconds by default.
  requestTimeout: 10_000,
  http: { headersTimeout: 5_000, connectionsCheckingInterval: 1_000 },
});
// Runs in its own plugin, so that all other routes keep their body parsers.
app.register(async (segment) => {
  segment.removeAllContentTypeParsers();
  segment.addContentTypeParser('*', (_request, _payload, done) => done(null));
  segment.all('/segment', (request, reply) => {
    reply.hijack();
    listener(request.raw, reply.raw);
  });
});
app.post('/echo', async (request) => request.body);

await app.listen({ port: Number(PORT) });
process.once('SIGTERM', () => app.close());
