import { Analytics } from '@segment/analytics-node';
import { afterEach, expect, test } from 'vitest';
import {
  createEventStreamHandler,
  createSegmentSender,
  type EventStreamProblem,
} from '../../src/event-stream/index.js';
import { json, type LocalServer, startLocalServer } from '../local-server.js';
import { serve } from '../webhook/serve.js';
import { pushClick, pushClicked } from './bodies.js';

const clients: Analytics[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) await client.closeAndFlush({ timeout: 1 });
});

function createAnalytics(segment: LocalServer): Analytics {
  const analytics = new Analytics({ writeKey: 'key', host: segment.url, flushAt: 1, maxRetries: 1 });
  clients.push(analytics);
  return analytics;
}

const tracksAt = ({ requests }: LocalServer) => requests.flatMap(({ body }): unknown[] => JSON.parse(body).batch);

async function send(url: string, body: unknown): Promise<number> {
  const headers = { authorization: 'Bearer shh', 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  await answer.text();
  return answer.status;
}

test("Segment's client sends the track unchanged, before OneSignal gets its answer", async () => {
  const segment = await startLocalServer(json(200, { success: true }));
  const { url } = await serve(createEventStreamHandler({ segment: createAnalytics(segment), secrets: ['shh'] }));
  expect(await send(url, pushClick)).toBe(200);
  expect(segment.requests.map(({ url, method }) => `${method} ${url}`)).toEqual(['POST /v1/batch']);
  const { context, ...track } = pushClicked;
  // The client adds the library to the context.
  expect(tracksAt(segment)).toMatchObject([{ ...track, context }]);
});

test("a track that Segment's client could not send is answered with 503 and reported", async () => {
  const segment = await startLocalServer(json(400, {}));
  const problems: EventStreamProblem[] = [];
  const handler = createEventStreamHandler({
    segment: createAnalytics(segment),
    secrets: ['shh'],
    onProblem: (problem) => problems.push(problem),
  });
  const { url } = await serve(handler);
  expect(await send(url, pushClick)).toBe(503);
  expect(problems).toMatchObject([{ isLost: false, error: { code: 'client' } }]);
});

test('the sender of this library sends the same track as Segment’s client', async () => {
  const segment = await startLocalServer(json(200, { success: true }));
  const sender = createSegmentSender({ writeKey: 'key', baseUrl: segment.url });
  const { url } = await serve(createEventStreamHandler({ segment: sender, secrets: ['shh'] }));
  expect(await send(url, pushClick)).toBe(200);
  expect(tracksAt(segment)).toEqual([pushClicked]);
  const analytics = await startLocalServer(json(200, { success: true }));
  createAnalytics(analytics).track(pushClicked);
  await clients.at(-1)?.closeAndFlush();
  const [own, clients_] = [segment, analytics].map(({ requests }) => requests[0]?.headers.authorization);
  expect(own).toBe(clients_);
});

test('with hundreds of events at once, each arrives exactly once', async () => {
  const segment = await startLocalServer(json(200, { success: true }));
  const sender = createSegmentSender({ writeKey: 'key', baseUrl: segment.url });
  const { url } = await serve(createEventStreamHandler({ segment: sender, secrets: ['shh'] }));
  const ids = Array.from({ length: 300 }, (_, index) => `e${index}`);
  const statuses = await Promise.all(ids.map((id) => send(url, { ...pushClick, 'event.id': id })));
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(
    tracksAt(segment)
      .map((track) => Object(track).messageId)
      .sort(),
  ).toEqual([...ids].sort());
});
