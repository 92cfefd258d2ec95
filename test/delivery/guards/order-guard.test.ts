import { describe, expect, test, vi } from 'vitest';
import { createMemoryOrderStore } from '../../../src/delivery/guards/memory-order-store.js';
import { createDestination, type OrderStore } from '../../../src/index.js';
import { appId } from '../destinations.js';
import { identify, membership } from '../events.js';
import { ago, now, useFakeTime } from '../fake-time.js';
import { createInMemory, settled } from '../in-memory.js';
import { createPlanDelivery, planned } from '../planned.js';
import { accept, createWire, tagsOf } from '../wire.js';

useFakeTime();

const stale = (...keys: string[]) => keys.map((key) => ({ path: `traits.${key}`, reason: 'stale' }));
const known = { unknownUsers: 'known' } as const;

test('a late entered does not undo an exited', async () => {
  const { sandbox, destination } = createInMemory(known);
  await settled(destination.deliver([membership('u1', 'vips', true, ago(30))]));
  await settled(destination.deliver([membership('u1', 'vips', false, ago(10))]));
  const late = await settled(destination.deliver([membership('u1', 'vips', true, ago(20))]));
  expect(late).toMatchObject([{ status: 'skipped', reason: 'stale', applied: [], dropped: stale('vips') }]);
  expect(sandbox.user('u1')?.tags).toEqual({});
});

test('a stale entered asks for no segment either', async () => {
  const { sandbox, destination } = createInMemory(known);
  await settled(destination.deliver([membership('u1', 'vips', false, ago(10))]));
  await settled(destination.deliver([membership('u1', 'vips', true, ago(20))]));
  expect(sandbox.segments()).toEqual([]);
});

test('it is kept tag by tag: what is newer of an older event is written', async () => {
  const { sandbox, destination } = createInMemory(known);
  await settled(destination.deliver([identify('u1', { plan: 'pro' }, ago(10))]));
  const outcomes = await settled(destination.deliver([identify('u1', { plan: 'free', city: 'Wien' }, ago(20))]));
  expect(outcomes).toMatchObject([{ status: 'delivered', dropped: stale('plan') }]);
  expect(sandbox.user('u1')?.tags).toEqual({ plan: 'pro', city: 'Wien' });
});

test('the same time is not older: a redelivery writes again', async () => {
  const { destination, log } = createInMemory(known);
  const event = identify('u1', { plan: 'pro' }, ago(10));
  await settled(destination.deliver([event]));
  expect(await settled(destination.deliver([event]))).toMatchObject([{ status: 'delivered', dropped: [] }]);
  expect(log()).toEqual(['PATCH 202', 'PATCH 202']);
});

test('an event delivered again after a failure does not undo what came in between', async () => {
  const { sandbox, destination } = createInMemory(known);
  const mend = sandbox.fail({ status: 503 });
  const older = identify('u1', { plan: 'free' }, ago(20));
  expect(await settled(destination.deliver([older]))).toMatchObject([{ status: 'retryable' }]);
  mend();
  await settled(destination.deliver([identify('u1', { plan: 'pro' }, ago(10))]));
  expect(await settled(destination.deliver([older]))).toMatchObject([{ status: 'skipped', reason: 'stale' }]);
  expect(sandbox.user('u1')?.tags).toEqual({ plan: 'pro' });
});

test('only what OneSignal accepted counts', async () => {
  const { sandbox, destination } = createInMemory(known);
  sandbox.fail({ status: 400, times: 1 });
  await settled(destination.deliver([identify('u1', { plan: 'pro' }, ago(10))]));
  expect(await settled(destination.deliver([identify('u1', { plan: 'free' }, ago(20))]))).toMatchObject([
    { status: 'delivered', dropped: [] },
  ]);
});

test('of merged events the newest is remembered, also where it had no time of its own to tell', async () => {
  const { sandbox, destination } = createInMemory(known);
  await settled(destination.deliver([identify('u1', { plan: 'pro' }, ago(10)), identify('u1', { plan: 'untimed' })]));
  expect(sandbox.user('u1')?.tags).toEqual({ plan: 'untimed' });
  expect(await settled(destination.deliver([identify('u1', { plan: 'free' }, ago(20))]))).toMatchObject([
    { status: 'skipped', reason: 'stale' },
  ]);
});

test('an event that tells no time is neither guarded nor remembered', async () => {
  const { sandbox, destination } = createInMemory(known);
  await settled(destination.deliver([identify('u1', { plan: 'pro' }, ago(10))]));
  await settled(destination.deliver([identify('u1', { plan: 'untimed', city: 'Wien' })]));
  expect(sandbox.user('u1')?.tags).toEqual({ plan: 'untimed', city: 'Wien' });
  await settled(destination.deliver([identify('u1', { city: 'Graz' }, ago(3_600))]));
  expect(sandbox.user('u1')?.tags).toEqual({ plan: 'untimed', city: 'Graz' });
});

describe('a time in the future', () => {
  test('counts as now: it does not block what comes later', async () => {
    const { sandbox, destination } = createInMemory(known);
    await settled(destination.deliver([identify('u1', { plan: 'ahead' }, ago(-3_600))]));
    await vi.advanceTimersByTimeAsync(5_000);
    await settled(destination.deliver([identify('u1', { plan: 'later' }, { timestamp: new Date().toISOString() })]));
    expect(sandbox.user('u1')?.tags).toEqual({ plan: 'later' });
  });

  test('still beats what is older', async () => {
    const { sandbox, destination } = createInMemory(known);
    await settled(destination.deliver([identify('u1', { plan: 'ahead' }, ago(-3_600))]));
    await settled(destination.deliver([identify('u1', { plan: 'older' }, ago(1))]));
    expect(sandbox.user('u1')?.tags).toEqual({ plan: 'ahead' });
  });

  test('counts as the moment when it was handed over, however long its request took', async () => {
    const { sandbox, destination } = createInMemory(known);
    sandbox.fail({ delayMs: 10_000, times: 1 });
    const ahead = destination.deliver([identify('u1', { plan: 'ahead' }, ago(-3_600))]);
    await vi.advanceTimersByTimeAsync(2_000);
    const later = identify('u1', { plan: 'later' }, { timestamp: new Date().toISOString() });
    await settled(ahead);
    expect(await settled(destination.deliver([later]))).toMatchObject([{ status: 'delivered', dropped: [] }]);
    expect(sandbox.user('u1')?.tags).toEqual({ plan: 'later' });
  });
});

test('order: false writes whatever comes', async () => {
  const { sandbox, destination } = createInMemory(known, { delivery: { order: false } });
  await settled(destination.deliver([identify('u1', { plan: 'pro' }, ago(10))]));
  await settled(destination.deliver([identify('u1', { plan: 'free' }, ago(20))]));
  expect(sandbox.user('u1')?.tags).toEqual({ plan: 'free' });
});

test('users do not guard each other', async () => {
  const { sandbox, destination } = createInMemory(known);
  await settled(destination.deliver([identify('u1', { plan: 'pro' }, ago(10))]));
  await settled(destination.deliver([identify('u2', { plan: 'free' }, ago(20))]));
  expect(sandbox.user('u2')?.tags).toEqual({ plan: 'free' });
});

test('hostile tag names are ordinary ones', async () => {
  const { sandbox, destination } = createInMemory(known);
  const traits = JSON.parse('{"__proto__": "new", "constructor": "new"}');
  const older = JSON.parse('{"__proto__": "old", "constructor": "old", "toString": "old"}');
  await settled(destination.deliver([identify('__proto__', traits, ago(10))]));
  expect(await settled(destination.deliver([identify('__proto__', older, ago(20))]))).toMatchObject([
    { status: 'delivered', dropped: stale('__proto__', 'constructor') },
  ]);
  expect(JSON.stringify(sandbox.user('__proto__')?.tags)).toBe(
    '{"__proto__":"new","constructor":"new","toString":"old"}',
  );
});

test('a deleted user starts anew, with what is newer than the deletion', async () => {
  const wire = createWire(accept);
  const deliver = createPlanDelivery(wire.transport);
  const user = { label: 'external_id', id: 'u1' };
  const update = (value: string, seconds: number) =>
    planned([{ type: 'update_user', user, tags: { plan: value } }], { at: ago(seconds).timestamp });
  await settled(deliver([update('pro', 10)]));
  await settled(deliver([planned([{ type: 'delete_user', user }], { at: ago(30).timestamp })]));
  expect(await settled(deliver([update('free', 40)]))).toMatchObject([{ status: 'skipped', reason: 'stale' }]);
  expect(await settled(deliver([update('free', 20)]))).toMatchObject([{ status: 'delivered' }]);
});

describe('a store of your own', () => {
  /** How a store keeps its promise; `later` as a database does. */
  function createStore(later: boolean): OrderStore & { kept: Map<string, number> } {
    const kept = new Map<string, number>();
    const answer = <Value>(value: Value) =>
      later ? new Promise<Value>((resolve) => setTimeout(resolve, 5, value)) : value;
    return {
      kept,
      newest: (user, tags) => answer(tags.map((tag) => kept.get(`${user} ${tag}`))),
      record(user, written) {
        for (const [tag, time] of Object.entries(written))
          kept.set(`${user} ${tag}`, Math.max(time, kept.get(`${user} ${tag}`) ?? 0));
        return answer(undefined);
      },
      forget(user) {
        for (const key of kept.keys()) if (key.startsWith(`${user} `)) kept.delete(key);
        return answer(undefined);
      },
    };
  }

  test.each([
    ['at once', false],
    ['later', true],
  ])('that answers %s guards two processes', async (_, later) => {
    const order = createStore(later);
    const one = createInMemory(known, { delivery: { order } });
    const other = createInMemory(known, { delivery: { order } });
    await settled(one.destination.deliver([identify('u1', { plan: 'pro' }, ago(10))]));
    expect([...order.kept]).toEqual([['u1 plan', now - 10_000]]);
    expect(
      await settled(other.destination.deliver([identify('u1', { plan: 'free', city: 'Wien' }, ago(20))])),
    ).toMatchObject([{ status: 'delivered', dropped: stale('plan') }]);
  });

  const broken = new Error('the store is down; key os_v2_secret');
  const failing: [string, Partial<OrderStore>, number][] = [
    [
      'throws when asked',
      {
        newest: () => {
          throw broken;
        },
      },
      0,
    ],
    ['rejects when asked', { newest: () => Promise.reject(broken) }, 0],
    [
      'throws when told',
      {
        record: () => {
          throw broken;
        },
      },
      1,
    ],
    ['rejects when told', { record: () => Promise.reject(broken) }, 1],
  ];
  test.each(failing)('that %s makes the event retryable', async (_, methods, writes) => {
    const order = { ...createMemoryOrderStore(), ...methods };
    const { sandbox, destination } = createInMemory(known, { delivery: { order } });
    const outcomes = await settled(
      destination.deliver([identify('u1', { plan: 'pro' }, ago(10)), identify('u2', { a: 1 })]),
    );
    expect(outcomes).toMatchObject([
      {
        status: 'retryable',
        error: { code: 'unavailable', operation: 'update_user', message: expect.stringContaining('order store') },
      },
      // Without a time there is nothing to ask the store.
      { status: 'delivered' },
    ]);
    expect(sandbox.requests()).toHaveLength(writes + 1);
  });

  test('that answers nonsense makes the event retryable', async () => {
    // @ts-expect-error: a store in JavaScript
    const order: OrderStore = { ...createMemoryOrderStore(), newest: () => undefined };
    const { destination } = createInMemory(known, { delivery: { order } });
    expect(await settled(destination.deliver([identify('u1', { plan: 'pro' }, ago(10))]))).toMatchObject([
      { status: 'retryable' },
    ]);
  });

  const never = () => new Promise<never>(() => {});
  const hanging: [string, Partial<OrderStore>][] = [
    ['when asked', { newest: never }],
    ['when told', { record: never }],
  ];
  test.each(hanging)('that hangs %s ends at the deadline, and gives its place back', async (_, methods) => {
    const order = { ...createMemoryOrderStore(), ...methods };
    const wire = createWire(accept);
    const destination = createDestination({ appId, transport: wire.transport, delivery: { order, concurrency: 1 } });
    expect(
      await settled(destination.deliver([identify('u1', { plan: 'pro' }, ago(10))], { deadlineMs: 3_000 })),
    ).toMatchObject([{ status: 'retryable', error: { code: 'deadline' } }]);
    // Neither the user's lane nor the place in flight is lost.
    expect(await settled(destination.deliver([identify('u1', { plan: 'untimed' })]))).toMatchObject([
      { status: 'delivered' },
    ]);
    expect(await settled(destination.deliver([identify('u2', { plan: 'untimed' })]))).toMatchObject([
      { status: 'delivered' },
    ]);
  });

  test('that hangs when told, for callers who all left meanwhile, does not block the user', async () => {
    const controller = new AbortController();
    const wire = createWire(accept);
    const destination = createDestination({
      appId,
      transport: wire.transport,
      delivery: { order: { ...createMemoryOrderStore(), record: never }, userIntervalMs: 0 },
      hooks: { onAttempt: () => controller.abort('enough') },
    });
    const leaving = destination.deliver([identify('u1', { plan: 'pro' }, ago(10))], { signal: controller.signal });
    await expect(settled(leaving)).rejects.toBe('enough');
    expect(
      await settled(destination.deliver([identify('u1', { plan: 'untimed' })], { deadlineMs: 5_000 })),
    ).toMatchObject([{ status: 'delivered' }]);
  });

  test('is asked once for all tags of what is merged', async () => {
    const asked: (readonly string[])[] = [];
    const memory = createMemoryOrderStore();
    const order: OrderStore = {
      ...memory,
      newest: (user, tags) => {
        asked.push(tags);
        return memory.newest(user, tags);
      },
    };
    const { destination } = createInMemory(known, { delivery: { order } });
    await settled(
      destination.deliver([identify('u1', { a: 1, b: 1 }, ago(3)), identify('u1', { b: 2, c: 2 }, ago(2))]),
    );
    expect(asked).toEqual([['a', 'b', 'c']]);
  });
});

test('a merged write sends each tag of its newest event', async () => {
  const wire = createWire(accept);
  const destination = createDestination({ appId, transport: wire.transport });
  await settled(
    destination.deliver([
      identify('u1', { plan: 'newest' }, ago(1)),
      identify('u1', { plan: 'oldest', city: 'Wien' }, ago(3)),
      identify('u1', { plan: 'middle' }, ago(2)),
    ]),
  );
  expect(wire.arrivals.map(tagsOf)).toEqual([{ plan: 'newest', city: 'Wien' }]);
  expect(await settled(destination.deliver([identify('u1', { plan: 'x', city: 'Graz' }, ago(2))]))).toMatchObject([
    { dropped: stale('plan') },
  ]);
});

test('a store that fails when told stops what is left of its event', async () => {
  const order = { ...createMemoryOrderStore(), record: () => Promise.reject(new Error('lost')) };
  const { sandbox, destination, log } = createInMemory({ tagLimit: 2 }, { delivery: { order } });
  sandbox.addUser({ externalId: 'u1', tags: { a: '1', b: '2' } });
  const event = identify('u1', { a: null, c: 3 }, ago(10));
  expect(await settled(destination.deliver([event]))).toMatchObject([
    { status: 'retryable', applied: ['update_user'] },
  ]);
  // The cap is met, then the removal goes alone; the rest would go for nobody.
  expect(log()).toEqual(['PATCH 409', 'PATCH 202']);
});

test('what a store says of people stays out of the error', async () => {
  const order: OrderStore = {
    ...createMemoryOrderStore(),
    newest() {
      throw new Error('connection to redis for user u1 with "pro" lost');
    },
  };
  const { destination } = createInMemory(known, { delivery: { order } });
  expect(await settled(destination.deliver([identify('u1', { plan: 'pro' }, ago(10))]))).toMatchObject([
    { error: { cause: { message: 'connection to redis for user <redacted> with "<redacted>" lost' } } },
  ]);
});
