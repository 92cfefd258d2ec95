import { afterEach, describe, expect, test, vi } from 'vitest';
import { pushClick, pushClicked } from '../event-stream/bodies.js';
import { json, startLocalServer } from '../local-server.js';
import { freePort, startExample } from './example-process.js';

const body = JSON.stringify(pushClick);
const bearer = (secret: string) => ({ authorization: `Bearer ${secret}`, 'content-type': 'application/json' });

afterEach(() => {
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  vi.resetModules();
});

/** The `fetch` of a Segment that accepts everything. */
function stubSegment(): unknown[] {
  const tracks: unknown[] = [];
  vi.stubGlobal('fetch', async (url: string, { body: text }: { body: string }) => {
    expect(url).toBe('https://api.segment.io/v1/batch');
    tracks.push(...JSON.parse(text).batch);
    return Response.json({ success: true });
  });
  return tracks;
}

describe('the Cloudflare Worker', () => {
  test('sends events from an authorized stream to Segment, and refuses others', async () => {
    const tracks = stubSegment();
    const { default: worker } = await import('../../examples/event-stream/cloudflare-worker.js');
    const env = { SEGMENT_WRITE_KEY: 'key', STREAM_SECRET: 'shh' };
    const send = async (secret: string): Promise<number> => {
      const request = new Request('https://worker.test/', { method: 'POST', headers: bearer(secret), body });
      return (await worker.fetch(request, env)).status;
    };
    expect(await send('guessed')).toBe(401);
    expect(tracks).toEqual([]);
    expect(await send('shh')).toBe(200);
    expect(tracks).toEqual([pushClicked]);
  });
});

describe('the Lambda function', () => {
  test.each([
    ['text', body, false],
    ['base64', Buffer.from(body).toString('base64'), true],
  ])('sends events whose body is %s to Segment, and refuses others', async (_, text, isBase64Encoded) => {
    const tracks = stubSegment();
    vi.stubEnv('SEGMENT_WRITE_KEY', 'key');
    vi.stubEnv('STREAM_SECRET', 'shh');
    const { handler } = await import('../../examples/event-stream/aws-lambda.js');
    const invoke = (secret: string) =>
      handler({
        headers: { ...bearer(secret), 'content-length': String(text.length), host: 'lambda.test' },
        requestContext: { http: { method: 'POST' } },
        body: text,
        isBase64Encoded,
      });
    expect(await invoke('guessed')).toMatchObject({ statusCode: 401 });
    expect(await invoke('shh')).toEqual({
      statusCode: 200,
      headers: { 'content-type': 'application/json' },
      body: '{"status":"sent","event":"Push Clicked"}',
    });
    expect(tracks).toEqual([pushClicked]);
  });

  test('answers a request without a body', async () => {
    vi.stubEnv('SEGMENT_WRITE_KEY', 'key');
    vi.stubEnv('STREAM_SECRET', 'shh');
    const { handler } = await import('../../examples/event-stream/aws-lambda.js');
    const requestContext = { http: { method: 'GET' } };
    expect(await handler({ headers: {}, requestContext, isBase64Encoded: false })).toMatchObject({ statusCode: 405 });
  });
});

test("the Express server sends events with Segment's client, and ends after its last answer", async () => {
  const segment = await startLocalServer(json(200, { success: true }));
  const port = await freePort();
  const env = { SEGMENT_WRITE_KEY: 'key', SEGMENT_URL: segment.url, STREAM_SECRET: 'shh', PORT: String(port) };
  const server = await startExample('event-stream/express.ts', { env });
  const url = `http://127.0.0.1:${port}/onesignal`;
  const send = async (secret: string): Promise<number> => {
    const headers = { ...bearer(secret), connection: 'close' };
    return (await fetch(url, { method: 'POST', headers, body })).status;
  };
  while ((await fetch(url).catch(() => undefined)) === undefined)
    await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await send('guessed')).toBe(401);
  expect(segment.requests).toEqual([]);
  expect(await send('shh')).toBe(200);
  expect(segment.requests.map((request) => JSON.parse(request.body).batch[0].messageId)).toEqual([
    pushClicked.messageId,
  ]);
  expect(await server.end('SIGTERM')).toBe(0);
});
