import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createMemoryOrderStore } from '../../src/delivery/guards/memory-order-store.js';
import { createDestination, type DeliveryOptions } from '../../src/index.js';
import { appId } from './destinations.js';
import { identify, membership } from './events.js';
import { settled } from './in-memory.js';
import { transports } from './transports.js';
import { accept, createWire, type Wire } from './wire.js';

afterEach(() => void vi.useRealTimers());

const reason = new Error('the user has gone home');
const full = { errors: [{ code: 'entitlements-tag-limit', title: 'exceeds the limit' }] };

interface Situation {
  wire: () => Wire;
  delivery?: DeliveryOptions;
  /** Whether an earlier call wrote to the same user and to another one. */
  before?: true;
  /** The user of the event; `u1` by default. */
  userId?: string;
  /** How long the delivery has run when it is aborted. */
  afterMs: number;
  /** Whether the wait is not started because it would miss the deadline. */
  looksAhead?: true;
}

const memory = createMemoryOrderStore();
const never = () => new Promise<never>(() => {});

const situations: [string, Situation][] = [
  ['a request is in flight', { wire: () => createWire(), afterMs: 10 }],
  [
    'a retry is waiting',
    { wire: () => createWire(({ answer }) => answer(503, {}, { 'retry-after': '4' })), afterMs: 10, looksAhead: true },
  ],
  [
    'a retry is in flight',
    { wire: () => createWire(({ answer }, index) => index === 0 && answer(503)), afterMs: 4_000 },
  ],
  ['the user waits for the interval', { wire: () => createWire(accept), before: true, afterMs: 10 }],
  [
    'the request waits for the rate limit of the app',
    {
      wire: () => createWire(accept),
      before: true,
      delivery: { requestsPerSecond: 1, userIntervalMs: 0 },
      afterMs: 10,
    },
  ],
  [
    'the order store hangs',
    { wire: () => createWire(accept), delivery: { order: { ...memory, newest: never } }, afterMs: 10 },
  ],
  [
    'the order store hangs after the write',
    { wire: () => createWire(accept), delivery: { order: { ...memory, record: never } }, afterMs: 10 },
  ],
  [
    'the segment is in flight',
    { wire: () => createWire((arrival) => arrival.request.path.endsWith('/segments') || accept(arrival)), afterMs: 10 },
  ],
  [
    'the read at the tag cap is in flight',
    { wire: () => createWire(({ request, answer }) => request.method === 'GET' || answer(409, full)), afterMs: 10 },
  ],
  [
    'the read at the tag cap waits for its slot',
    {
      wire: () => createWire(({ request, answer }) => (request.method === 'GET' ? answer(200, {}) : answer(409, full))),
      before: true,
      userId: 'u3',
      afterMs: 500,
      looksAhead: true,
    },
  ],
  [
    'an unknown user is created',
    {
      wire: () => createWire(({ request, answer }) => request.method === 'POST' || answer(404)),
      delivery: { missingUser: 'create' },
      afterMs: 1_100,
    },
  ],
];

describe.each(situations)('while %s', (_, { wire: makeWire, delivery, before, userId = 'u1', afterMs, looksAhead }) => {
  async function deliverAnd(act: (controller: AbortController) => void, deadlineMs = 60_000) {
    vi.useFakeTimers({ now: Date.parse('2026-03-01T12:00:00.000Z') });
    const wire = makeWire();
    const destination = createDestination({ appId, transport: wire.transport, delivery });
    if (before) {
      void destination.deliver([identify('u1', { first: 1 }), identify('u2', { first: 1 })]);
      await vi.advanceTimersByTimeAsync(1);
    }
    const controller = new AbortController();
    const listened = vi.spyOn(controller.signal, 'addEventListener');
    const unlistened = vi.spyOn(controller.signal, 'removeEventListener');
    const event = membership(userId, 'vips', true, { timestamp: new Date().toISOString() });
    const delivering = destination.deliver([event], { signal: controller.signal, deadlineMs });
    delivering.catch(() => {});
    await vi.advanceTimersByTimeAsync(afterMs);
    const sent = wire.arrivals.length;
    act(controller);
    const listeners = () => listened.mock.calls.length - unlistened.mock.calls.length;
    return { wire, delivering, sent, listeners };
  }

  /** No request of the call is in flight, and none follows. */
  async function expectSilence({ arrivals }: Wire, sent: number) {
    if (before) return;
    expect(vi.getTimerCount()).toBe(0);
    await vi.advanceTimersByTimeAsync(100_000);
    expect(arrivals).toHaveLength(sent);
  }

  test('an abort rejects at once with its reason, and leaves no timer, listener or request', async () => {
    const { wire, delivering, sent, listeners } = await deliverAnd((controller) => controller.abort(reason));
    await expect(delivering).rejects.toBe(reason);
    expect(listeners()).toBe(0);
    await expectSilence(wire, sent);
    await vi.advanceTimersByTimeAsync(200_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  if (looksAhead) return;
  test('at the deadline the event is retryable, and no timer, listener or request is left', async () => {
    const { wire, delivering, sent, listeners } = await deliverAnd(() => {}, afterMs + 1);
    await vi.advanceTimersByTimeAsync(1);
    expect(await delivering).toMatchObject([{ status: 'retryable', error: { code: 'deadline' } }]);
    expect(listeners()).toBe(0);
    await expectSilence(wire, sent);
    await vi.advanceTimersByTimeAsync(200_000);
    expect(vi.getTimerCount()).toBe(0);
  });
});

test('an abort reaches the request in flight through its transport', async () => {
  vi.useFakeTimers();
  const wire = createWire();
  const destination = createDestination({ appId, transport: wire.transport });
  const controller = new AbortController();
  const aborted = destination.deliver([identify('u1', { a: 1 })], { signal: controller.signal });
  aborted.catch(() => {});
  const late = destination.deliver([identify('u2', { a: 1 })], { deadlineMs: 100 });
  await vi.advanceTimersByTimeAsync(10);
  controller.abort(reason);
  await vi.advanceTimersByTimeAsync(90);
  await late;
  expect(wire.arrivals.map(({ signal }) => signal.aborted)).toEqual([true, true]);
});

test('with a signal that is already aborted, nothing is sent', async () => {
  const wire = createWire(accept);
  const destination = createDestination({ appId, transport: wire.transport });
  await expect(destination.deliver([identify('u1', { a: 1 })], { signal: AbortSignal.abort(reason) })).rejects.toBe(
    reason,
  );
  await expect(destination.deliver([], { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  expect(wire.arrivals).toEqual([]);
});

test('an abort after the end changes nothing, and no listener is left on the signal', async () => {
  const wire = createWire(accept);
  const destination = createDestination({ appId, transport: wire.transport });
  const controller = new AbortController();
  const unlistened = vi.spyOn(controller.signal, 'removeEventListener');
  expect(await destination.deliver([identify('u1', { a: 1 })], { signal: controller.signal })).toMatchObject([
    { status: 'delivered' },
  ]);
  expect(unlistened).toHaveBeenCalledOnce();
  controller.abort(reason);
});

test('only calls in progress listen to a signal that a thousand calls share', async () => {
  const wire = createWire(accept);
  const destination = createDestination({ appId, transport: wire.transport, delivery: { userIntervalMs: 0 } });
  const { signal } = new AbortController();
  const listened = vi.spyOn(signal, 'addEventListener');
  const unlistened = vi.spyOn(signal, 'removeEventListener');
  for (let turn = 0; turn < 1_000; turn++) await destination.deliver([identify('u1', { a: turn })], { signal });
  expect(listened.mock.calls.length).toBe(unlistened.mock.calls.length);
});

describe('an abort from within a hook', () => {
  test.each([
    ['retry', 503, {}],
    ['creation of the user', 404, {}],
    ['recovery at the tag cap', 409, full],
    ['second try in halves', 400, {}],
  ])('is followed by no %s', async (_, status, body) => {
    vi.useFakeTimers();
    const controller = new AbortController();
    const wire = createWire(({ answer }) => answer(status, body));
    const destination = createDestination({
      appId,
      transport: wire.transport,
      delivery: { missingUser: 'create' },
      hooks: { onAttempt: () => controller.abort(reason) },
    });
    const delivering = destination.deliver([identify('u1', { a: 1, old: null }), identify('u1', { b: 1 })], {
      signal: controller.signal,
    });
    await expect(settled(delivering)).rejects.toBe(reason);
    await vi.advanceTimersByTimeAsync(100_000);
    expect(wire.arrivals).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('for an outcome that is known at once keeps the rest from being sent', async () => {
    vi.useFakeTimers();
    const controller = new AbortController();
    const wire = createWire(accept);
    const destination = createDestination({
      appId,
      transport: wire.transport,
      hooks: { onOutcome: () => controller.abort(reason) },
    });
    const delivering = destination.deliver(['nonsense', identify('u1', { b: 1 })], { signal: controller.signal });
    await expect(settled(delivering)).rejects.toBe(reason);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(wire.arrivals).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe.each(transports)('over real HTTP with %s', (_, createTransport) => {
  let server: Server | undefined;
  afterEach(() => void server?.close());

  test('an abort closes the socket and leaves nothing that keeps a process alive', async () => {
    const hung = createServer(() => {});
    server = hung;
    await new Promise<void>((resolve) => hung.listen(0, '127.0.0.1', resolve));
    const address = hung.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const transport = createTransport(`http://127.0.0.1:${address.port}`);
    const destination = createDestination({ appId, transport });
    const carriers: Socket[] = [];
    hung.on('request', ({ socket }) => void carriers.push(socket));
    const active = () => process.getActiveResourcesInfo().filter((name) => /TCPSocketWrap|Timeout/.test(name)).length;

    const before = active();
    const controller = new AbortController();
    const delivering = Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        destination.deliver([identify(`u${index}`, { a: 1 })], { signal: controller.signal }),
      ),
    );
    delivering.catch(() => {});
    await expect.poll(() => carriers.length).toBe(10);
    controller.abort(reason);
    await expect(delivering).rejects.toBe(reason);
    await expect.poll(() => carriers.every(({ destroyed }) => destroyed)).toBe(true);
    // Both clients reopen connections for later requests. Those keep no process alive, but the server's ends of them
    // are in this process too.
    hung.close();
    hung.closeAllConnections();
    await expect.poll(active).toBeLessThanOrEqual(before);
  });
});
