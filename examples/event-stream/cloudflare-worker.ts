/**
 * Receives a OneSignal Event Stream on Cloudflare Workers, and sends its events to Segment.
 *
 * Set the secrets SEGMENT_WRITE_KEY and STREAM_SECRET with `wrangler secret put`.
 *
 *     npx wrangler dev examples/event-stream/cloudflare-worker.ts
 */
import { createEventStreamHandler, createSegmentSender } from 'segment-onesignal/event-stream';

interface Env {
  SEGMENT_WRITE_KEY: string;
  STREAM_SECRET: string;
}

export default {
  fetch(request: Request, env: Env): Promise<Response> {
    // Created per request, which is cheap: on Workers, a promise from another request never settles.
    const handler = createEventStreamHandler({
      segment: createSegmentSender({ writeKey: env.SEGMENT_WRITE_KEY }),
      secrets: [env.STREAM_SECRET],
      onProblem: ({ error, isLost }) => console.error(isLost ? 'Lost an event:' : 'Will come again:', error.message),
    });
    return handler(request);
  },
};
