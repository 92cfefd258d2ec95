import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createDestination } from '../../src/index.js';
import { createInMemory, settled } from './in-memory.js';
import { accept, appId, createWire, identify, tagsOf, type Wire } from './wire.js';

beforeEach(() => void vi.useFakeTimers({ now: Date.parse('2026-03-01T12:00:00.000Z') }));
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

/** A OneSignal that refuses whatever holds a tag `bad…`. */
const picky = (): Wire =>
  createWire((arrival) =>
    JSON.stringify(tagsOf(arrival)).includes('"bad') ? arrival.answer(400, { errors: ['bad'] }) : accept(arrival),
  );

const statusesOf = (outcomes: readonly { status: string }[]) => outcomes.map(({ status }) => status);

test('of the inputs of a refused request only those fail that are refused alone', async () => {
  const wire = picky();
  const destination = createDestination({ appId, transport: wire.transport });
  const events = ['a', 'b', 'bad1', 'c', 'd', 'e', 'bad2', 'f'].map((key) => identify('u1', { [key]: key }));
  const outcomes = await settled(destination.deliver(events));
  expect(statusesOf(outcomes)).toEqual([
    ...['delivered', 'delivered', 'failed', 'delivered', 'delivered', 'delivered', 'failed', 'delivered'],
  ]);
  const written = wire.arrivals.filter((arrival) => !JSON.stringify(tagsOf(arrival)).includes('bad')).map(tagsOf);
  expect(Object.assign({}, ...written)).toEqual({ a: 'a', b: 'b', c: 'c', d: 'd', e: 'e', f: 'f' });
});

test('one bad input among a thousand costs about 20 requests, not a thousand', async () => {
  const wire = picky();
  const destination = createDestination({ appId, transport: wire.transport });
  const events = Array.from({ length: 1_000 }, (_, index) => identify('u1', index === 500 ? { bad: 1 } : { a: index }));
  const outcomes = await settled(destination.deliver(events));
  expect(statusesOf(outcomes).filter((status) => status === 'failed')).toHaveLength(1);
  expect(outcomes[500]).toMatchObject({ status: 'failed', error: { code: 'invalid_request', status: 400 } });
  expect(wire.arrivals.length).toBeLessThanOrEqual(22);
  expect(tagsOf(wire.arrivals.at(-1) ?? { request: { method: 'GET', path: '' } })).toEqual({ a: '999' });
});

test('what is sent again in parts keeps the order of time and the interval of the user', async () => {
  const wire = picky();
  const destination = createDestination({ appId, transport: wire.transport });
  const events = [
    identify('u1', { plan: 'newest' }, { timestamp: '2026-03-01T11:00:03Z' }),
    identify('u1', { plan: 'oldest' }, { timestamp: '2026-03-01T11:00:01Z' }),
    identify('u1', { bad: 1 }, { timestamp: '2026-03-01T11:00:02Z' }),
  ];
  const outcomes = await settled(destination.deliver(events));
  expect(statusesOf(outcomes)).toEqual(['delivered', 'delivered', 'failed']);
  expect(wire.arrivals.map(tagsOf).filter((tags) => !JSON.stringify(tags).includes('bad'))).toEqual([
    { plan: 'oldest' },
    { plan: 'newest' },
  ]);
  wire.arrivals.slice(1).forEach(({ at }, index) => {
    expect(at - (wire.arrivals[index]?.at ?? at)).toBeGreaterThanOrEqual(1_000);
  });
});

test("a neighbour's refusal does not reach other users or other calls", async () => {
  const wire = picky();
  const destination = createDestination({ appId, transport: wire.transport });
  const [[bad], [neighbour], [other]] = await settled(
    Promise.all([
      destination.deliver([identify('u1', { bad: 1 })]),
      destination.deliver([identify('u1', { good: 1 })]),
      destination.deliver([identify('u2', { good: 1 })]),
    ]),
  );
  expect(bad).toMatchObject({ status: 'failed' });
  expect(neighbour).toMatchObject({ status: 'delivered' });
  expect(other).toMatchObject({ status: 'delivered' });
});

test('nothing is sent again for a caller who left meanwhile', async () => {
  const wire = picky();
  const destination = createDestination({ appId, transport: wire.transport });
  const controller = new AbortController();
  const leaving = destination.deliver([identify('u1', { mine: 1 })], { signal: controller.signal });
  leaving.catch(() => {});
  const staying = destination.deliver([identify('u1', { bad: 1 }), identify('u1', { theirs: 1 })]);
  await vi.advanceTimersByTimeAsync(0);
  controller.abort();
  expect(statusesOf(await settled(staying))).toEqual(['failed', 'delivered']);
  expect(wire.arrivals.slice(2).map(tagsOf)).toEqual([{ bad: '1' }, { theirs: '1' }]);
});

test('an outage while parts are sent again comes back for those alone that it hit', async () => {
  const wire = createWire((arrival) => {
    const tags = JSON.stringify(tagsOf(arrival));
    if (tags.includes('bad')) arrival.answer(400, {});
    else if (tags.includes('unlucky')) arrival.answer(503, {}, { 'retry-after': '60' });
    else accept(arrival);
  });
  const destination = createDestination({ appId, transport: wire.transport });
  const events = ['a', 'bad', 'unlucky'].map((key) => identify('u1', { [key]: key }));
  expect(statusesOf(await settled(destination.deliver(events)))).toEqual(['delivered', 'failed', 'retryable']);
});

test('more than 100 tags of one user go out in requests of 100, removals first', async () => {
  const { sandbox, destination, log } = createInMemory();
  sandbox.addUser({ externalId: 'u1', tags: { old: 'x' } });
  const traits = Object.fromEntries(Array.from({ length: 250 }, (_, index) => [`t${index}`, index]));
  const [outcome] = await settled(destination.deliver([identify('u1', { ...traits, old: null })]));
  expect(outcome).toMatchObject({ status: 'delivered', dropped: [] });
  expect(log()).toEqual(['PATCH 202', 'PATCH 202', 'PATCH 202']);
  expect(sandbox.requests()[0]?.body).toMatchObject({ properties: { tags: { old: '' } } });
  expect(Object.keys(sandbox.user('u1')?.tags ?? {})).toHaveLength(250);
});
