import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createDestination, type DeliveryOptions, type Transport } from '../../../src/index.js';
import { appId } from '../destinations.js';
import { identify } from '../events.js';
import { accept, codeOf, createWire, tagsOf, userOf, type Wire } from '../wire.js';

beforeEach(() => void vi.useFakeTimers({ now: Date.parse('2026-03-01T12:00:00.000Z') }));
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const destinationOn = ({ transport }: Wire, delivery: DeliveryOptions = {}) =>
  createDestination({ appId, transport, delivery });

/** When each request started, in ms since the first. */
const startsOf = ({ arrivals }: Wire) => arrivals.map(({ at }) => at - (arrivals[0]?.at ?? at));

const rest = (ms = 200_000) => vi.advanceTimersByTimeAsync(ms);

test("an idle user's first write is sent at once", async () => {
  const wire = createWire(accept);
  void destinationOn(wire).deliver([identify('u1', { a: 1 })]);
  await rest(0);
  expect(wire.arrivals).toHaveLength(1);
  await rest(1_000);
});

test('writes to one user start at least userIntervalMs apart', async () => {
  const wire = createWire(accept);
  const destination = destinationOn(wire);
  for (let index = 0; index < 5; index++) {
    void destination.deliver([identify('u1', { [`t${index}`]: index })]);
    await rest(400);
  }
  await rest();
  const gaps = startsOf(wire).map((start, index, all) => start - (all[index - 1] ?? -1_000));
  for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(1_000);
});

test('a write that comes after the interval does not wait', async () => {
  const wire = createWire(accept);
  const destination = destinationOn(wire);
  await destination.deliver([identify('u1', { a: 1 })]);
  await rest(1_000);
  await destination.deliver([identify('u1', { a: 2 })]);
  expect(startsOf(wire)).toEqual([0, 1_000]);
});

test('one write of a user is in flight at a time, however long it takes', async () => {
  const wire = createWire();
  const destination = destinationOn(wire);
  const first = destination.deliver([identify('u1', { a: 1 })]);
  await rest(0);
  const second = destination.deliver([identify('u1', { b: 2 })]);
  await rest(5_000);
  expect(wire.arrivals).toHaveLength(1);
  wire.arrivals[0]?.answer(202);
  await rest(999);
  // The interval counts from the answer: OneSignal may have received the first write just before it.
  expect(wire.arrivals).toHaveLength(1);
  await rest(1);
  expect(wire.arrivals).toHaveLength(2);
  wire.arrivals[1]?.answer(202);
  expect([...(await first), ...(await second)].map(({ status }) => status)).toEqual(['delivered', 'delivered']);
});

test('single-event calls of one tick become one write', async () => {
  const wire = createWire(accept);
  const destination = destinationOn(wire);
  const outcomes = await Promise.all(
    Array.from({ length: 50 }, (_, index) => destination.deliver([identify('u1', { [`t${index}`]: index })])),
  );
  expect(wire.arrivals).toHaveLength(1);
  expect(outcomes.flat().every(({ status }) => status === 'delivered')).toBe(true);
});

test('events that arrive during a write, from any call, become one write, in the order of time', async () => {
  const wire = createWire();
  const destination = destinationOn(wire);
  void destination.deliver([identify('u1', { first: 1 })]);
  await rest(0);
  void destination.deliver([identify('u1', { plan: 'newest', b: 1 }, { timestamp: '2026-03-01T11:00:03Z' })]);
  void destination.deliver([identify('u1', { plan: 'oldest', c: 1 }, { timestamp: '2026-03-01T11:00:01Z' })]);
  await rest(500);
  void destination.deliver([identify('u1', { plan: 'middle', d: 1 }, { timestamp: '2026-03-01T11:00:02Z' })]);
  wire.arrivals[0]?.answer(202);
  await rest(1_000);
  expect(wire.arrivals.map(tagsOf)).toEqual([{ first: '1' }, { plan: 'newest', b: '1', c: '1', d: '1' }]);
  wire.arrivals[1]?.answer(202);
  await rest(0);
});

test('events that arrive while the user waits merge into the write that waits', async () => {
  const wire = createWire(accept);
  const destination = destinationOn(wire);
  await destination.deliver([identify('u1', { a: 1 })]);
  const calls = [];
  for (let index = 0; index < 9; index++) {
    calls.push(destination.deliver([identify('u1', { [`t${index}`]: index })]));
    await rest(100);
  }
  await rest(100);
  await Promise.all(calls);
  expect(startsOf(wire)).toEqual([0, 1_000]);
});

test('each input of a merged write keeps its own outcome', async () => {
  const wire = createWire(accept);
  const destination = destinationOn(wire);
  const [[first], [second], [third]] = await Promise.all([
    destination.deliver([identify('u1', { a: 1, address: { city: 'Wien' } }, { messageId: 'm1' })]),
    destination.deliver([identify('u1', { b: 1, email: 'a@example.com' }, { messageId: 'm2' })]),
    destination.deliver([{ type: 'nonsense', userId: 'u1', messageId: 'm3' }]),
  ]);
  expect(wire.arrivals).toHaveLength(1);
  expect(first).toMatchObject({ messageId: 'm1', status: 'delivered', dropped: [{ path: 'traits.address' }] });
  expect(second).toMatchObject({ messageId: 'm2', status: 'delivered', dropped: [{ path: 'traits.email' }] });
  expect(third).toMatchObject({ messageId: 'm3', status: 'skipped' });
});

test('a user who must wait does not delay others', async () => {
  const wire = createWire(accept);
  const destination = destinationOn(wire, { concurrency: 1 });
  await destination.deliver([identify('slow', { a: 1 })]);
  void destination.deliver([identify('slow', { a: 2 })]);
  const others = Array.from({ length: 20 }, (_, index) => destination.deliver([identify(`u${index}`, { a: 1 })]));
  await rest(0);
  await Promise.all(others);
  expect(wire.arrivals.map(userOf).filter((user) => user === 'slow')).toHaveLength(1);
  await rest(1_000);
  expect(wire.arrivals.map(userOf).filter((user) => user === 'slow')).toHaveLength(2);
});

test('a user whose write is retried does not delay others', async () => {
  const wire = createWire((arrival) =>
    userOf(arrival) === 'broken' ? arrival.answer(429, {}, { 'retry-after': '5' }) : accept(arrival),
  );
  const destination = destinationOn(wire, { concurrency: 1 });
  const broken = destination.deliver([identify('broken', { a: 1 })]);
  await rest(0);
  await destination.deliver([identify('u2', { a: 1 })]);
  await rest();
  expect(await broken).toMatchObject([{ status: 'retryable' }]);
});

describe('a write for several calls', () => {
  async function merged(first: { signal?: AbortSignal; deadlineMs?: number }) {
    const wire = createWire();
    const destination = destinationOn(wire, { retries: 0 });
    const leaving = destination.deliver([identify('u1', { a: 1 })], first);
    const leavingOutcome = leaving.catch((reason: unknown) => reason);
    const staying = destination.deliver([identify('u1', { b: 2 })], { deadlineMs: 20_000 });
    await rest(0);
    return { wire, leavingOutcome, staying };
  }

  test("survives one caller's abort", async () => {
    const controller = new AbortController();
    const { wire, leavingOutcome, staying } = await merged({ signal: controller.signal });
    controller.abort('changed my mind');
    expect(await leavingOutcome).toBe('changed my mind');
    expect(wire.arrivals[0]?.signal.aborted).toBe(false);
    wire.arrivals[0]?.answer(202);
    expect(await staying).toMatchObject([{ status: 'delivered' }]);
  });

  test("survives one caller's deadline", async () => {
    const { wire, leavingOutcome, staying } = await merged({ deadlineMs: 100 });
    await rest(100);
    expect(await leavingOutcome).toMatchObject([{ status: 'retryable', applied: [], error: { code: 'deadline' } }]);
    expect(wire.arrivals[0]?.signal.aborted).toBe(false);
    wire.arrivals[0]?.answer(202);
    expect(await staying).toMatchObject([{ status: 'delivered' }]);
  });

  test('is aborted when the last of them has left', async () => {
    const controller = new AbortController();
    const { wire, leavingOutcome, staying } = await merged({ signal: controller.signal });
    controller.abort('changed my mind');
    await leavingOutcome;
    await rest(20_000);
    expect(codeOf((await staying)[0])).toBe('deadline');
    expect(wire.arrivals[0]?.signal.aborted).toBe(true);
  });

  test('leaves out events that were given up before it was sent', async () => {
    const wire = createWire(accept);
    const destination = destinationOn(wire);
    await destination.deliver([identify('u1', { first: 1 })]);
    const controller = new AbortController();
    const leaving = destination.deliver([identify('u1', { a: 1 })], { signal: controller.signal });
    leaving.catch(() => {});
    const staying = destination.deliver([identify('u1', { b: 2 })]);
    controller.abort();
    await rest(1_000);
    await staying;
    expect(wire.arrivals.map(tagsOf)).toEqual([{ first: '1' }, { b: '2' }]);
  });
});

test('a queue that all callers have left is open again for the next input', async () => {
  const wire = createWire(accept);
  const destination = destinationOn(wire);
  await destination.deliver([identify('u1', { a: 1 })]);
  const controller = new AbortController();
  const leaving = destination.deliver([identify('u1', { a: 2 })], { signal: controller.signal });
  leaving.catch(() => {});
  await rest(10);
  controller.abort();
  const next = destination.deliver([identify('u1', { a: 3 })]);
  await rest(1_000);
  expect(await next).toMatchObject([{ status: 'delivered' }]);
  expect(wire.arrivals.map(tagsOf)).toEqual([{ a: '1' }, { a: '3' }]);
});

test('an event that is past its deadline when its turn comes is not sent', async () => {
  const wire = createWire(accept);
  const destination = destinationOn(wire);
  await destination.deliver([identify('u1', { a: 1 })]);
  const late = destination.deliver([identify('u1', { a: 2 })], { deadlineMs: 500 });
  await rest(2_000);
  expect(await late).toMatchObject([{ status: 'retryable', applied: [] }]);
  expect(wire.arrivals).toHaveLength(1);
});

test('a clock that is set back an hour stops nobody', async () => {
  const wire = createWire(accept);
  const destination = destinationOn(wire, { requestsPerSecond: 2 });
  await destination.deliver([identify('u1', { a: 1 }), identify('u2', { a: 1 })]);
  vi.setSystemTime(Date.now() - 3_600_000);
  const delivering = destination.deliver([identify('u1', { a: 2 }), identify('u3', { a: 1 })]);
  await rest(3_000);
  expect(wire.arrivals).toHaveLength(4);
  expect(await delivering).toMatchObject([{ status: 'delivered' }, { status: 'delivered' }]);
});

test('a clock that is set back while a user waits stops nobody', async () => {
  const wire = createWire(accept);
  const destination = destinationOn(wire);
  await destination.deliver([identify('u1', { a: 1 })]);
  const delivering = destination.deliver([identify('u1', { a: 2 })]);
  await rest(500);
  vi.setSystemTime(Date.now() - 3_600_000);
  await rest(1_000);
  expect(await delivering).toMatchObject([{ status: 'delivered' }]);
});

test('the interval counts from when a write left, however long its transport took to start', async () => {
  const left: number[] = [];
  const transport: Transport = {
    async send() {
      // A large body, a busy machine: the clock goes on before anything is sent.
      if (left.length === 0) vi.setSystemTime(Date.now() + 50);
      left.push(Date.now());
      return { status: 202, headers: {}, body: {} };
    },
  };
  const destination = createDestination({ appId, transport });
  await destination.deliver([identify('u1', { a: 1 })]);
  const second = destination.deliver([identify('u1', { a: 2 })]);
  await rest(2_000);
  await second;
  expect((left[1] ?? 0) - (left[0] ?? 0)).toBeGreaterThanOrEqual(1_000);
});
