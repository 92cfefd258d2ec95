/**
 * Receives a OneSignal Event Stream with Express 5 (or 4), and sends its events with Segment's own client.
 *
 *     SEGMENT_WRITE_KEY=… STREAM_SECRET=… npx tsx examples/event-stream/express.ts
 */
import { Analytics } from '@segment/analytics-node';
import express from 'express';
import { createEventStreamHandler } from 'segment-onesignal/event-stream';
import { toNodeListener } from 'segment-onesignal/node';

const { SEGMENT_WRITE_KEY = '', SEGMENT_URL, STREAM_SECRET = '', PORT = '3000' } = process.env;

const analytics = new Analytics({
  writeKey: SEGMENT_WRITE_KEY,
  // By default the client keeps events for up to 10 seconds, and OneSignal would have to wait for the answer.
  flushAt: 1,
  // OneSignal sends an event again if Segment does not accept it.
  maxRetries: 2,
  ...(SEGMENT_URL === undefined ? {} : { host: SEGMENT_URL }),
});
const handler = createEventStreamHandler({
  segment: analytics,
  secrets: [STREAM_SECRET],
  onProblem: ({ error, isLost }) => console.error(isLost ? 'Lost an event:' : 'Will come again:', error.message),
});

const app = express();
// Mounted before express.json(), because a parser refuses bodies that a title has broken.
app.use('/onesignal', toNodeListener(handler));
const server = app.listen(Number(PORT));

process.once('SIGTERM', () => {
  server.close(() => void analytics.closeAndFlush());
});
