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

test('a late "entered" does not undo an "exited"', async () => {
  const { sandbox, destination } = createInMemory(known);
  await settled(destination.deliver([membership('u1', 'vips', true, ago(30))]));
  await settled(destination.deliver([membership('u1', 'vips', false, ago(10))]));
  const late = await settled(destination.deliver([membership('u1', 'vips', true, ago(20))]));
  expect(late).toMatchObject([{ status: 'skipped', reason: 'stale', applied: [], dropped: stale('vips') }]);
  expect(sandbox.user('u1')?.tags).toEqual({});
});

test('a stale "entered" creates no segment either', async () => {
  const { sandbox, destination } = createInMemory(known);
  await settled(destination.deliver([membership('u1', 'vips', false, ago(10))]));
  await settled(destination.deliver([membership('u1', 'vips', true, ago(20))]));
  expect(sandbox.segments()).toEqual([]);
});

test('order is kept tag by tag: of an older event, tags without a newer value are written', async () => {
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

test('an event delivered again after a failure does not undo newer writes made in between', async () => {
  const { sandbox, destination } = createInMemory(known);
  const mend = sandbox.fail({ status: 503 });
  const older = identify('u1', { plan: 'free' }, ago(20));
  expect(await settled(destination.deliver([older]))).toMatchObject([{ status: 'retryable' }]);
  mend();
  await settled(destination.deliver([identify('u1', { plan: 'pro' }, ago(10))]));
  expect(await settled(destination.deliver([older]))).toMatchObject([{ status: 'skipped', reason: 'stale' }]);
  expect(sandbox.user('u1')?.tags).toEqual({ plan: 'pro' });
});

test('only writes that OneSignal accepted count', async () => {
  const { sandbox, destination } = createInMemory(known);
  sandbox.fail({ status: 400, times: 1 });
  await settled(destination.deliver([identify('u1', { plan: 'pro' }, ago(10))]));
  expect(await settled(destination.deliver([identify('u1', { plan: 'free' }, ago(20))]))).toMatchObject([
    { status: 'delivered', dropped: [] },
  ]);
});

test('of merged events the newest is remembered, even if it has no time of its own', async () => {
  const { sandbox, destination } = createInMemory(known);
  await settled(destination.deliver([identify('u1', { plan: 'pro' }, ago(10)), identify('u1', { plan: 'untimed' })]));
  expect(sandbox.user('u1')?.tags).toEqual({ plan: 'untimed' });
  expect(await settled(destination.deliver([identify('u1', { plan: 'free' }, ago(20))]))).toMatchObject([
    { status: 'skipped', reason: 'stale' },
  ]);
});

test('an event without a time is neither guarded nor remembered', async () => {
  const { sandbox, destination } = createInMemory(known);
  await settled(destination.deliver([identify('u1', { plan: 'pro' }, ago(10))]));
  await settled(destination.deliver([identify('u1', { plan: 'untimed', city: 'Wien' })]));
  expect(sandbox.user('u1')?.tags).toEqual({ plan: 'untimed', city: 'Wien' });
  await settled(destination.deliver([identify('u1', { city: 'Graz' }, ago(3_600))]));
  expect(sandbox.user('u1')?.tags).toEqual({ plan: 'untimed', city: 'Graz' });
});

describe('a time in the future', () => {
  test('counts as now, so it does not block later events', async () => {
    const { sandbox, destination } = createInMemory(known);
    await settled(destination.deliver([identify('u1', { plan: 'ahead' }, ago(-3_600))]));
    await vi.advanceTimersByTimeAsync(5_000);
    await settled(destination.deliver([identify('u1', { plan: 'later' }, { timestamp: new Date().toISOString() })]));
    expect(sandbox.user('u1')?.tags).toEqual({ plan: 'later' });
  });

  test('still wins over older times', async () => {
    const { sandbox, destination } = createInMemory(known);
    await settled(destination.deliver([identify('u1', { plan: 'ahead' }, ago(-3_600))]));
    await settled(destination.deliver([identify('u1', { plan: 'older' }, ago(1))]));
    expect(sandbox.user('u1')?.tags).toEqual({ plan: 'ahead' });
  });

  test('counts as the moment of the delivery, however long its request took', async () => {
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

test('order: false writes every event', async () => {
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

test('hostile tag names are ordinary names', async () => {
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

test('a deleted user starts over, with events newer than the deletion', async () => {
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
  /** A store that answers at once, or `later` as a database does. */
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
      'throws from newest',
      {
        newest: () => {
          throw broken;
        },
      },
      0,
    ],
    ['rejects from newest', { newest: () => Promise.reject(broken) }, 0],
    [
      'throws from record',
      {
        record: () => {
          throw broken;
        },
      },
      1,
    ],
    ['rejects from record', { record: () => Promise.reject(broken) }, 1],
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

  test.each([
    ['at once', false],
    ['later', true],
  ])('that fails %s to record a write does not let a late event undo it', async (_, later) => {
    const store = createStore(later);
    let isDown = true;
    const order: OrderStore = {
      ...store,
      record(user, written) {
        if (!isDown) return store.record(user, written);
        if (later) return Promise.reject(broken);
        throw broken;
      },
    };
    const { sandbox, destination } = createInMemory(known, { delivery: { order } });
    const exit = { ...membership('u1', 'vips', false, ago(10)), messageId: 'exit' };
    const enter = { ...membership('u1', 'vips', true, ago(20)), messageId: 'enter' };
    sandbox.addUser({ externalId: 'u1', tags: { vips: 'true' } });
    expect(await settled(destination.deliver([exit]))).toMatchObject([{ status: 'retryable' }]);
    isDown = false;
    expect(await settled(destination.deliver([exit]))).toMatchObject([{ status: 'delivered' }]);
    expect(await settled(destination.deliver([enter]))).toMatchObject([{ status: 'skipped', reason: 'stale' }]);
    expect(sandbox.user('u1')?.tags).toEqual({});
  });

  test('that fails to record a write: its redelivery undoes what a late event wrote in between', async () => {
    const memory = createMemoryOrderStore();
    const record = vi.fn(memory.record).mockRejectedValueOnce(broken);
    const { sandbox, destination } = createInMemory(known, { delivery: { order: { ...memory, record } } });
    const newer = { ...identify('u1', { plan: 'pro' }, ago(10)), messageId: 'newer' };
    expect(await settled(destination.deliver([newer]))).toMatchObject([{ status: 'retryable' }]);
    await settled(destination.deliver([identify('u1', { plan: 'free' }, ago(20))]));
    expect(await settled(destination.deliver([newer]))).toMatchObject([{ status: 'delivered' }]);
    expect(sandbox.user('u1')?.tags).toEqual({ plan: 'pro' });
  });

  test('that records a write only after the deadline: the redelivery does not repeat it', async () => {
    const memory = createMemoryOrderStore();
    const record = vi.fn(memory.record).mockImplementationOnce(async (user, written) => {
      await new Promise((resolve) => setTimeout(resolve, 5_000));
      await memory.record(user, written);
    });
    const { sandbox, destination } = createInMemory(known, { delivery: { order: { ...memory, record } } });
    const event = { ...identify('u1', { plan: 'pro' }, ago(10)), messageId: 'slow' };
    expect(await settled(destination.deliver([event], { deadlineMs: 3_000 }))).toMatchObject([{ status: 'retryable' }]);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await settled(destination.deliver([event]))).toMatchObject([{ status: 'delivered' }]);
    expect(sandbox.requests()).toHaveLength(1);
  });

  test('that hangs in record: the redelivery after the deadline repeats the write', async () => {
    const memory = createMemoryOrderStore();
    const record = vi.fn(memory.record).mockReturnValueOnce(new Promise(() => {}));
    const { sandbox, destination } = createInMemory(known, { delivery: { order: { ...memory, record } } });
    const newer = { ...identify('u1', { plan: 'pro' }, ago(10)), messageId: 'newer' };
    expect(await settled(destination.deliver([newer], { deadlineMs: 3_000 }))).toMatchObject([{ status: 'retryable' }]);
    expect(await settled(destination.deliver([newer]))).toMatchObject([{ status: 'delivered' }]);
    expect(await settled(destination.deliver([identify('u1', { plan: 'free' }, ago(20))]))).toMatchObject([
      { status: 'skipped', reason: 'stale' },
    ]);
    expect(sandbox.user('u1')?.tags).toEqual({ plan: 'pro' });
  });

  const never = () => new Promise<never>(() => {});
  const hanging: [string, Partial<OrderStore>][] = [
    ['in newest', { newest: never }],
    ['in record', { record: never }],
  ];
  test.each(hanging)('that hangs %s ends at the deadline, and frees its slot', async (_, methods) => {
    const order = { ...createMemoryOrderStore(), ...methods };
    const wire = createWire(accept);
    const destination = createDestination({ appId, transport: wire.transport, delivery: { order, concurrency: 1 } });
    expect(
      await settled(destination.deliver([identify('u1', { plan: 'pro' }, ago(10))], { deadlineMs: 3_000 })),
    ).toMatchObject([{ status: 'retryable', error: { code: 'deadline' } }]);
    // Neither the user's queue nor the slot for a request is lost.
    expect(await settled(destination.deliver([identify('u1', { plan: 'untimed' })]))).toMatchObject([
      { status: 'delivered' },
    ]);
    expect(await settled(destination.deliver([identify('u2', { plan: 'untimed' })]))).toMatchObject([
      { status: 'delivered' },
    ]);
  });

  test('that hangs in record does not block the user after all callers have left', async () => {
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

  test('is asked once for all tags of a merged write', async () => {
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

test('a store that fails in record stops the rest of its event', async () => {
  const order = { ...createMemoryOrderStore(), record: () => Promise.reject(new Error('lost')) };
  const { sandbox, destination, log } = createInMemory({ tagLimit: 2 }, { delivery: { order } });
  sandbox.addUser({ externalId: 'u1', tags: { a: '1', b: '2' } });
  const event = identify('u1', { a: null, c: 3 }, ago(10));
  expect(await settled(destination.deliver([event]))).toMatchObject([
    { status: 'retryable', applied: ['update_user'] },
  ]);
  // The cap is met, then the removal goes alone. The rest would be sent for nobody.
  expect(log()).toEqual(['PATCH 409', 'PATCH 202']);
});

test('ids and values in the error of a store are redacted', async () => {
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
