import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  createSegmentSender,
  type EventStreamTrack,
  SegmentError,
  type SegmentSenderOptions,
} from '../../src/event-stream/index.js';
import { ConfigurationError } from '../../src/index.js';
import { pushClicked } from './bodies.js';

const writeKey = 'topsecretwritekey';
const track = (messageId: string): EventStreamTrack => ({ ...pushClicked, messageId });

beforeEach(() => void vi.useFakeTimers({ now: Date.parse('2026-03-01T12:00:00.000Z') }));
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

interface SegmentRequest {
  at: number;
  url: string;
  headers: Headers;
  text: string;
  ids: string[];
}

/** A sender to a Segment that answers from a list, then with 200. An answer may also be an error, which it throws. */
type Answer = Response | Error | 'never';

function createSender(
  answers: Answer[] | ((ids: string[]) => Answer) = [],
  options: Partial<SegmentSenderOptions> = {},
) {
  const requests: SegmentRequest[] = [];
  const send = createSegmentSender({
    writeKey,
    ...options,
    async fetch(input, init) {
      const request = new Request(input, init);
      const text = await request.text();
      const { batch } = JSON.parse(text);
      const ids = batch.map(({ messageId }: EventStreamTrack) => messageId);
      requests.push({ at: Date.now(), url: request.url, headers: request.headers, text, ids });
      const answer =
        (typeof answers === 'function' ? answers(ids) : answers.shift()) ?? Response.json({ success: true });
      if (answer instanceof Error) throw answer;
      if (answer === 'never')
        return new Promise((_, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)));
      return answer;
    },
  });
  return { send, requests };
}

const status = (code: number, headers: Record<string, string> = {}) => new Response(null, { status: code, headers });
/** The error of a promise that must reject, as data. Advances the fake time as far as needed. */
async function errorOf(sent: Promise<void>): Promise<SegmentError> {
  const error = sent.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  await vi.runAllTimersAsync();
  const thrown = await error;
  expect(thrown).toBeInstanceOf(SegmentError);
  if (!(thrown instanceof SegmentError)) throw new Error('not rejected');
  return thrown;
}

test('a track is sent at once, in a batch, under the write key', async () => {
  const { send, requests } = createSender();
  await send(track('m1'));
  expect(requests).toHaveLength(1);
  expect(requests[0]?.url).toBe('https://api.segment.io/v1/batch');
  expect(requests[0]?.headers.get('authorization')).toBe(`Basic ${btoa(`${writeKey}:`)}`);
  expect(requests[0]?.headers.get('content-type')).toBe('application/json');
  expect(JSON.parse(requests[0]?.text ?? '')).toEqual({ batch: [track('m1')], sentAt: '2026-03-01T12:00:00.000Z' });
});

test.each([
  [{ region: 'eu' }, 'https://events.eu1.segmentapis.com/v1/batch'],
  [{ region: 'us' }, 'https://api.segment.io/v1/batch'],
  [{ baseUrl: 'http://127.0.0.1:1/segment/' }, 'http://127.0.0.1:1/segment/v1/batch'],
] as const)('with %j it sends to %s', async (options, url) => {
  const { send, requests } = createSender([], options);
  await send(track('m1'));
  expect(requests[0]?.url).toBe(url);
});

test('tracks sent at the same moment share one request', async () => {
  const { send, requests } = createSender();
  await Promise.all(['m1', 'm2', 'm3'].map((id) => send(track(id))));
  expect(requests.map(({ ids }) => ids)).toEqual([['m1', 'm2', 'm3']]);
});

test('at most 50 requests start in any second, and nothing is lost', async () => {
  const { send, requests } = createSender();
  const sent: Promise<void>[] = [];
  for (let ms = 0; ms < 3_000; ms += 1) {
    sent.push(send(track(`m${ms}`)));
    await vi.advanceTimersByTimeAsync(1);
  }
  await vi.runAllTimersAsync();
  await Promise.all(sent);
  expect(requests.flatMap(({ ids }) => ids)).toEqual(Array.from({ length: 3_000 }, (_, ms) => `m${ms}`));
  for (const { at } of requests) {
    expect(requests.filter((other) => other.at >= at && other.at < at + 1_000).length).toBeLessThanOrEqual(50);
  }
});

test('a request holds at most 500 kB and 2,500 tracks', async () => {
  const { send, requests } = createSender();
  const long = (id: string): EventStreamTrack => ({
    ...track(id),
    properties: { message_type: 'push', message_name: 'ü'.repeat(10_000) },
  });
  const sent = [
    ...Array.from({ length: 60 }, (_, index) => send(long(`l${index}`))),
    ...Array.from({ length: 6_000 }, (_, index) =>
      send({ ...track(`s${index}`), properties: { message_type: 'push' } }),
    ),
  ];
  await vi.runAllTimersAsync();
  await Promise.all(sent);
  expect(requests.flatMap(({ ids }) => ids)).toHaveLength(6_060);
  for (const { text, ids } of requests) {
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(500_000);
    expect(ids.length).toBeLessThanOrEqual(2_500);
  }
});

test('a track of more than 32 kB is not sent', async () => {
  const { send, requests } = createSender();
  const huge = { ...track('m1'), properties: { message_type: 'push' as const, message_name: 'x'.repeat(32_000) } };
  expect(await errorOf(send(huge))).toMatchObject({ code: 'event_too_large', isRetryable: false });
  expect(requests).toEqual([]);
});

describe('a 429', () => {
  test('fails the track at once if no wait is allowed', async () => {
    const { send, requests } = createSender([status(429, { 'retry-after': '1' })], { maxRetryAfterMs: 0 });
    expect(await errorOf(send(track('m1')))).toMatchObject({ code: 'rate_limited', retryAfterMs: 1_000 });
    expect(requests).toHaveLength(1);
  });

  test.each(['retry-after', 'x-ratelimit-reset'])('with %s pauses all requests for as long', async (header) => {
    const { send, requests } = createSender([status(429, { [header]: '2' })]);
    const first = send(track('m1'));
    await vi.advanceTimersByTimeAsync(100);
    const second = send(track('m2'));
    await vi.runAllTimersAsync();
    await Promise.all([first, second]);
    expect(requests.flatMap(({ ids }) => ids).sort()).toEqual(['m1', 'm1', 'm2']);
    const [start, ...others] = requests.map(({ at }) => at);
    for (const at of others) expect(at - (start ?? 0)).toBeGreaterThanOrEqual(2_000);
  });

  test('that asks for too long fails the track with that wait, and other tracks until the wait is over', async () => {
    const { send, requests } = createSender([status(429, { 'retry-after': '60' })]);
    expect(await errorOf(send(track('m1')))).toMatchObject({
      code: 'rate_limited',
      isRetryable: true,
      retryAfterMs: 60_000,
    });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await errorOf(send(track('m2')))).toMatchObject({ code: 'rate_limited', retryAfterMs: 50_000 });
    expect(requests).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(50_000);
    await send(track('m3'));
    expect(requests).toHaveLength(2);
  });
});

describe('a request that fails', () => {
  test.each([
    ['a 503', () => status(503), 'unavailable'],
    ['a 408', () => status(408), 'timeout'],
    ['no response', () => new TypeError('fetch failed'), 'network'],
    ['silence', () => 'never' as const, 'timeout'],
  ])('for %s is repeated with the same messageId', async (_, answer, code) => {
    const { send, requests } = createSender([answer(), answer()]);
    const sent = send(track('m1'));
    await vi.runAllTimersAsync();
    await sent;
    expect(requests.map(({ ids }) => ids)).toEqual([['m1'], ['m1'], ['m1']]);

    const failing = createSender([answer(), answer(), answer()]);
    expect(await errorOf(failing.send(track('m1')))).toMatchObject({ code, isRetryable: true });
    expect(failing.requests).toHaveLength(3);
  });

  test.each([
    [401, 'unauthorized'],
    [403, 'unauthorized'],
    [302, 'unexpected_response'],
    [404, 'unexpected_response'],
  ])('with %i is not repeated, but may succeed later: %s', async (code, expected) => {
    const { send, requests } = createSender([status(code)]);
    expect(await errorOf(send(track('m1')))).toMatchObject({ code: expected, isRetryable: true, status: code });
    expect(requests).toHaveLength(1);
  });

  test('with 400 is refused for good', async () => {
    const { send, requests } = createSender([status(400)]);
    expect(await errorOf(send(track('m1')))).toMatchObject({
      code: 'invalid_request',
      isRetryable: false,
      status: 400,
    });
    expect(requests).toHaveLength(1);
  });

  test('with 400 for several tracks is repeated in halves, so that only the bad track fails', async () => {
    const { send, requests } = createSender((ids) => status(ids.includes('m2') ? 400 : 200));
    const sent = Promise.allSettled(['m1', 'm2', 'm3'].map((id) => send(track(id))));
    await vi.runAllTimersAsync();
    expect((await sent).map((one) => one.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(requests.map(({ ids }) => ids.join()).sort()).toEqual(['m1', 'm1,m2', 'm1,m2,m3', 'm2', 'm3']);
  });

  test('shows neither the write key nor the user in its error', async () => {
    const cause = new Error(`header authorization: Basic ${btoa(`${writeKey}:`)} of ${writeKey}`);
    const { send } = createSender([new TypeError(cause.message, { cause })], { retries: 0 });
    const error = await errorOf(send(track('m1')));
    const shown = inspect(error, { depth: 9 }) + JSON.stringify(error);
    expect(shown).not.toContain(writeKey);
    expect(shown).not.toContain(btoa(`${writeKey}:`).slice(0, 20));
    expect(shown).not.toContain('user_12345');
  });
});

test('flush waits for every track that was passed, whether it succeeds or fails', async () => {
  const { send } = createSender([status(503), status(400)]);
  const states: string[] = [];
  for (const id of ['m1', 'm2']) {
    send(track(id)).then(
      () => states.push('taken'),
      () => states.push('failed'),
    );
    await vi.advanceTimersByTimeAsync(1);
  }
  const flushed = send.flush().then(() => states.push('flushed'));
  await vi.runAllTimersAsync();
  await flushed;
  expect(states).toHaveLength(3);
  expect(states.at(-1)).toBe('flushed');
  await send.flush();
});

test.each([
  [undefined, 'options'],
  [{}, 'writeKey'],
  [{ writeKey: '' }, 'writeKey'],
  [{ writeKey: 7 }, 'writeKey'],
  [{ writeKey: 'a b' }, 'writeKey'],
  [{ writeKey, region: 'asia' }, 'region'],
  [{ writeKey, baseUrl: 'api.segment.io' }, 'baseUrl'],
  [{ writeKey, retries: -1 }, 'retries'],
  [{ writeKey, timeoutMs: 0 }, 'timeoutMs'],
  [{ writeKey, maxRetryAfterMs: '1' }, 'maxRetryAfterMs'],
  [{ writeKey, maxRetryAfterMs: -1 }, 'maxRetryAfterMs'],
  [{ writeKey, fetch: 'fetch' }, 'fetch'],
  [{ writeKey, host: 'eu' }, 'host'],
])('the options %j are refused for %s', (options, option) => {
  // @ts-expect-error: JavaScript callers may pass these
  const create = () => createSegmentSender(options);
  expect(create).toThrow(ConfigurationError);
  expect(create).toThrow(expect.objectContaining({ option }));
});
