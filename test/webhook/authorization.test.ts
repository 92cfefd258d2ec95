import { describe, expect, test } from 'vitest';
import type { WebhookHandlerOptions } from '../../src/webhook/index.js';
import { basic, createKeeping, fromSegment, post, segmentSignature, signatureOf } from './receiver.js';

const event = { type: 'identify', userId: 'u-1234', traits: { name: 'Zoë 🐝' } };
const other = { type: 'identify', userId: 'u-5678', traits: { plan: 'pro' } };
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

async function statusOf(options: WebhookHandlerOptions, request: Request) {
  const { handler, events } = createKeeping(options);
  const response = await handler(request);
  // A refused request must never reach the destination.
  expect(events.length > 0).toBe(response.status === 200);
  return response.status;
}

describe('a webhook is accepted', () => {
  const { secrets, tokens } = { secrets: ['shh'], tokens: ['token'] };
  test.each<[string, WebhookHandlerOptions, Request]>([
    ['signed by Segment', { secrets }, fromSegment(event)],
    [
      'signed in upper-case hex',
      { secrets },
      post(JSON.stringify(event), { 'X-Signature': segmentSignature(event, 'shh').toUpperCase() }),
    ],
    ['signed with the old of two secrets', { secrets: ['new', 'shh'] }, fromSegment(event)],
    [
      'pretty-printed by a proxy that signs what it sends',
      { secrets },
      post(JSON.stringify(event, null, 2), { 'x-signature': signatureOf(JSON.stringify(event, null, 2), 'shh') }),
    ],
    [
      'a batch signed as a whole',
      { secrets },
      post(JSON.stringify([event, other]), { 'x-signature': signatureOf(JSON.stringify([event, other]), 'shh') }),
    ],
    [
      'a batch signed as a whole, beside a token',
      { secrets, tokens },
      post(JSON.stringify([event, other]), {
        ...bearer('token'),
        'x-signature': signatureOf(JSON.stringify([event, other]), 'shh'),
      }),
    ],
    [
      'a batch signed by its first event, beside a token',
      { secrets, tokens },
      fromSegment([event, other], 'shh', bearer('token')),
    ],
    [
      "a batch signed by its first event, with batchSignature 'first-event'",
      { secrets, batchSignature: 'first-event' },
      fromSegment([event, other]),
    ],
    ['a batch of one event, signed by this event', { secrets }, fromSegment([event])],
    [
      "a batch of one event, signed by this event, with batchSignature 'whole-body'",
      { secrets, tokens, batchSignature: 'whole-body' },
      fromSegment([event], 'shh', bearer('token')),
    ],
    [
      'a batch of one event that a proxy formatted',
      { secrets },
      post(`\n${JSON.stringify([event], null, 2)} `, { 'x-signature': segmentSignature(event, 'shh') }),
    ],
    [
      "a batch signed by its first event that a proxy formatted, with batchSignature 'first-event'",
      { secrets, batchSignature: 'first-event' },
      post(JSON.stringify([event, other], null, 2), { 'x-signature': segmentSignature(event, 'shh') }),
    ],
    ['with a token alone', { tokens: ['old', 'token'] }, post(JSON.stringify(event), bearer('token'))],
    [
      'with a token whose scheme is in another case',
      { tokens },
      post(JSON.stringify(event), { authorization: 'bearer token' }),
    ],
    ['with nothing, where that is allowed', { allowUnsigned: true }, post(JSON.stringify(event))],
    [
      'with nothing, where only /v1 is checked and the rest is allowed',
      { allowUnsigned: true, writeKeys: ['key'] },
      post(JSON.stringify(event)),
    ],
  ])('%s', async (_what, options, request) => {
    expect(await statusOf(options, request)).toBe(200);
  });
});

describe('a webhook is answered with 401', () => {
  const { secrets, tokens } = { secrets: ['shh'], tokens: ['token'] };
  test.each<[string, WebhookHandlerOptions, Request]>([
    ['without a signature', { secrets }, post(JSON.stringify(event))],
    ['without a signature, even if it is not JSON', { secrets }, post('{')],
    ['with a malformed signature', { secrets }, post(JSON.stringify(event), { 'x-signature': 'sha1=abc' })],
    ['signed with another secret', { secrets }, fromSegment(event, 'other')],
    [
      'signed for another body',
      { secrets },
      post(JSON.stringify(other), { 'x-signature': segmentSignature(event, 'shh') }),
    ],
    ['signed in SHA-256', { secrets }, post(JSON.stringify(event), { 'x-signature': 'a'.repeat(64) })],
    ['a batch signed by its first event only', { secrets }, fromSegment([event, other])],
    [
      "a batch signed by its first event beside a token, with batchSignature 'whole-body'",
      { secrets, tokens, batchSignature: 'whole-body' },
      fromSegment([event, other], 'shh', bearer('token')),
    ],
    [
      'a batch signed by its second event',
      { secrets, batchSignature: 'first-event' },
      post(JSON.stringify([event, other]), { 'x-signature': segmentSignature(other, 'shh') }),
    ],
    [
      'a batch of one event, signed by another event',
      { secrets },
      post(JSON.stringify([other]), { 'x-signature': segmentSignature(event, 'shh') }),
    ],
    [
      'a batch whose second event is hidden behind a bracket',
      { secrets },
      post(`[${JSON.stringify(event)}],${JSON.stringify(other)}]`, { 'x-signature': segmentSignature(event, 'shh') }),
    ],
    [
      'a batch whose first event is nested in an array',
      { secrets, batchSignature: 'first-event' },
      post(JSON.stringify([[event], other]), { 'x-signature': segmentSignature(event, 'shh') }),
    ],
    [
      'a batch of one event in which a number that JSON cannot hold takes the place of null',
      { secrets },
      post('[{"type":"identify","userId":"u1","traits":{"plan":1e999}}]', {
        'x-signature': segmentSignature({ type: 'identify', userId: 'u1', traits: { plan: null } }, 'shh'),
      }),
    ],
    [
      'an empty batch with the signature of an empty body',
      { secrets, batchSignature: 'first-event' },
      post('[]', { 'x-signature': signatureOf('', 'shh') }),
    ],
    [
      'with a token but no signature where both are set',
      { secrets, tokens },
      post(JSON.stringify(event), bearer('token')),
    ],
    ['with a signature but no token where both are set', { secrets, tokens }, fromSegment(event)],
    ['with another token', { tokens }, post(JSON.stringify(event), bearer('tokem'))],
    ['with an empty token', { tokens }, post(JSON.stringify(event), { authorization: 'Bearer ' })],
    ['with the token used as a write key', { tokens }, post(JSON.stringify(event), { authorization: basic('token') })],
    [
      'with a write key, which is for /v1 only',
      { writeKeys: ['key'] },
      post(JSON.stringify(event), { authorization: basic('key') }),
    ],
  ])('%s', async (_what, options, request) => {
    expect(await statusOf(options, request)).toBe(401);
  });

  test('with a batch nested so deeply that its first event cannot be stringified', async () => {
    const { handler } = createKeeping({ secrets, batchSignature: 'first-event' });
    const deep = `[${'['.repeat(100_000)}${']'.repeat(100_000)}]`;
    expect((await handler(post(deep, { 'x-signature': 'a'.repeat(40) }))).status).toBe(401);
  });

  test('with a formatted first event that is nested too deeply to be parsed before it is verified', async () => {
    const { handler } = createKeeping({ secrets, batchSignature: 'first-event' });
    const deep = (levels: number) => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);
    const formatted = (levels: number) =>
      post(JSON.stringify([deep(levels), event], null, 1), {
        'x-signature': signatureOf(JSON.stringify(deep(levels)), 'shh'),
      });
    expect((await handler(formatted(100))).status).toBe(200);
    expect((await handler(formatted(101))).status).toBe(401);
  });

  test('with a first event of more than 10,000 objects and arrays', async () => {
    const { handler } = createKeeping({ secrets, batchSignature: 'first-event' });
    const wide = (count: number) => Array.from({ length: count - 1 }, () => ({}));
    expect((await handler(fromSegment([wide(10_000), event]))).status).toBe(200);
    expect((await handler(fromSegment([wide(10_001), event]))).status).toBe(401);
  });

  test('saying what to do if the signature covers only the first event', async () => {
    const { handler } = createKeeping({ secrets });
    const response = await handler(fromSegment([event, other]));
    expect(await response.json()).toEqual({ message: expect.stringMatching(/only the first event.*batchSignature/) });
  });

  test('without a secret, a token, a signature or a user in the answer', async () => {
    const { handler } = createKeeping({ secrets: ['shh-secret'], tokens: ['to-ken'] });
    for (const headers of [{}, bearer('to-ken'), bearer('guess')]) {
      const response = await handler(fromSegment(event, 'guess', headers));
      const answer = `${[...response.headers]} ${await response.text()}`;
      expect(answer).not.toMatch(/shh-secret|to-ken|guess|u-1234/);
      expect(answer).not.toContain(segmentSignature(event, 'guess'));
    }
  });
});

describe('a call of the Tracking API', () => {
  const writeKeys = ['old', 'key'];
  const call = (headers: Record<string, string>, body: unknown = { ...event }, path = '/v1/identify') =>
    post(JSON.stringify(body), headers, path);

  test.each<[string, WebhookHandlerOptions, Request]>([
    ['with the key as user name', { writeKeys }, call({ authorization: basic('key') })],
    ['with the key and a password', { writeKeys }, call({ authorization: basic('key', 'ignored') })],
    [
      'with the key in the body, as browsers and phones send it',
      { writeKeys },
      call({}, { ...event, writeKey: 'key' }),
    ],
    ['with the key in the body of a batch', { writeKeys }, call({}, { batch: [event], writeKey: 'key' }, '/v1/b')],
    ['with a key that is not ASCII', { writeKeys: ['schlüssel'] }, call({ authorization: basic('schlüssel') })],
    ['under a prefix', { writeKeys }, call({ authorization: basic('key') }, event, '/hooks/segment/v1/identify')],
    ['with nothing, where that is allowed', { allowUnsigned: true }, call({})],
  ])('%s is accepted', async (_what, options, request) => {
    expect(await statusOf(options, request)).toBe(200);
  });

  test.each<[string, WebhookHandlerOptions, Request]>([
    ['without a key', { writeKeys }, call({})],
    ['with another key', { writeKeys }, call({ authorization: basic('kez') })],
    ['with the key as password', { writeKeys }, call({ authorization: basic('', 'key') })],
    [
      'with a wrong key in the header and the right one in the body',
      { writeKeys },
      call({ authorization: basic('kez') }, { ...event, writeKey: 'key' }),
    ],
    ['with credentials that are not base64', { writeKeys }, call({ authorization: 'Basic %%%' })],
    ['with the key as a bearer token', { writeKeys }, call(bearer('key'))],
    ['with a key that is not a string', { writeKeys }, call({}, { ...event, writeKey: ['key'] })],
    [
      'signed, although only the other paths check signatures',
      { secrets: ['shh'] },
      call({ 'x-signature': segmentSignature(event, 'shh') }),
    ],
    ['with a token, although only the other paths check tokens', { tokens: ['token'] }, call(bearer('token'))],
    ['with nothing, where the other paths are allowed', { writeKeys, allowUnsigned: true }, call({})],
  ])('%s is answered with 401', async (_what, options, request) => {
    expect(await statusOf(options, request)).toBe(401);
  });

  test.each([
    ['after everything else', '{"batch":[{"a":"\\"}"}],"writeKey":"key"}'],
    ['surrounded by white space', '\n { "batch" : [ ] ,\t"writeKey"\r: "key" }'],
    ['with escapes', '{"writeKey":"k\\u0065y","batch":[]}'],
    ['twice, of which the last counts', '{"writeKey":"guess","batch":[],"writeKey":"key"}'],
  ])('with the key in the body %s is accepted', async (_where, body) => {
    const { handler } = createKeeping({ writeKeys });
    expect((await handler(post(body, {}, '/v1/batch'))).status).toBe(200);
  });

  test.each([
    ['in a nested object', '{"context":{"writeKey":"key"},"batch":[]}'],
    ['in a string', '{"a":"\\",\\"writeKey\\":\\"key","batch":[]}'],
    ['as a field name in a nested object', '{"writeKey":{"key":1},"batch":[]}'],
    ['in an array', '{"writeKey":["key"],"batch":[]}'],
    ['as the value of another field', '{"a":"writeKey","key":"key","batch":[]}'],
    ['before a wrong one', '{"writeKey":"key","batch":[],"writeKey":"guess"}'],
    ['before one that is not a string', '{"writeKey":"key","batch":[],"writeKey":null}'],
    ['in the first event', '[{"writeKey":"key"}]'],
  ])('with the key in the body %s is answered with 401', async (_where, body) => {
    const { handler } = createKeeping({ writeKeys });
    expect((await handler(post(body, {}, '/v1/batch'))).status).toBe(401);
  });

  test('that is not JSON is a 401 without a key and a 400 with it', async () => {
    expect(await statusOf({ writeKeys }, post('{', {}, '/v1/track'))).toBe(401);
    expect(await statusOf({ writeKeys }, post('{', { authorization: basic('key') }, '/v1/track'))).toBe(400);
  });
});

describe('what the headers decide is decided before a byte of the body is read', () => {
  test.each<[string, WebhookHandlerOptions, string, Record<string, string>]>([
    ['no check for this path', { writeKeys: ['key'] }, '/segment', {}],
    ['no check for /v1', { secrets: ['shh'] }, '/v1/batch', {}],
    ['no signature', { secrets: ['shh'] }, '/segment', {}],
    ['a malformed signature', { secrets: ['shh'] }, '/segment', { 'x-signature': 'abc' }],
    ['no token', { tokens: ['token'] }, '/segment', {}],
    ['a wrong token beside a signature', { secrets: ['shh'], tokens: ['token'] }, '/segment', bearer('guess')],
    ['a wrong write key', { writeKeys: ['key'] }, '/v1/batch', { authorization: basic('guess') }],
  ])('%s', async (_what, options, path, headers) => {
    let isRead = false;
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          isRead = true;
          controller.close();
        },
      },
      { highWaterMark: 0 },
    );
    const request = new Request(`http://receiver.test${path}`, { method: 'POST', body, headers, duplex: 'half' });
    expect(await statusOf(options, request)).toBe(401);
    expect(isRead).toBe(false);
  });
});
