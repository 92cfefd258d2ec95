import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createDestination } from '../../../src/index.js';
import { appId } from '../destinations.js';
import { identify, membership } from '../events.js';
import { createInMemory, settled } from '../in-memory.js';
import { accept, createWire, userOf } from '../wire.js';

beforeEach(() => void vi.useFakeTimers({ now: Date.parse('2026-03-01T12:00:00.000Z') }));
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const event = identify('u1', { a: 1 });
const held = { status: 'retryable', error: { code: 'unauthorized' }, retryAfterMs: 60_000 };

const accessDenied = { errors: ["Access denied.  Please include an 'Authorization: ...' header with a valid API key"] };

test.each([
  [401, undefined],
  [403, accessDenied],
])('a %i for the key is retryable in a minute, and not retried at once', async (status, body) => {
  const { sandbox, destination, log } = createInMemory({ unknownUsers: 'known' });
  sandbox.fail({ status, ...(body === undefined ? {} : { body }) });
  expect(await settled(destination.deliver([event]))).toMatchObject([held]);
  expect(log()).toEqual([`PATCH ${status}`]);
});

test.each([
  ['a firewall’s page', '<html>blocked</html>', { status: 'retryable', error: { code: 'unexpected_response' } }],
  ['a subscription’s Forbidden', { errors: ['Forbidden'] }, { status: 'failed', error: { code: 'invalid_request' } }],
])('a 403 that is %s does not stop other events', async (_, body, outcome) => {
  const { sandbox, destination } = createInMemory({ unknownUsers: 'known' });
  sandbox.fail({ status: 403, body, when: ({ path }) => path.endsWith('/u1') });
  expect(await settled(destination.deliver([event, identify('u2', { a: 1 })]))).toMatchObject([
    outcome,
    { status: 'delivered' },
  ]);
  expect(await settled(destination.deliver([identify('u3', { a: 1 })]))).toMatchObject([{ status: 'delivered' }]);
});

test('a wrong key loses no event, and its error says where to find the right one', async () => {
  const { destination } = createInMemory({ apiKey: 'another-key' });
  const [outcome] = await settled(destination.deliver([event]));
  expect(outcome).toMatchObject(held);
  expect(JSON.stringify(outcome)).toContain('Settings > Keys & IDs');
});

test('a longer Retry-After counts', async () => {
  const { sandbox, destination } = createInMemory({ unknownUsers: 'known' });
  sandbox.fail({ status: 401, headers: { 'retry-after': '120' } });
  expect(await settled(destination.deliver([event]))).toMatchObject([{ ...held, retryAfterMs: 120_000 }]);
});

test('a plan that lacks a feature is not a bad key', async () => {
  const { sandbox, destination } = createInMemory({ unknownUsers: 'known' });
  sandbox.fail({
    status: 403,
    times: 1,
    body: { errors: ['This API is not available for applications on your plan.'] },
  });
  expect(await settled(destination.deliver([event]))).toMatchObject([
    { status: 'failed', error: { code: 'plan_refused' } },
  ]);
  expect(await settled(destination.deliver([event]))).toMatchObject([{ status: 'delivered' }]);
});

test('the rest of the call is not sent, so a bad key costs only the requests in flight', async () => {
  const wire = createWire((arrival) => arrival.answer(401));
  const destination = createDestination({ appId, transport: wire.transport, delivery: { concurrency: 4 } });
  const events = Array.from({ length: 200 }, (_, index) => identify(`u${index}`, { a: 1 }));
  const outcomes = await settled(destination.deliver(events));
  expect(outcomes).toMatchObject(events.map(() => held));
  expect(wire.arrivals.length).toBeLessThanOrEqual(4);
});

test('requests that wait for their turn or for a retry when the key is refused are not sent either', async () => {
  const wire = createWire((arrival) => {
    if (userOf(arrival) === 'retried') arrival.answer(429, {}, { 'retry-after': '2' });
    else if (userOf(arrival) === 'bad') setTimeout(() => arrival.answer(401), 500);
    else accept(arrival);
  });
  const destination = createDestination({ appId, transport: wire.transport });
  await settled(destination.deliver([identify('waiting', { a: 0 })]));
  const outcomes = await settled(
    destination.deliver([identify('bad', { a: 1 }), identify('retried', { a: 1 }), identify('waiting', { a: 1 })]),
  );
  expect(outcomes).toMatchObject([held, held, held]);
  expect(wire.arrivals.map(userOf)).toEqual(['waiting', 'bad', 'retried']);
});

test('a retry that waits for the interval of its user when the key is refused is not sent', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
  const wire = createWire((arrival) => {
    if (userOf(arrival) === 'retried') arrival.answer(503);
    else setTimeout(() => arrival.answer(401), 500);
  });
  const destination = createDestination({ appId, transport: wire.transport });
  await settled(destination.deliver([identify('bad', { a: 1 }), identify('retried', { a: 1 })]));
  expect(wire.arrivals).toHaveLength(2);
  vi.restoreAllMocks();
});

test('calls within the next 30 seconds get the same outcome without a request; then one call asks again', async () => {
  const { sandbox, destination, log } = createInMemory({ unknownUsers: 'known' });
  const mend = sandbox.fail({ status: 401 });
  await settled(destination.deliver([event]));
  await vi.advanceTimersByTimeAsync(29_000);
  expect(await settled(destination.deliver([identify('u2', { a: 1 })]))).toMatchObject([held]);
  expect(log()).toHaveLength(1);
  mend();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await settled(destination.deliver([event]))).toMatchObject([{ status: 'delivered' }]);
});

test('a key that is refused for a segment stops everything too, and the event is retryable', async () => {
  const { sandbox, destination, log } = createInMemory({ unknownUsers: 'known' });
  sandbox.fail({ status: 401, when: ({ path }) => path.endsWith('/segments') });
  expect(await settled(destination.deliver([membership('u1', 'vips', true)]))).toMatchObject([
    { ...held, applied: ['update_user'] },
  ]);
  expect(await settled(destination.deliver([identify('u2', { a: 1 })]))).toMatchObject([held]);
  expect(log()).toEqual(['PATCH 202', 'POST 401']);
});

test('two destinations do not share a pause: each has its own key', async () => {
  const bad = createInMemory({ apiKey: 'another-key', unknownUsers: 'known' });
  const good = createInMemory({ unknownUsers: 'known' });
  await settled(bad.destination.deliver([event]));
  expect(await settled(good.destination.deliver([event]))).toMatchObject([{ status: 'delivered' }]);
});

test('a clock that is set back does not make the pause longer', async () => {
  const { sandbox, destination } = createInMemory({ unknownUsers: 'known' });
  sandbox.fail({ status: 401, times: 1 });
  await settled(destination.deliver([event]));
  vi.setSystemTime(Date.now() - 3_600_000);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(await settled(destination.deliver([event]))).toMatchObject([{ status: 'delivered' }]);
});

test('a segment that waits for room when the key is refused is not sent either', async () => {
  const wire = createWire((arrival) => (userOf(arrival) === 'bad' ? arrival.answer(401) : accept(arrival)));
  const destination = createDestination({ appId, transport: wire.transport, delivery: { concurrency: 1 } });
  const outcomes = await settled(destination.deliver([membership('u1', 'vips', true), identify('bad', { a: 1 })]));
  expect(outcomes).toMatchObject([{ ...held, applied: ['update_user'] }, held]);
  expect(wire.arrivals.map(({ request }) => request.method)).toEqual(['PATCH', 'PATCH']);
});
