import { describe, expect, test } from 'vitest';
import { basic, createKeeping, createReceiver, post, signatureOf, statusAndBody } from './receiver.js';

/** The events that reach the destination, without the time at which they were received. */
async function eventsOf(path: string, body: unknown) {
  const { handler, events } = createKeeping();
  const response = await handler(post(JSON.stringify(body), {}, path));
  expect(response.status).toBe(200);
  return events.map((event) => {
    const { receivedAt: _, ...fields } = Object(event);
    return fields;
  });
}

test.each([
  ['/v1/identify', 'identify'],
  ['/v1/i', 'identify'],
  ['/v1/track', 'track'],
  ['/v1/t', 'track'],
  ['/v1/page', 'page'],
  ['/v1/p', 'page'],
  ['/v1/screen', 'screen'],
  ['/v1/s', 'screen'],
  ['/v1/group', 'group'],
  ['/v1/g', 'group'],
  ['/v1/alias', 'alias'],
  ['/v1/a', 'alias'],
  ['/segment/v1/track', 'track'],
  ['/v1/track/', 'track'],
  ['/v1/track?source=shop', 'track'],
])('the type comes from the path: %s', async (path, type) => {
  expect(await eventsOf(path, { userId: 'u1', type: 'delete', writeKey: 'key' })).toEqual([{ userId: 'u1', type }]);
});

describe.each(['/v1/batch', '/v1/b', '/v1/import', '/hooks/segment/v1/batch'])('%s', (path) => {
  test('adds the fields of the batch to each event, whose own fields take precedence, and removes the key', async () => {
    const events = await eventsOf(path, {
      writeKey: 'key',
      sentAt: '2026-01-01T00:00:01.000Z',
      context: { app: { name: 'shop' }, locale: 'de-AT' },
      integrations: { All: false, OneSignal: true },
      batch: [
        { type: 'identify', userId: 'u1' },
        {
          type: 'track',
          userId: 'u2',
          writeKey: 'key',
          sentAt: 'own',
          context: { locale: 'en-GB' },
          integrations: { OneSignal: false },
        },
        { type: 'track', userId: 'u3', sentAt: null, context: null, integrations: [] },
      ],
    });
    const shared = { app: { name: 'shop' }, locale: 'de-AT' };
    const sentAt = '2026-01-01T00:00:01.000Z';
    expect(events).toEqual([
      { type: 'identify', userId: 'u1', sentAt, context: shared, integrations: { All: false, OneSignal: true } },
      {
        type: 'track',
        userId: 'u2',
        sentAt: 'own',
        context: { app: { name: 'shop' }, locale: 'en-GB' },
        integrations: { All: false, OneSignal: false },
      },
      { type: 'track', userId: 'u3', sentAt, context: shared, integrations: { All: false, OneSignal: true } },
    ]);
  });
});

test('a batch without fields of its own adds nothing', async () => {
  const event = { type: 'identify', userId: 'u1' };
  expect(await eventsOf('/v1/batch', { batch: [event], context: null, integrations: 'all' })).toEqual([event]);
});

test('keys such as __proto__ stay data', async () => {
  const { handler, events } = createKeeping();
  const body = '{"context":{"__proto__":{"a":1}},"batch":[{"type":"track","__proto__":{"b":2},"context":{"c":3}}]}';
  await handler(post(body, {}, '/v1/batch'));
  expect(JSON.stringify(events).replace(/,"receivedAt":"[^"]+"/, '')).toBe(
    '[{"type":"track","__proto__":{"b":2},"context":{"__proto__":{"a":1},"c":3}}]',
  );
});

test('each event of a batch has its own outcome, and an invalid one does not affect the others', async () => {
  const { handler, sandbox } = createReceiver({ allowUnsigned: true });
  const batch = [{ userId: 'u1' }, 5, null, [], { type: 'identify', userId: 'u2', traits: { a: 1 } }, { type: 'page' }];
  const answer = await statusAndBody(await handler(post(JSON.stringify({ batch }), {}, '/v1/batch')));
  expect(answer).toMatchObject({
    status: 200,
    body: {
      success: true,
      outcomes: [
        { status: 'failed', code: 'missing_type' },
        { status: 'failed', code: 'invalid_event' },
        { status: 'failed', code: 'invalid_event' },
        { status: 'failed', code: 'invalid_event' },
        { status: 'delivered' },
        { status: 'skipped', reason: 'unsupported_type' },
      ],
    },
  });
  expect(sandbox.user('u2')?.tags).toEqual({ a: '1' });
});

test('a single call that fails is a 400 with success: false', async () => {
  const { handler } = createReceiver({ allowUnsigned: true });
  const answer = await statusAndBody(await handler(post('{"userId":"u1","traits":7}', {}, '/v1/identify')));
  expect(answer).toMatchObject({ status: 400, body: { success: false, message: expect.stringContaining('traits') } });
});

test('a single call that is retryable is a 503 with success: false', async () => {
  const { handler, sandbox } = createReceiver({ allowUnsigned: true });
  sandbox.fail({ status: 429, headers: { 'retry-after': '60' }, times: 1 });
  const answer = await statusAndBody(await handler(post('{"userId":"u1","traits":{"a":1}}', {}, '/v1/identify')));
  expect(answer).toMatchObject({ status: 503, body: { success: false } });
});

test.each(['{}', '{"batch":{}}', '[]', 'null', '5'])(
  'a batch without an array of events is a 400: %s',
  async (body) => {
    const { handler } = createKeeping();
    const answer = await statusAndBody(await handler(post(body, {}, '/v1/batch')));
    expect(answer).toMatchObject({ status: 400, body: { message: expect.stringContaining('"batch"') } });
  },
);

test.each(['/v1/', '/v1/constructor', '/v1/batch/more', '/v1/m'])(
  'any other path under /v1 requires the key and is then a 404: %s',
  async (path) => {
    const { handler, events } = createKeeping({ writeKeys: ['key'], secrets: ['shh'] });
    const body = JSON.stringify({ type: 'identify', userId: 'u1' });
    expect((await handler(post(body, { 'x-signature': signatureOf(body, 'shh') }, path))).status).toBe(401);
    expect((await handler(post(body, { authorization: basic('key') }, path))).status).toBe(404);
    expect(events).toEqual([]);
  },
);

test.each([
  '/api/v1/segment',
  '/v1',
  '/hooks/v1/constructor',
  '/hooks/v1/batch/more',
  '/V1/batch',
  '/identify',
  '/v2/track',
])('a path that only resembles the Tracking API is a webhook: %s', async (path) => {
  const event = { type: 'identify', userId: 'u1' };
  expect(await eventsOf(path, event)).toEqual([event]);
});
