import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Attempt, createDestination, type Outcome } from '../../src/index.js';
import { appId } from './destinations.js';
import { identify, membership } from './events.js';
import { settled } from './in-memory.js';
import { accept, createWire } from './wire.js';

beforeEach(() => void vi.useFakeTimers({ now: Date.parse('2026-03-01T12:00:00.000Z') }));
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const full = { errors: [{ code: 'entitlements-tag-limit', title: 'exceeds the limit' }] };

test('onAttempt receives every attempt: its operation, number, start, duration and result', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  const wire = createWire((arrival, index) => {
    if (index === 0) setTimeout(() => arrival.answer(503, {}), 120);
    else if (index === 1) arrival.cut();
    else accept(arrival);
  });
  const attempts: Attempt[] = [];
  const destination = createDestination({
    appId,
    transport: wire.transport,
    delivery: { userIntervalMs: 0 },
    hooks: { onAttempt: (attempt) => void attempts.push(attempt) },
  });
  const start = Date.now();
  await settled(destination.deliver([membership('u1', 'vips', true)]));
  expect(attempts).toMatchObject([
    { operation: 'update_user', attempt: 1, startedAt: start, durationMs: 120, status: 503, retryInMs: 250 },
    { operation: 'update_user', attempt: 2, startedAt: start + 370, durationMs: 0, retryInMs: 500 },
    { operation: 'update_user', attempt: 3, startedAt: start + 870, durationMs: 0, status: 202 },
    { operation: 'ensure_segment', attempt: 1, startedAt: start + 870, durationMs: 0, status: 202 },
  ]);
  expect(attempts.map(({ error }) => error?.code)).toEqual(['unavailable', 'network', undefined, undefined]);
  expect(attempts.map((attempt) => 'status' in attempt)).toEqual([true, false, true, true]);
});

test('onAttempt sees the read at the tag cap as view_user, and nothing private at all', async () => {
  const wire = createWire(({ request, answer }) =>
    request.method === 'GET'
      ? answer(200, { properties: { tags: { 'private-key': 'private-value' } } })
      : answer(409, full),
  );
  const attempts: Attempt[] = [];
  const destination = createDestination({
    appId,
    transport: wire.transport,
    hooks: { onAttempt: (attempt) => void attempts.push(attempt) },
  });
  await settled(destination.deliver([identify('private-user', { 'private-key': 'private-value', private2: 1 })]));
  expect(attempts.map(({ operation }) => operation)).toEqual(['update_user', 'view_user', 'update_user']);
  expect(JSON.stringify(attempts)).not.toContain('private');
});

test('onOutcome receives one outcome per input, with the input itself', async () => {
  const wire = createWire(accept);
  const seen: [Outcome, unknown][] = [];
  const destination = createDestination({
    appId,
    transport: wire.transport,
    hooks: { onOutcome: (outcome, input) => void seen.push([outcome, input]) },
  });
  const inputs = [identify('u1', { a: 1 }), 'nonsense', identify('u2', { a: 1 }), { type: 'page', userId: 'u1' }];
  const outcomes = await settled(destination.deliver(inputs));
  expect(seen).toHaveLength(inputs.length);
  inputs.forEach((input, index) => {
    expect(seen.filter(([, its]) => its === input).map(([outcome]) => outcome)).toEqual([outcomes[index]]);
  });
});

test('onOutcome is called as soon as an outcome is known, not when the call ends', async () => {
  const wire = createWire((arrival) => {
    if (!arrival.request.path.endsWith('slow')) accept(arrival);
  });
  const seen: unknown[] = [];
  const destination = createDestination({
    appId,
    transport: wire.transport,
    hooks: { onOutcome: (_, input) => void seen.push(input) },
  });
  const fast = identify('fast', { a: 1 });
  const delivering = destination.deliver([identify('slow', { a: 1 }), fast]);
  await vi.advanceTimersByTimeAsync(0);
  expect(seen).toEqual([fast]);
  wire.arrivals.find(({ request }) => request.path.endsWith('slow'))?.answer(202);
  await settled(delivering);
});

test('hooks that throw, or reject, change nothing', async () => {
  const wire = createWire((arrival, index) => (index === 0 ? arrival.answer(503) : accept(arrival)));
  const destination = createDestination({
    appId,
    transport: wire.transport,
    hooks: {
      onAttempt: () => {
        throw new Error('from onAttempt');
      },
      onOutcome: async () => {
        throw new Error('from onOutcome');
      },
    },
  });
  expect(await settled(destination.deliver([identify('u1', { a: 1 })]))).toMatchObject([{ status: 'delivered' }]);
});

test('a hook may deliver other events', async () => {
  const wire = createWire(accept);
  const inner: Promise<readonly Outcome[]>[] = [];
  const destination = createDestination({
    appId,
    transport: wire.transport,
    hooks: {
      onOutcome: (_, input) => {
        if (inner.length === 0 && input !== undefined) inner.push(destination.deliver([identify('u1', { inner: 1 })]));
      },
    },
  });
  await settled(destination.deliver([identify('u1', { outer: 1 })]));
  expect(await settled(Promise.all(inner))).toMatchObject([[{ status: 'delivered' }]]);
});
