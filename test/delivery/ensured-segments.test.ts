import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createDestination, createOneSignalTransport, type MappingOptions, type Operation } from '../../src/index.js';
import type { Sandbox } from '../../src/sandbox/index.js';
import { appId } from './destinations.js';
import { identify, membership } from './events.js';
import { createInMemory, settled } from './in-memory.js';
import { createPlanDelivery, planned } from './planned.js';
import { type Arrival, accept, createWire, field } from './wire.js';

beforeEach(() => void vi.useFakeTimers({ now: Date.parse('2026-03-01T12:00:00.000Z') }));
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const isSegment = ({ path }: { path: string }) => path.endsWith('/segments');
const entered = (user: string, audience = 'vips') => membership(user, audience, true);

/** Another destination of the same app, which does not remember the segments that the first one ensured. */
const createInMemoryDestination = ({ fetch }: Sandbox, mapping: MappingOptions = {}) =>
  createDestination({ appId, transport: createOneSignalTransport({ apiKey: 'test-key', fetch }), mapping });

test('the tags go first, and the segment follows once they are accepted', async () => {
  const { sandbox, destination, log } = createInMemory({ unknownUsers: 'known' });
  const outcomes = await settled(destination.deliver([entered('u1')]));
  expect(outcomes).toMatchObject([{ status: 'delivered', applied: ['update_user', 'ensure_segment'], warnings: [] }]);
  expect(log()).toEqual(['PATCH 202', 'POST 201']);
  expect(sandbox.segments()).toMatchObject([{ name: 'vips', members: ['u1'] }]);
});

test('a segment that already exists is a success', async () => {
  const { sandbox, destination, log } = createInMemory({ unknownUsers: 'known' });
  await settled(destination.deliver([entered('u1')]));
  const another = createDestination({
    appId,
    transport: { send: async ({ path, ...init }) => send(path, init.method, init.body) },
  });
  async function send(path: string, method: string, body: unknown) {
    const response = await sandbox.fetch(`https://api.onesignal.com${path}`, {
      method,
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    });
    return { status: response.status, headers: response.headers, body: await response.json() };
  }
  expect(await settled(another.deliver([entered('u2')]))).toMatchObject([{ status: 'delivered', warnings: [] }]);
  expect(log()).toEqual(['PATCH 202', 'POST 201', 'PATCH 202', 'POST 409', 'GET 200']);
});

test('no segment is created for users that OneSignal does not know or whose tags it refuses', async () => {
  const { sandbox, destination } = createInMemory();
  sandbox.addUser({ externalId: 'refused' });
  sandbox.fail({ status: 400, when: ({ path }) => path.endsWith('/refused') });
  const outcomes = await settled(destination.deliver([entered('unknown'), entered('refused')]));
  expect(outcomes.map(({ status }) => status)).toEqual(['skipped', 'failed']);
  expect(sandbox.requests().some(isSegment)).toBe(false);
});

test('one accepted input is enough to create the segment', async () => {
  const { sandbox, destination } = createInMemory();
  sandbox.addUser({ externalId: 'known' });
  const outcomes = await settled(destination.deliver([entered('unknown'), entered('known')]));
  expect(outcomes.map(({ status }) => status)).toEqual(['skipped', 'delivered']);
  expect(sandbox.segments()).toMatchObject([{ members: ['known'] }]);
});

test('a slow segment delays no membership', async () => {
  const { sandbox, destination } = createInMemory({ unknownUsers: 'known' });
  sandbox.fail({ delayMs: 20_000, when: isSegment });
  const first = destination.deliver([entered('u1')]);
  await vi.advanceTimersByTimeAsync(0);
  const second = destination.deliver([entered('u2')]);
  await vi.advanceTimersByTimeAsync(1_000);
  const third = destination.deliver([identify('u1', { later: 1 })]);
  expect(await settled(third)).toMatchObject([{ status: 'delivered' }]);
  expect(sandbox.user('u1')?.tags).toEqual({ vips: 'true', later: '1' });
  expect(sandbox.user('u2')?.tags).toEqual({ vips: 'true' });
  expect(await settled(Promise.all([first, second]))).toMatchObject([
    [{ status: 'delivered' }],
    [{ status: 'delivered' }],
  ]);
});

test('concurrent calls for one segment share a request, and each has its own outcome', async () => {
  const { sandbox, destination } = createInMemory({ unknownUsers: 'known' });
  sandbox.fail({ delayMs: 1_000, when: isSegment });
  const calls = Array.from({ length: 20 }, (_, index) => destination.deliver([entered(`u${index}`)]));
  const outcomes = await settled(Promise.all(calls));
  expect(outcomes.flat()).toMatchObject(
    calls.map(() => ({ status: 'delivered', applied: ['update_user', 'ensure_segment'] })),
  );
  expect(sandbox.requests().filter(isSegment)).toHaveLength(1);
});

test('a shared request goes on if one of its callers leaves, and is aborted when all have left', async () => {
  const held: Arrival[] = [];
  const wire = createWire((arrival) => void (isSegment(arrival.request) ? held.push(arrival) : accept(arrival)));
  const destination = createDestination({ appId, transport: wire.transport });
  const controllers = [new AbortController(), new AbortController()];
  const calls = controllers.map(({ signal }, index) => destination.deliver([entered(`u${index}`)], { signal }));
  for (const call of calls) call.catch(() => {});
  await vi.advanceTimersByTimeAsync(0);
  controllers[0]?.abort();
  expect(held.map(({ signal }) => signal.aborted)).toEqual([false]);
  controllers[1]?.abort();
  expect(held.map(({ signal }) => signal.aborted)).toEqual([true]);

  // The next call starts over.
  const next = destination.deliver([entered('u3')]);
  await vi.advanceTimersByTimeAsync(0);
  expect(held).toHaveLength(2);
  held[1]?.answer(201, { success: true });
  expect(await settled(next)).toMatchObject([{ status: 'delivered', applied: ['update_user', 'ensure_segment'] }]);
});

test('an answer that comes after a caller has its outcome does not change that outcome', async () => {
  const held: Arrival[] = [];
  const wire = createWire((arrival) => void (isSegment(arrival.request) ? held.push(arrival) : accept(arrival)));
  const destination = createDestination({ appId, transport: wire.transport });
  const hasty = destination.deliver([entered('u1')], { deadlineMs: 100 });
  const patient = destination.deliver([entered('u2')]);
  await vi.advanceTimersByTimeAsync(100);
  const [outcome] = await hasty;
  const before = JSON.stringify(outcome);
  held[0]?.answer(403, { errors: ['no'] });
  expect((await settled(patient))[0].warnings).toHaveLength(1);
  expect(JSON.stringify(outcome)).toBe(before);
});

test('an ensured segment is remembered for an hour', async () => {
  const { sandbox, destination } = createInMemory({ unknownUsers: 'known' });
  await settled(destination.deliver([entered('u1')]));
  await vi.advanceTimersByTimeAsync(3_599_000);
  expect(await settled(destination.deliver([entered('u2')]))).toMatchObject([
    { status: 'delivered', applied: ['update_user', 'ensure_segment'] },
  ]);
  expect(sandbox.requests().filter(isSegment)).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1_000);
  await settled(destination.deliver([entered('u3')]));
  expect(sandbox.requests().filter(isSegment)).toHaveLength(2);
});

test.each([
  ['its name is taken', 400, { success: false, errors: ['Segment name is already taken.'] }],
  ["OneSignal's plan has no segments", 403, { errors: ['This API is not available for applications on your plan.'] }],
  ['the app has as many as the plan allows', 422, { errors: ['You have reached the maximum number of segments'] }],
])(
  'a segment that is refused because %s causes a warning on a delivered event, remembered for ten minutes',
  async (_, status, body) => {
    const { sandbox, destination } = createInMemory({ unknownUsers: 'known' });
    sandbox.fail({ status, body, when: isSegment });
    for (const user of ['u1', 'u2']) {
      const [outcome] = await settled(destination.deliver([entered(user)]));
      expect(outcome).toMatchObject({ status: 'delivered', applied: ['update_user'] });
      expect(outcome.warnings).toMatchObject([{ code: 'segment_not_created', status, reasons: body.errors }]);
      await vi.advanceTimersByTimeAsync(500_000);
    }
    expect(sandbox.requests().filter(isSegment)).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(100_000);
    await settled(destination.deliver([entered('u1')]));
    expect(sandbox.requests().filter(isSegment)).toHaveLength(2);
  },
);

test.each([[{ status: 503 }], [{ status: 429 }], [{ drop: 'after' as const }]])(
  'a segment that fails temporarily (%j) makes the event retryable, and is not remembered',
  async (fault) => {
    const { sandbox, destination } = createInMemory({ unknownUsers: 'known' }, { delivery: { retries: 0 } });
    const mend = sandbox.fail({ ...fault, when: isSegment });
    expect(await settled(destination.deliver([entered('u1')]))).toMatchObject([
      { status: 'retryable', applied: ['update_user'], error: { operation: 'ensure_segment' } },
    ]);
    mend();
    expect(await settled(destination.deliver([entered('u1')]))).toMatchObject([{ status: 'delivered' }]);
    expect(sandbox.requests().filter(isSegment)).toHaveLength(2);
  },
);

test('memory is bounded: after 1,000 others a segment is ensured again', async () => {
  const wire = createWire(accept);
  const deliver = createPlanDelivery(wire.transport, { userIntervalMs: 0 });
  const ensure = (index: number): Operation => ({
    type: 'ensure_segment',
    name: `s${index}`,
    filters: [{ field: 'tag', key: `s${index}`, relation: '=', value: 'true' }],
  });
  const names = () => wire.arrivals.map(({ request }) => field(request.body, 'name'));
  await settled(deliver(Array.from({ length: 1_000 }, (_, index) => planned([ensure(index)]))));
  await settled(deliver([planned([ensure(0)])]));
  expect(wire.arrivals).toHaveLength(1_000);
  await settled(deliver([planned([ensure(1_000)]), planned([ensure(999)])]));
  expect(names()).toHaveLength(1_001);
  await settled(deliver([planned([ensure(0)])]));
  expect(names()).toHaveLength(1_002);
});

test('an exit creates no segment', async () => {
  const { sandbox, destination } = createInMemory({ unknownUsers: 'known' });
  await settled(destination.deliver([membership('u1', 'vips', false)]));
  expect(sandbox.requests().some(isSegment)).toBe(false);
});

test('a segment that is paused in OneSignal causes a warning, because messages to it fail', async () => {
  const { sandbox, destination } = createInMemory({ unknownUsers: 'known' });
  await settled(destination.deliver([entered('u1')]));
  const resume = sandbox.pauseSegment('vips');
  const again = createInMemoryDestination(sandbox);
  expect(await settled(again.deliver([entered('u2')]))).toMatchObject([
    { status: 'delivered', applied: ['update_user', 'ensure_segment'], warnings: [{ code: 'segment_paused' }] },
  ]);
  resume();
  expect(await settled(createInMemoryDestination(sandbox).deliver([entered('u3')]))).toMatchObject([{ warnings: [] }]);
});

test('a segment whose audience was renamed keeps its name in OneSignal, and a warning says so', async () => {
  const { sandbox, destination } = createInMemory({ unknownUsers: 'known' });
  await settled(destination.deliver([entered('u1')]));
  const renamed = createInMemoryDestination(sandbox, { segmentName: () => 'Best customers' });
  expect(await settled(renamed.deliver([entered('u2')]))).toMatchObject([
    { status: 'delivered', applied: ['update_user', 'ensure_segment'], warnings: [{ code: 'segment_name_differs' }] },
  ]);
  expect(sandbox.segments()).toMatchObject([{ name: 'vips', members: ['u1', 'u2'] }]);
});
