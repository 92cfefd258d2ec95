import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startLocalServer } from '../local-server.js';
import { destinationAt, destinationOn } from './destinations.js';
import { audience, identify } from './events.js';
import { scripted, untilAborted } from './wire.js';

const late = { status: 'retryable', error: { code: 'deadline' } };
const one = [identify('u1', { plan: 'pro' })];

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** The outcomes of a call, after this much time has passed. */
async function after<Value>(ms: number, delivering: Promise<Value>): Promise<Value> {
  await vi.advanceTimersByTimeAsync(ms);
  return delivering;
}

test.each<[string, number]>([
  ['an answer', 202],
  ['the next attempt', 503],
])('the deadline ends the wait for %s: the event is retryable, and nothing is left', async (_, status) => {
  const transport = scripted((_request, signal) =>
    status === 202 ? untilAborted(signal) : { status, headers: { 'retry-after': '3' } },
  );
  const delivering = destinationOn(transport).deliver([...one, audience('u2', true)], { deadlineMs: 4_000 });
  expect(await after(4_000, delivering)).toMatchObject(
    status === 202 ? [late, late] : [{ status: 'retryable' }, { status: 'retryable' }],
  );
  expect(vi.getTimerCount()).toBe(0);
  for (const signal of transport.signals) expect(signal.aborted).toBe(status === 202);
});

test('a request that is unsent at the deadline is never sent', async () => {
  const transport = scripted();
  const destination = destinationOn(transport, { delivery: { userIntervalMs: 10_000 } });
  await destination.deliver(one);
  const delivering = destination.deliver([identify('u1', { plan: 'free' })], { deadlineMs: 5_000 });
  expect(await after(5_000, delivering)).toMatchObject([late]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(transport.requests).toHaveLength(1);
});

test('a process that was frozen past its deadline sends nothing when it wakes, even if I/O comes before its timers', async () => {
  // The answer of the first write wakes the queue; the timer of the call has not fired yet.
  let answer = (): void => {};
  const transport = scripted((_request, _signal, index) =>
    index === 0 ? new Promise((resolve) => (answer = () => resolve({ status: 202 }))) : { status: 202 },
  );
  const destination = destinationOn(transport);
  const first = destination.deliver(one, { deadlineMs: 60_000 });
  await vi.advanceTimersByTimeAsync(0);
  const second = destination.deliver([identify('u1', { plan: 'free' })], { deadlineMs: 5_000 });
  await vi.advanceTimersByTimeAsync(0);
  vi.setSystemTime(Date.now() + 30_000);
  answer();
  await Promise.resolve();
  expect(await after(5_000, second)).toMatchObject([late]);
  expect(await first).toMatchObject([{ status: 'delivered' }]);
  expect(transport.requests).toHaveLength(1);
});

test('a retry that wakes past the deadline is not sent', async () => {
  const transport = scripted(() => ({ status: 503, headers: { 'retry-after': '1' } }));
  const delivering = destinationOn(transport).deliver(one, { deadlineMs: 5_000 });
  await vi.advanceTimersByTimeAsync(0);
  vi.setSystemTime(Date.now() + 30_000);
  expect(await after(10_000, delivering)).toMatchObject([{ status: 'retryable' }]);
  expect(transport.requests).toHaveLength(1);
});

test.each([0, -1])('a deadline of %s ms sends nothing', async (deadlineMs) => {
  const transport = scripted();
  expect(await destinationOn(transport).deliver([...one, audience('u2', true), null], { deadlineMs })).toMatchObject([
    late,
    late,
    { status: 'failed' },
  ]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(transport.requests).toEqual([]);
});

test('a deadline longer than the longest timer never comes', async () => {
  const transport = scripted();
  expect(await destinationOn(transport).deliver(one, { deadlineMs: Number.POSITIVE_INFINITY })).toMatchObject([
    { status: 'delivered' },
  ]);
  expect(await destinationOn(transport).deliver(one, { deadlineMs: 1e12 })).toMatchObject([{ status: 'delivered' }]);
});

test('inputs that are done keep their outcome when others are late', async () => {
  const transport = scripted(({ path }, signal) => (path.endsWith('slow') ? untilAborted(signal) : { status: 202 }));
  const delivering = destinationOn(transport).deliver([identify('fast', { a: 1 }), identify('slow', { a: 1 })], {
    deadlineMs: 1_000,
  });
  expect(await after(1_000, delivering)).toMatchObject([{ status: 'delivered' }, late]);
});

test('a transport that ignores its signal delays nobody', async () => {
  const transport = scripted(() => new Promise(() => {}));
  expect(await after(1_000, destinationOn(transport).deliver(one, { deadlineMs: 1_000 }))).toMatchObject([late]);
  expect(vi.getTimerCount()).toBe(0);
});

test('a request in flight at the deadline is aborted, and its event is retryable', async () => {
  vi.useRealTimers();
  let closed: Promise<unknown> | undefined;
  const server = await startLocalServer((response) => {
    closed = new Promise((resolve) => response.on('close', () => resolve(response.socket?.destroyed ?? true)));
  });
  expect(await destinationAt(server.url).deliver(one, { deadlineMs: 2_000 })).toMatchObject([late]);
  expect(await closed).toBe(true);
  expect(server.requests).toHaveLength(1);
});
