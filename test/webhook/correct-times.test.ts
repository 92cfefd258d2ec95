import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { correctTimes } from '../../src/webhook/correct-times.js';
import { createKeeping, createReceiver, post } from './receiver.js';

const now = Date.parse('2026-03-01T12:00:00.000Z');
const receivedAt = '2026-03-01T12:00:00.000Z';

beforeEach(() => vi.useFakeTimers({ toFake: ['Date'], now }));
afterEach(() => vi.useRealTimers());

async function received(body: object, path = '/v1/batch') {
  const { handler, events } = createKeeping();
  expect((await handler(post(JSON.stringify(body), {}, path))).status).toBe(200);
  return events;
}

describe('times sent to the Tracking API are corrected for the clock of the sender', () => {
  test('in a batch, whose sentAt all events share: a clock that is an hour fast', async () => {
    const batch = [
      { type: 'identify', userId: 'u1', timestamp: '2026-03-01T12:59:50.000Z' },
      { type: 'identify', userId: 'u2', timestamp: '2026-03-01T12:59:59.500Z' },
    ];
    const sentAt = '2026-03-01T13:00:00.000Z';
    expect(await received({ batch, sentAt })).toEqual([
      {
        ...batch[0],
        sentAt,
        receivedAt,
        originalTimestamp: batch[0]?.timestamp,
        timestamp: '2026-03-01T11:59:50.000Z',
      },
      {
        ...batch[1],
        sentAt,
        receivedAt,
        originalTimestamp: batch[1]?.timestamp,
        timestamp: '2026-03-01T11:59:59.500Z',
      },
    ]);
  });

  test('in a single call: a clock that is a day slow', async () => {
    const event = { userId: 'u1', timestamp: '2026-02-28T11:59:58.000Z', sentAt: '2026-02-28T12:00:00.000Z' };
    expect(await received(event, '/v1/identify')).toMatchObject([
      { timestamp: '2026-03-01T11:59:58.000Z', receivedAt },
    ]);
  });

  test('by the sentAt of the event, if it has one', async () => {
    const event = { type: 'track', userId: 'u1', timestamp: '2026-03-01T09:00:00Z', sentAt: '2026-03-01T09:00:01Z' };
    const [{ timestamp }] = Object(await received({ batch: [event], sentAt: '2026-03-01T10:00:00Z' }));
    expect(timestamp).toBe('2026-03-01T11:59:59.000Z');
  });

  test('so that a phone with a fast clock does not overwrite newer values', async () => {
    vi.useRealTimers();
    const { handler, sandbox } = createReceiver({ allowUnsigned: true }, { delivery: { userIntervalMs: 1 } });
    const at = (ms: number) => new Date(Date.now() + ms).toISOString();
    const send = (plan: string, skewMs: number, agoMs: number) =>
      handler(
        post(
          JSON.stringify({
            sentAt: at(skewMs),
            batch: [{ type: 'identify', userId: 'u1', traits: { plan }, timestamp: at(skewMs - agoMs) }],
          }),
          {},
          '/v1/batch',
        ),
      );
    await send('new', 0, 1_000);
    await send('old', 3_600_000, 60_000);
    expect(sandbox.user('u1')?.tags).toEqual({ plan: 'new' });
  });

  test('but not on other paths, where Segment has already done it', async () => {
    const event = { type: 'identify', userId: 'u1', timestamp: '2026-03-01T13:00:00Z', sentAt: '2026-03-01T13:00:00Z' };
    expect(await received([event], '/segment')).toEqual([event]);
  });
});

describe('a time that is missing or unreadable', () => {
  const timestamp = '2026-03-01T09:00:00.000Z';
  const sentAt = '2026-03-01T09:00:05.000Z';

  test.each<[string, object, object]>([
    [
      'originalTimestamp wins over timestamp',
      { originalTimestamp: timestamp, timestamp: '2020-01-01T00:00:00.000Z', sentAt },
      { originalTimestamp: timestamp, timestamp: '2026-03-01T11:59:55.000Z' },
    ],
    [
      'if originalTimestamp is unreadable, timestamp counts',
      { originalTimestamp: 'yesterday', timestamp, sentAt },
      { originalTimestamp: timestamp, timestamp: '2026-03-01T11:59:55.000Z' },
    ],
    ['without sentAt, timestamp stays', { timestamp }, { timestamp }],
    ['if sentAt is null, timestamp stays', { timestamp, sentAt: null }, { timestamp }],
    ['with an unreadable sentAt, timestamp stays', { timestamp, sentAt: 'now' }, { timestamp }],
    [
      'without sentAt and timestamp, originalTimestamp takes its place',
      { originalTimestamp: timestamp },
      { timestamp },
    ],
    [
      'without sentAt but with both other times, timestamp stays',
      { originalTimestamp: '2020-01-01T00:00:00.000Z', timestamp },
      { originalTimestamp: '2020-01-01T00:00:00.000Z', timestamp },
    ],
    ['without any time, none is invented', { sentAt }, { sentAt }],
    ['an unreadable timestamp stays as it is', { timestamp: '2017', sentAt }, { timestamp: '2017' }],
    [
      'if the times are millennia apart, timestamp stays',
      { timestamp: '9999-01-01T00:00:00Z', sentAt: '0001-01-01T00:00:00Z' },
      { timestamp: '9999-01-01T00:00:00Z' },
    ],
    [
      'Unix times are read',
      { timestamp: 1772355600, sentAt: '1772355605' },
      { originalTimestamp: 1772355600, timestamp: '2026-03-01T11:59:55.000Z' },
    ],
  ])('%s', (_what, given, expected) => {
    expect(correctTimes({ ...given }, now)).toEqual({ ...given, ...expected, receivedAt });
  });

  test.each([undefined, null, '', 'now'])('receivedAt %j is replaced', (given) => {
    expect(correctTimes({ receivedAt: given }, now)).toEqual({ receivedAt });
  });

  test('an event with a readable receivedAt has passed through Segment, so it keeps its times, as in a replay', () => {
    const replayed = { timestamp, originalTimestamp: timestamp, sentAt, receivedAt: '2026-03-01T09:00:06.000Z' };
    expect(correctTimes(replayed, now)).toBe(replayed);
  });
});

test('for any clock skew, the interval between the event and sentAt is kept', () => {
  const distance = fc.integer({ min: 0, max: 1e11 });
  const skew = fc.integer({ min: -1e11, max: 1e11 });
  fc.assert(
    fc.property(distance, skew, (ago, skewMs) => {
      const sent = now + skewMs;
      const event = { timestamp: new Date(sent - ago).toISOString(), sentAt: new Date(sent).toISOString() };
      const corrected = correctTimes(event, now);
      expect(corrected.timestamp).toBe(new Date(now - ago).toISOString());
      // Correcting twice must equal correcting once: another receiver behind this one must not move the time again.
      expect(correctTimes(corrected, now + 60_000)).toEqual(corrected);
    }),
  );
});
