import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import {
  createEventStreamHandler,
  type EventStreamEvent,
  type EventStreamHandlerOptions,
  type EventStreamProblem,
  type EventStreamTrack,
  SegmentError,
} from '../../src/event-stream/index.js';
import { ConfigurationError } from '../../src/index.js';
import { statusAndBody } from '../webhook/receiver.js';
import { pushClick, pushClicked } from './bodies.js';

const secret = 'a secret of the stream';
const bearer = { authorization: `Bearer ${secret}` };

/** A handler whose Segment accepts every track, with records of what it received and reported. */
function createHandler(options: Partial<EventStreamHandlerOptions> = {}) {
  const tracks: EventStreamTrack[] = [];
  const events: EventStreamEvent[] = [];
  const problems: EventStreamProblem[] = [];
  const handler = createEventStreamHandler({
    segment: async (track) => tracks.push(track),
    secrets: [secret],
    onEvent: (event) => events.push(event),
    onProblem: (problem) => problems.push(problem),
    ...options,
  });
  return { handler, tracks, events, problems };
}

type Body = string | Uint8Array<ArrayBuffer>;

function request(body: Body, headers: Record<string, string> = bearer, method = 'POST'): Request {
  return new Request('http://receiver.test/onesignal', { method, headers, body });
}

const click = JSON.stringify(pushClick);

describe('an event', () => {
  test.each(['POST', 'PUT', 'PATCH'])('that arrives by %s is sent to Segment before the answer', async (method) => {
    const { handler, tracks, events, problems } = createHandler();
    const answer = await handler(request(click, bearer, method));
    expect(await statusAndBody(answer)).toEqual({ status: 200, body: { status: 'sent', event: 'Push Clicked' } });
    expect(tracks).toEqual([pushClicked]);
    expect(events).toEqual([{ status: 'sent', track: pushClicked, warnings: [] }]);
    expect(problems).toEqual([]);
  });

  test('has the names and kinds that the options choose', async () => {
    const { handler, tracks } = createHandler({ names: 'spec', kinds: 'all' });
    await handler(request(JSON.stringify({ ...pushClick, 'event.kind': 'message.push.failed' })));
    expect(tracks.map(({ event }) => event)).toEqual(['Push Notification Bounced']);
  });

  test('may be compressed', async () => {
    const { handler, tracks } = createHandler();
    await handler(request(new Uint8Array(gzipSync(click)), { ...bearer, 'content-encoding': 'gzip' }));
    expect(tracks).toEqual([pushClicked]);
  });

  test('of an unknown kind is answered with 200 and reported', async () => {
    const { handler, tracks, events, problems } = createHandler();
    const answer = await handler(request(JSON.stringify({ ...pushClick, 'event.kind': 'message.whatsapp.sent' })));
    expect(await statusAndBody(answer)).toEqual({ status: 200, body: { status: 'skipped', reason: 'unknown_kind' } });
    expect(events).toEqual([{ status: 'skipped', reason: 'unknown_kind' }]);
    expect([tracks, problems]).toEqual([[], []]);
  });

  test('whose title breaks the JSON is sent without its texts, and a warning says so', async () => {
    const { handler, events } = createHandler();
    const answer = await handler(request(click.replace('Flash Sale', 'The "big" sale')));
    expect(await statusAndBody(answer)).toEqual({
      status: 200,
      body: { status: 'sent', event: 'Push Clicked', warnings: ['texts_lost'] },
    });
    expect(events).toMatchObject([{ status: 'sent', warnings: ['texts_lost'], track: { userId: 'user_12345' } }]);
  });
});

describe('a problem that a repeat would not fix is answered with 200, and reported with the body', () => {
  const latin1 = new Uint8Array(Buffer.from('{"a":"\xfc"}', 'latin1'));
  test.each<[string, Body, Record<string, string>, string | undefined]>([
    ['a body that is not JSON', 'nonsense', {}, 'nonsense'],
    ['an array', '[]', {}, '[]'],
    ['an empty body', '', {}, ''],
    ['a body without ids', '{"event.kind":"message.push.sent"}', {}, '{"event.kind":"message.push.sent"}'],
    ['a body that is not UTF-8', latin1, {}, undefined],
    ['a body that is not gzip', Uint8Array.of(0x1f, 0x8b, 0, 0), {}, undefined],
    ['a body that is too large', 'x'.repeat(100_001), {}, undefined],
    ['a body with an excessive Content-Length', 'x', { 'content-length': '9999999999' }, undefined],
    ['a compression other than gzip', 'x', { 'content-encoding': 'br' }, undefined],
    ['a body that is too large once decompressed', new Uint8Array(gzipSync('x'.repeat(200_000))), {}, undefined],
  ])('%s', async (_, body, headers, kept) => {
    const { handler, tracks, events, problems } = createHandler();
    const answer = await handler(request(body, { ...bearer, ...headers }));
    expect(await statusAndBody(answer)).toEqual({
      status: 200,
      body: { status: 'failed', message: expect.any(String) },
    });
    expect(problems).toEqual([
      {
        error: expect.objectContaining({ code: 'invalid_event' }),
        isLost: true,
        ...(kept === undefined ? {} : { body: kept }),
      },
    ]);
    expect([tracks, events]).toEqual([[], []]);
  });

  test('a track that Segment refuses for good', async () => {
    const error = new SegmentError('invalid_request', 'Segment answered with 400: it refuses the track.', {
      status: 400,
    });
    const { handler, problems } = createHandler({ segment: () => Promise.reject(error) });
    const answer = await handler(request(click));
    expect(answer.status).toBe(200);
    expect(problems).toEqual([{ error, isLost: true, body: click }]);
  });
});

describe('if Segment does not accept the track, the answer is 503 with Retry-After', () => {
  test('after the wait that Segment asked for', async () => {
    const error = new SegmentError('rate_limited', 'Segment answered with 429: too many requests.', {
      retryAfterMs: 60_000,
    });
    const { handler, problems, events } = createHandler({ segment: () => Promise.reject(error) });
    const answer = await handler(request(click));
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '60']);
    expect(await answer.json()).toEqual({ status: 'retryable', message: error.message });
    expect(problems).toEqual([{ error, isLost: false, body: click }]);
    expect(events).toEqual([]);
  });

  test.each<[string, EventStreamHandlerOptions['segment']]>([
    ['a function that rejects', () => Promise.reject(new Error('queue of user_12345 is full'))],
    [
      'a function that throws',
      () => {
        throw new Error('queue of user_12345 is full');
      },
    ],
    [
      'a client that calls back with an error',
      { track: (_track, callback) => callback(new Error('queue of user_12345 is full')) },
    ],
    [
      'a client that throws',
      {
        track: () => {
          throw new Error('queue of user_12345 is full');
        },
      },
    ],
  ])('%s', async (_, segment) => {
    const { handler, problems } = createHandler({ segment });
    const answer = await handler(request(click));
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await answer.text()).not.toContain('user_12345');
    expect(problems).toMatchObject([
      { isLost: false, error: { code: 'client', cause: { message: 'queue of <redacted> is full' } } },
    ]);
  });

  test('a client that never calls back, once the deadline has passed', async () => {
    const { handler, problems } = createHandler({ segment: { track: () => {} }, deadlineMs: 50 });
    const answering = handler(request(click));
    expect((await answering).status).toBe(503);
    expect(problems).toMatchObject([{ isLost: false, error: { code: 'deadline' } }]);
  });

  test('but a client that calls back without an error has accepted the track', async () => {
    const { handler } = createHandler({ segment: { track: (_track, callback) => callback() } });
    expect((await handler(request(click))).status).toBe(200);
  });
});

describe('the secret', () => {
  test.each([
    ['no header', {}],
    ['another secret', { authorization: 'Bearer another' }],
    ['an empty secret', { authorization: 'Bearer ' }],
    ['a part of the secret', { authorization: `Bearer ${secret.slice(0, -1)}` }],
    ['more than the secret', { authorization: `Bearer ${secret}x` }],
    ['another header', { 'x-api-key': secret }],
  ])('with %s the answer is 401, and nothing is read or reported', async (_, headers) => {
    const { handler, tracks, events, problems } = createHandler();
    const asked = request(click, headers);
    const answer = await handler(asked);
    expect(await statusAndBody(answer)).toEqual({
      status: 401,
      body: { message: 'The header authorization must carry one of the secrets. Set it in the event stream.' },
    });
    expect(asked.bodyUsed).toBe(false);
    expect([tracks, events, problems]).toEqual([[], [], []]);
  });

  test.each(['Bearer', 'Basic', 'ApiKey', 'bearer', 'Api-Key'])('may follow the scheme %s', async (scheme) => {
    const { handler } = createHandler();
    expect((await handler(request(click, { authorization: `${scheme} ${secret}` }))).status).toBe(200);
  });

  test('may stand alone, in a header of your own', async () => {
    const { handler } = createHandler({ header: 'X-API-Key' });
    expect((await handler(request(click, { 'x-api-key': secret }))).status).toBe(200);
    expect((await handler(request(click, { 'x-api-key': `Bearer ${secret}` }))).status).toBe(401);
    expect((await handler(request(click))).status).toBe(401);
  });

  test('may be the new or the old one during rotation', async () => {
    const { handler } = createHandler({ secrets: ['new', 'old'] });
    for (const one of ['new', 'old']) {
      expect((await handler(request(click, { authorization: `Bearer ${one}` }))).status).toBe(200);
    }
  });
});

test('a method that carries no event is answered with 405', async () => {
  const { handler, problems } = createHandler();
  const answer = await handler(new Request('http://receiver.test/', { headers: bearer }));
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST, PUT, PATCH']);
  expect(problems).toEqual([]);
});

test('a body that does not arrive is answered with 408, so OneSignal will send it again', async () => {
  const { handler, problems } = createHandler({ deadlineMs: 50 });
  const body = new ReadableStream({ pull: () => new Promise(() => {}) });
  const slow = new Request('http://receiver.test/', {
    method: 'POST',
    headers: bearer,
    body,
    duplex: 'half',
  } as RequestInit);
  const answering = handler(slow);
  expect((await answering).status).toBe(408);
  expect(problems).toMatchObject([{ isLost: false, error: { status: 408 } }]);
});

test('an observer that throws or rejects changes nothing', async () => {
  const throwing = () => {
    throw new Error('observer');
  };
  for (const observe of [throwing, () => Promise.reject(new Error('observer'))]) {
    const { handler } = createHandler({ onEvent: observe, onProblem: observe });
    expect((await handler(request(click))).status).toBe(200);
    expect((await handler(request('nonsense'))).status).toBe(200);
  }
});

test("Node's own request is refused with a hint", () => {
  const { handler } = createHandler();
  // @ts-expect-error: not a Fetch Request
  expect(() => handler({ headers: {} })).toThrow('The event stream handler takes a Fetch Request.');
});

test.each([
  [undefined, 'options'],
  [{ secrets: ['s'] }, 'segment'],
  [{ segment: {}, secrets: ['s'] }, 'segment'],
  [{ segment: async () => {} }, 'secrets'],
  [{ segment: async () => {}, secrets: [] }, 'secrets'],
  [{ segment: async () => {}, secrets: [''] }, 'secrets'],
  [{ segment: async () => {}, secrets: ['s '] }, 'secrets'],
  [{ segment: async () => {}, secrets: 's' }, 'secrets'],
  [{ segment: async () => {}, secrets: ['s'], header: 'a b' }, 'header'],
  [{ segment: async () => {}, secrets: ['s'], maxBytes: 0 }, 'maxBytes'],
  [{ segment: async () => {}, secrets: ['s'], deadlineMs: 2 ** 31 }, 'deadlineMs'],
  [{ segment: async () => {}, secrets: ['s'], onEvent: 1 }, 'onEvent'],
  [{ segment: async () => {}, secrets: ['s'], names: 'segment' }, 'names'],
  [{ segment: async () => {}, secrets: ['s'], kind: 'all' }, 'kind'],
])('the options %j are refused for %s', (options, option) => {
  // @ts-expect-error: JavaScript callers may pass these
  const create = () => createEventStreamHandler(options);
  expect(create).toThrow(ConfigurationError);
  expect(create).toThrow(expect.objectContaining({ option }));
});
