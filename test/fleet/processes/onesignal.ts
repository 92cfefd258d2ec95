// The harness's OneSignal. It is independent of the library, answers after a few milliseconds, and records
// every write with its time. A GET returns the record.
import { createServer } from 'node:http';

/** One write: Unix milliseconds with fractions, the user, the tags, and the worker. */
export type Write = [atMs: number, user: string, tags: Record<string, string>, worker: string];

/** What a GET returns. */
export interface Recorded {
  writes: Write[];
  requests: number;
}

const answerMs = Number(process.env.ANSWER_MS ?? '5');
const failRate = Number(process.env.FAIL_RATE ?? '0');
const writes: Write[] = [];
let requests = 0;
const keepsTags = process.env.KEEP_TAGS !== 'no';

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    response.setHeader('content-type', 'application/json');
    const recorded: Recorded = { writes, requests };
    response.end(JSON.stringify(recorded));
    return;
  }
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    requests++;
    const fails = Math.random() < failRate;
    if (!fails) {
      const user = decodeURIComponent((request.url ?? '').split('/').at(-1) ?? '');
      const tags = keepsTags ? JSON.parse(Buffer.concat(chunks).toString()).properties.tags : {};
      writes.push([performance.timeOrigin + performance.now(), user, tags, request.headers.authorization ?? '']);
    }
    setTimeout(() => {
      response.writeHead(fails ? 503 : 202, { 'content-type': 'application/json' });
      response.end(fails ? '{"errors":["try again"]}' : '{"properties":{}}');
    }, answerMs);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(Number(process.env.PORT ?? '0'), '127.0.0.1', () => {
  const address = server.address();
  console.log(`port ${typeof address === 'object' ? address?.port : ''}`);
});
