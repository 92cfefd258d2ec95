import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Attempt, createDestination, type DeliveryOptions } from '../../../src/index.js';
import { appId } from '../destinations.js';
import { identify } from '../events.js';
import { type Arrival, accept, codeOf, createWire, type Wire } from '../wire.js';

beforeEach(() => void vi.useFakeTimers({ now: Date.parse('2026-03-01T12:00:00.000Z') }));
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const event = identify('u1', { plan: 'pro' });

async function deliverTo(wire: Wire, delivery: DeliveryOptions = {}, signal?: AbortSignal) {
  const attempts: Attempt[] = [];
  const hooks = { onAttempt: (attempt: Attempt) => void attempts.push(attempt) };
  const destination = createDestination({
    appId,
    transport: wire.transport,
    delivery: { userIntervalMs: 0, ...delivery },
    hooks,
  });
  const delivering = destination.deliver([event], { signal });
  await vi.advanceTimersByTimeAsync(200_000);
  const [outcome] = await delivering;
  return { outcome, attempts };
}

/** The waits between one arrival and the next. */
const gaps = ({ arrivals }: Wire) => arrivals.slice(1).map(({ at }, index) => at - (arrivals[index]?.at ?? at));

const failing = (times: number, fail: (arrival: Arrival) => void) =>
  createWire((arrival, index) => (index < times ? fail(arrival) : accept(arrival)));

test.each([
  ['429', (arrival: Arrival) => arrival.answer(429)],
  ['408', (arrival: Arrival) => arrival.answer(408)],
  ['500', (arrival: Arrival) => arrival.answer(500)],
  ['503', (arrival: Arrival) => arrival.answer(503)],
  ['a cut connection', (arrival: Arrival) => arrival.cut()],
])('after %s, the request is sent again, at most twice', async (_, fail) => {
  const mended = failing(2, fail);
  expect((await deliverTo(mended)).outcome).toMatchObject({ status: 'delivered', applied: ['update_user'] });
  expect(mended.arrivals).toHaveLength(3);

  const broken = failing(3, fail);
  expect((await deliverTo(broken)).outcome).toMatchObject({ status: 'retryable' });
  expect(broken.arrivals).toHaveLength(3);
});

test('without retries a request is sent once', async () => {
  const wire = failing(1, (arrival) => arrival.answer(503));
  const { outcome } = await deliverTo(wire, { retries: 0 });
  expect(outcome).toMatchObject({ status: 'retryable', applied: [] });
  expect(wire.arrivals).toHaveLength(1);
});

test.each([400, 403, 404, 409, 410, 413, 422, 501])('%i is final: it is sent once', async (status) => {
  const wire = failing(9, (arrival) => arrival.answer(status, {}));
  await deliverTo(wire);
  expect(wire.arrivals).toHaveLength(1);
});

test('the n-th wait is a random part of a span that doubles: 500 ms, 1 s, 2 s, 4 s, then 5 s', async () => {
  for (const [random, expected] of [
    [0, [0, 0, 0, 0, 0, 0]],
    [0.5, [250, 500, 1_000, 2_000, 2_500, 2_500]],
    [1 - Number.EPSILON, [500, 1_000, 2_000, 4_000, 5_000, 5_000]],
  ] as const) {
    vi.spyOn(Math, 'random').mockReturnValue(random);
    const wire = failing(6, (arrival) => arrival.answer(503));
    const { attempts } = await deliverTo(wire, { retries: 6 });
    expect(attempts.map(({ retryInMs }) => retryInMs)).toEqual([...expected, undefined]);
    gaps(wire).forEach((gap, index) => {
      expect(gap).toBeGreaterThanOrEqual(expected[index] ?? 0);
      expect(gap).toBeLessThanOrEqual((expected[index] ?? 0) + 1);
    });
  }
});

test.each([
  ['seconds', { 'retry-after': '3' }, 3_000],
  ['seconds with a fraction', { 'Retry-After': '0.5' }, 500],
  ['a number, as some clients parse it', { 'RETRY-AFTER': 2 }, 2_000],
  ['an HTTP date', { 'Retry-After': 'Sun, 01 Mar 2026 12:00:04 GMT' }, 4_000],
  ['pairs', [['Retry-After', '3']] as const, 3_000],
  ['Headers', new Headers({ 'retry-after': '3' }), 3_000],
])('a request is never sent again sooner than Retry-After asks: %s', async (_, headers, askedMs) => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
  const wire = failing(1, (arrival) => arrival.answer(429, {}, headers));
  await deliverTo(wire);
  const [gap] = gaps(wire);
  expect(gap).toBeGreaterThanOrEqual(askedMs);
  expect(gap).toBeLessThanOrEqual(askedMs + 1);
});

test.each([
  ['a date in the past', 'Sun, 01 Mar 2020 12:00:04 GMT'],
  ['nonsense', 'soon'],
  ['a negative number', '-5'],
  ['nothing', ''],
])('Retry-After with %s asks for no wait', async (_, retryAfter) => {
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  const wire = failing(1, (arrival) => arrival.answer(503, {}, { 'retry-after': retryAfter }));
  await deliverTo(wire);
  expect(gaps(wire)[0]).toBeLessThanOrEqual(251);
});

test('the jitter still counts if it is longer than Retry-After', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0.9);
  const wire = failing(1, (arrival) => arrival.answer(429, {}, { 'retry-after': '0.1' }));
  await deliverTo(wire);
  expect(gaps(wire)[0]).toBeGreaterThanOrEqual(450);
});

test('a Retry-After longer than maxRetryAfterMs makes the event retryable at once, with that wait', async () => {
  const wire = failing(9, (arrival) => arrival.answer(429, {}, { 'retry-after': '6' }));
  const { outcome } = await deliverTo(wire);
  expect(outcome).toMatchObject({ status: 'retryable', retryAfterMs: 6_000 });
  expect(codeOf(outcome)).toBe('rate_limited');
  expect(wire.arrivals).toHaveLength(1);

  const patient = failing(1, (arrival) => arrival.answer(429, {}, { 'retry-after': '6' }));
  expect((await deliverTo(patient, { maxRetryAfterMs: 6_000 })).outcome).toMatchObject({ status: 'delivered' });
  expect(gaps(patient)[0]).toBeGreaterThanOrEqual(6_000);
});

test('a wait that would miss the deadline is not started: the event is retryable at once, with that wait', async () => {
  const wire = failing(9, (arrival) => arrival.answer(429, {}, { 'retry-after': '3' }));
  const started = Date.now();
  const destination = createDestination({ appId, transport: wire.transport, delivery: { deadlineMs: 3_000 } });
  const delivering = destination.deliver([event]).then(([outcome]) => ({ outcome, tookMs: Date.now() - started }));
  await vi.advanceTimersByTimeAsync(200_000);
  expect(await delivering).toMatchObject({
    tookMs: 0,
    outcome: { status: 'retryable', retryAfterMs: 3_000, error: { code: 'rate_limited' } },
  });
  expect(wire.arrivals).toHaveLength(1);
});

test('an attempt is aborted after timeoutMs, and counts as one without an answer', async () => {
  const wire = createWire((arrival, index) => (index === 0 ? undefined : accept(arrival)));
  const { outcome, attempts } = await deliverTo(wire, { timeoutMs: 2_000 });
  expect(outcome).toMatchObject({ status: 'delivered' });
  expect(attempts[0]).toMatchObject({ durationMs: 2_000, error: { code: 'timeout' } });
  expect(wire.arrivals[0]?.signal.aborted).toBe(true);
});

test('the deadline aborts the request in flight, and nothing is sent after it', async () => {
  const wire = createWire();
  const { outcome } = await deliverTo(wire, { timeoutMs: 60_000, deadlineMs: 5_000 });
  expect(outcome).toMatchObject({ status: 'retryable', applied: [] });
  expect(codeOf(outcome)).toBe('deadline');
  expect(wire.arrivals.map(({ signal }) => signal.aborted)).toEqual([true]);
});

test('a retry keeps the interval between writes to its user too', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
  const wire = failing(2, (arrival) => arrival.answer(503));
  await deliverTo(wire, { userIntervalMs: 1_000 });
  expect(gaps(wire)).toEqual([1_000, 1_000]);
});

test('an answer that comes after its attempt timed out changes nothing', async () => {
  const answers: ((response: { status: number; headers: object; body: undefined }) => void)[] = [];
  const transport = {
    // Ignores its signal, as careless transports do.
    send: () =>
      new Promise<{ status: number; headers: Record<string, string>; body: undefined }>((resolve) => {
        answers.push(({ status }) => resolve({ status, headers: {}, body: undefined }));
      }),
  };
  const destination = createDestination({ appId, transport, delivery: { timeoutMs: 1_000, userIntervalMs: 0 } });
  const delivering = destination.deliver([event]);
  await vi.advanceTimersByTimeAsync(1_900);
  expect(answers).toHaveLength(2);
  answers[0]?.({ status: 400, headers: {}, body: undefined });
  await vi.advanceTimersByTimeAsync(1);
  answers[1]?.({ status: 202, headers: {}, body: undefined });
  await vi.advanceTimersByTimeAsync(1);
  expect(await delivering).toMatchObject([{ status: 'delivered' }]);
});

test('a late answer to an attempt that timed out does not keep the next attempt from being aborted', async () => {
  const signals: AbortSignal[] = [];
  const late: (() => void)[] = [];
  const transport = {
    send: (_request: unknown, { signal }: { signal: AbortSignal }) =>
      new Promise<never>((_resolve, reject) => {
        signals.push(signal);
        late.push(() => reject(new Error('late')));
      }),
  };
  const destination = createDestination({ appId, transport, delivery: { timeoutMs: 1_000, userIntervalMs: 0 } });
  const controller = new AbortController();
  const delivering = destination.deliver([event], { signal: controller.signal });
  delivering.catch(() => {});
  await vi.advanceTimersByTimeAsync(1_600);
  expect(signals).toHaveLength(2);
  late[0]?.();
  await vi.advanceTimersByTimeAsync(1);
  controller.abort(new Error('enough'));
  await expect(delivering).rejects.toThrow('enough');
  expect(signals[1]?.aborted).toBe(true);
});

test('an abort during the wait after a timeout leaves no timer', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0.9);
  const wire = createWire();
  const destination = createDestination({ appId, transport: wire.transport, delivery: { timeoutMs: 1_000 } });
  const controller = new AbortController();
  const delivering = destination.deliver([event], { signal: controller.signal });
  delivering.catch(() => {});
  await vi.advanceTimersByTimeAsync(1_010);
  controller.abort(new Error('enough'));
  await expect(delivering).rejects.toThrow('enough');
  expect(vi.getTimerCount()).toBe(0);
});

test('if a timer fires slightly early, the clock decides', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
  const wire = failing(1, (arrival) => arrival.answer(429, {}, { 'retry-after': '2' }));
  const destination = createDestination({ appId, transport: wire.transport, delivery: { userIntervalMs: 0 } });
  const delivering = destination.deliver([event]);
  await vi.advanceTimersByTimeAsync(1_000);
  vi.setSystemTime(Date.now() - 1);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(wire.arrivals).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(wire.arrivals).toHaveLength(2);
  await delivering;
});

test('the worst case of one request is (retries + 1) × timeoutMs + retries × maxRetryAfterMs: 100 s', async () => {
  const wire = createWire(({ answer }) => void setTimeout(answer, 29_999, 429, {}, { 'retry-after': '5' }));
  const destination = createDestination({ appId, transport: wire.transport });
  const started = Date.now();
  const delivering = destination.deliver([event]).then(([outcome]) => ({ outcome, tookMs: Date.now() - started }));
  await vi.advanceTimersByTimeAsync(120_000);
  const { outcome, tookMs } = await delivering;
  expect(codeOf(outcome)).toBe('rate_limited');
  expect(wire.arrivals).toHaveLength(3);
  expect(tookMs).toBeLessThanOrEqual(100_000);
  expect(tookMs).toBeGreaterThan(99_990);
});
