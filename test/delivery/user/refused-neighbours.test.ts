import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createDestination, type Operation } from '../../../src/index.js';
import { appId } from '../destinations.js';
import { identify } from '../events.js';
import { createInMemory, settled } from '../in-memory.js';
import { createPlanDelivery, planned } from '../planned.js';
import { type Arrival, accept, createWire, tagsOf, type Wire } from '../wire.js';

beforeEach(() => void vi.useFakeTimers({ now: Date.parse('2026-03-01T12:00:00.000Z') }));
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const isBadRequest = (arrival: Arrival) => JSON.stringify(tagsOf(arrival)).includes('"bad');

/** A OneSignal that refuses every request with a tag `bad…`. */
const picky = (): Wire =>
  createWire((arrival) => (isBadRequest(arrival) ? arrival.answer(400, { errors: ['bad'] }) : accept(arrival)));

const user = { label: 'external_id', id: 'u1' };

const statusesOf = (outcomes: readonly { status: string }[]) => outcomes.map(({ status }) => status);

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

test('parts that are sent again keep the order of time and the interval of the user', async () => {
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

test('nothing is sent again for a caller who has left', async () => {
  const wire = picky();
  const destination = createDestination({ appId, transport: wire.transport });
  const controller = new AbortController();
  const leaving = destination.deliver([identify('u1', { mine: 1 })], { signal: controller.signal });
  leaving.catch(() => {});
  const staying = destination.deliver([identify('u1', { bad: 1 }), identify('u1', { theirs: 1 })]);
  await vi.advanceTimersByTimeAsync(0);
  controller.abort();
  expect(statusesOf(await settled(staying))).toEqual(['failed', 'delivered']);
  expect(wire.arrivals.slice(1).map(tagsOf)).toEqual([{ bad: '1' }, { theirs: '1' }]);
});

test('an outage while parts are sent again makes only the affected events retryable', async () => {
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

test('only refused events fail, and the tags are those of the others, one by one in the order of time', async () => {
  const event = fc.record({ second: fc.nat(5), isBad: fc.boolean(), key: fc.constantFrom('a', 'b', 'c') });
  const law = fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 10 }), async (events) => {
    const wire = picky();
    const destination = createDestination({ appId, transport: wire.transport, delivery: { order: false } });
    const inputs = events.map(({ second, isBad, key }, index) =>
      identify(
        'u1',
        { [key]: index, ...(isBad ? { [`bad${index}`]: 1 } : {}) },
        { timestamp: `2026-03-01T11:00:0${second}Z` },
      ),
    );
    const outcomes = await settled(destination.deliver(inputs));
    expect(statusesOf(outcomes)).toEqual(events.map(({ isBad }) => (isBad ? 'failed' : 'delivered')));

    const written = Object.assign({}, ...wire.arrivals.filter((arrival) => !isBadRequest(arrival)).map(tagsOf));
    const inOrder = events.map((one, index) => ({ ...one, index })).sort((a, b) => a.second - b.second);
    const expected = inOrder.flatMap(({ isBad, key, index }) => (isBad ? [] : [[key, String(index)]]));
    expect(written).toEqual(Object.fromEntries(expected));
  });
  await fc.assert(law);
});

const traits = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`t${index}`, index]));

test('an input that needs two requests fails if one of them is refused, and reports what was applied', async () => {
  const wire = createWire((arrival) => arrival.answer(Object.hasOwn(Object(tagsOf(arrival)), 't100') ? 400 : 202, {}));
  const destination = createDestination({ appId, transport: wire.transport });
  const [split, other] = await settled(
    destination.deliver([
      identify('u1', traits, { timestamp: '2026-03-01T11:00:01Z' }),
      identify('u1', { t0: 'later' }, { timestamp: '2026-03-01T11:00:02Z' }),
    ]),
  );
  expect(split).toMatchObject({ status: 'failed', applied: ['update_user'], error: { status: 400 } });
  expect(other).toMatchObject({ status: 'delivered', applied: ['update_user'] });
});

test('an input that needs two requests is retryable if one of them is, and the other is not sent', async () => {
  const wire = createWire((arrival) => arrival.answer(503));
  const destination = createDestination({ appId, transport: wire.transport, delivery: { retries: 0 } });
  expect(await settled(destination.deliver([identify('u1', traits)]))).toMatchObject([
    { status: 'retryable', applied: [] },
  ]);
  expect(wire.arrivals).toHaveLength(1);
});

test.each<[string, (id: string) => Operation]>([
  ['alias', (id) => ({ type: 'add_alias', user, alias: { label: 'crm', id } })],
  ['subscription', (id) => ({ type: 'add_subscription', user, subscription: { type: 'Email', token: id } })],
])('a refused %s fails only the inputs that asked for it', async (_, add) => {
  const wire = createWire((arrival) =>
    JSON.stringify(arrival.request.body).includes('bad') ? arrival.answer(400, {}) : accept(arrival),
  );
  const deliver = createPlanDelivery(wire.transport, { userIntervalMs: 0 });
  const update: Operation = { type: 'update_user', user, tags: { plan: 'pro' } };
  const plans = [planned([update, add('c1')]), planned([add('bad')]), planned([add('bad')]), planned([add('c1')])];
  const outcomes = await settled(deliver(plans));
  expect(statusesOf(outcomes)).toEqual(['delivered', 'failed', 'failed', 'delivered']);
});
