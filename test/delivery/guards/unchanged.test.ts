import { describe, expect, test, vi } from 'vitest';
import { createMemoryOrderStore } from '../../../src/delivery/guards/memory-order-store.js';
import { ConfigurationError, createDestination, type OrderStore } from '../../../src/index.js';
import { apiKey, appId } from '../destinations.js';
import { identify, membership, track } from '../events.js';
import { ago, now, useFakeTime } from '../fake-time.js';
import { createInMemory, settled } from '../in-memory.js';

useFakeTime();

const known = { unknownUsers: 'known' } as const;
const skip = { unchanged: 'skip', userIntervalMs: 0, retries: 0 } as const;
const unchanged = (...paths: string[]) => paths.map((path) => ({ path, reason: 'unchanged' }));
const subscriptions = { delivery: skip, mapping: { subscriptions: { email: true, sms: true } } } as const;

function start(options: Parameters<typeof createInMemory>[1] = {}) {
  const { sandbox, destination, log } = createInMemory(known, {
    ...options,
    delivery: { ...skip, ...options.delivery },
  });
  const deliver = (...events: unknown[]) => settled(destination.deliver(events));
  return { sandbox, deliver, log };
}

describe('values that OneSignal already has are left out', () => {
  test('an event with nothing left is skipped, without a request', async () => {
    const { deliver, log } = start();
    await deliver(identify('u1', { plan: 'pro', seats: 5 }, ago(20)));
    const outcomes = await deliver(identify('u1', { plan: 'pro', seats: 5 }, ago(10)));
    expect(outcomes).toMatchObject([
      { status: 'skipped', reason: 'unchanged', applied: [], dropped: unchanged('traits.plan', 'traits.seats') },
    ]);
    expect(log()).toEqual(['PATCH 202']);
  });

  test('the rest of an event is sent', async () => {
    const { sandbox, deliver } = start();
    await deliver(identify('u1', { plan: 'pro', seats: 5 }, ago(20)));
    const outcomes = await deliver(identify('u1', { plan: 'pro', seats: 6 }, ago(10)));
    expect(outcomes).toMatchObject([{ status: 'delivered', dropped: unchanged('traits.plan') }]);
    expect(sandbox.requests().at(-1)?.body).toEqual({ properties: { tags: { seats: '6' } } });
  });

  test('nothing is left out unless you ask for it', async () => {
    const { deliver, log } = start({ delivery: { unchanged: 'send' } });
    await deliver(identify('u1', { plan: 'pro' }, ago(20)));
    await deliver(identify('u1', { plan: 'pro' }, ago(10)));
    expect(log()).toEqual(['PATCH 202', 'PATCH 202']);
  });

  test('profile fields are left out too', async () => {
    const { deliver, log } = start({ mapping: { profile: ['language'] } });
    const locale = (code: string, seconds: number) =>
      identify('u1', {}, { context: { locale: code }, ...ago(seconds) });
    await deliver(locale('de-AT', 20));
    const [outcome] = await deliver(locale('de-AT', 10));
    expect(outcome).toMatchObject({ reason: 'unchanged', dropped: unchanged('context.locale') });
    await deliver(locale('fr-FR', 5));
    expect(log()).toHaveLength(2);
  });

  test('a subscription that the user has is not added again', async () => {
    const { deliver, log } = start(subscriptions);
    const email = { email: 'ada@example.com' };
    await deliver(identify('u1', email, ago(20)));
    const requests = log().length;
    expect(await deliver(identify('u1', email, ago(10)))).toMatchObject([{ status: 'skipped', reason: 'unchanged' }]);
    expect(log()).toHaveLength(requests);
  });
});

describe('values that may have changed are sent', () => {
  test('a value that was different in between', async () => {
    const { sandbox, deliver } = start();
    for (const [seconds, plan] of [
      [30, 'pro'],
      [20, 'free'],
      [10, 'pro'],
    ] as const)
      await deliver(identify('u1', { plan }, ago(seconds)));
    expect(sandbox.user('u1')?.tags).toEqual({ plan: 'pro' });
  });

  test('a value that changes and changes back within one batch', async () => {
    const { sandbox, deliver } = start();
    await deliver(identify('u1', { plan: 'pro' }, ago(30)));
    await deliver(identify('u1', { plan: 'free' }, ago(20)), identify('u1', { plan: 'pro' }, ago(10)));
    expect(sandbox.user('u1')?.tags).toEqual({ plan: 'pro' });
  });

  test('a value that only an earlier event of the same batch has, because that event may fail', async () => {
    const { deliver } = start();
    const outcomes = await deliver(identify('u1', { plan: 'pro' }, ago(20)), identify('u1', { plan: 'pro' }, ago(10)));
    expect(outcomes.map(({ status }) => status)).toEqual(['delivered', 'delivered']);
  });

  test('a value after a request without an answer, which may have changed it', async () => {
    const { sandbox, deliver } = start();
    await deliver(identify('u1', { plan: 'pro' }, ago(30)));
    const mend = sandbox.fail({ status: 503 });
    expect(await deliver(identify('u1', { plan: 'free' }, ago(20)))).toMatchObject([{ status: 'retryable' }]);
    mend();
    expect(await deliver(identify('u1', { plan: 'pro' }, ago(10)))).toMatchObject([{ status: 'delivered' }]);
  });

  test('a value that is older than the maximum age', async () => {
    const { deliver } = start({ delivery: { unchangedMaxAgeMs: 60_000 } });
    const event = () => identify('u1', { plan: 'pro' }, { timestamp: new Date().toISOString() });
    await deliver(event());
    vi.setSystemTime(now + 59_999);
    expect(await deliver(event())).toMatchObject([{ status: 'skipped', reason: 'unchanged' }]);
    vi.setSystemTime(now + 60_000);
    expect(await deliver(event())).toMatchObject([{ status: 'delivered' }]);
  });

  test('removals, always, because an exit must not be lost', async () => {
    const { sandbox, deliver, log } = start();
    await deliver(membership('u1', 'vips', true, ago(30)));
    await deliver(membership('u1', 'vips', false, ago(20)));
    expect(await deliver(membership('u1', 'vips', false, ago(10)))).toMatchObject([{ status: 'delivered' }]);
    expect(log().filter((request) => request.startsWith('PATCH'))).toHaveLength(3);
    expect(sandbox.user('u1')?.tags).toEqual({});
  });

  test('everything of a user who was deleted since', async () => {
    const { sandbox, deliver } = start({
      mapping: { deleteUsers: true, ...subscriptions.mapping },
      delivery: { missingUser: 'create' },
    });
    const traits = { plan: 'pro', email: 'ada@example.com' };
    await deliver(identify('u1', traits, ago(30)));
    await deliver({ type: 'delete', messageId: 'm-delete', userId: 'u1', ...ago(20) });
    vi.setSystemTime(now + 10 * 60_000);
    await deliver(identify('u1', traits, ago(10)));
    expect(sandbox.user('u1')).toMatchObject({ tags: { plan: 'pro' }, subscriptions: [{ token: 'ada@example.com' }] });
  });

  test('everything after a deletion in the same batch', async () => {
    const { sandbox, deliver } = start({ mapping: { deleteUsers: true }, delivery: { missingUser: 'create' } });
    await deliver(identify('u1', { plan: 'pro' }, ago(30)));
    await deliver(
      { type: 'delete', messageId: 'm-delete', userId: 'u1', ...ago(20) },
      identify('u1', { plan: 'pro' }, { messageId: 'm2', ...ago(10) }),
    );
    expect(sandbox.user('u1')?.tags).toEqual({ plan: 'pro' });
  });

  test('a subscription that another user has taken since', async () => {
    const { sandbox, deliver } = start(subscriptions);
    const email = { email: 'ada@example.com' };
    await deliver(identify('u1', email, ago(30)));
    await deliver(identify('u2', email, ago(20)));
    await deliver(identify('u1', email, ago(10)));
    expect(sandbox.user('u1')?.subscriptions).toMatchObject([{ token: 'ada@example.com' }]);
    expect(sandbox.user('u2')?.subscriptions).toEqual([]);
  });

  test('purchases', async () => {
    const { deliver, log } = start({ mapping: { purchases: true } });
    const order = (messageId: string, seconds: number) =>
      track('u1', { revenue: 5, currency: 'EUR' }, { event: 'Order Completed', messageId, ...ago(seconds) });
    await deliver(order('m1', 20));
    const [outcome] = await deliver(order('m2', 10));
    expect(outcome).toMatchObject({ status: 'delivered', applied: ['add_purchases'] });
    expect(log().length).toBeGreaterThanOrEqual(3);
  });
});

describe('values that are left out count as written', () => {
  test('an older value that arrives late is stale', async () => {
    const { sandbox, deliver } = start();
    await deliver(identify('u1', { plan: 'pro' }, ago(30)));
    await deliver(identify('u1', { plan: 'pro' }, ago(10)));
    expect(await deliver(identify('u1', { plan: 'free' }, ago(20)))).toMatchObject([{ reason: 'stale' }]);
    expect(sandbox.user('u1')?.tags).toEqual({ plan: 'pro' });
  });

  test('an older claim of a subscription is stale', async () => {
    const { sandbox, deliver } = start(subscriptions);
    const email = { email: 'ada@example.com' };
    await deliver(identify('u1', email, ago(30)));
    await deliver(identify('u1', email, ago(10)));
    expect(await deliver(identify('u2', email, ago(20)))).toMatchObject([{ reason: 'stale' }]);
    expect(sandbox.user('u1')?.subscriptions).toMatchObject([{ token: 'ada@example.com' }]);
  });

  test('the segment of an unchanged membership is ensured', async () => {
    const { sandbox, deliver } = start();
    const heal = sandbox.fail({ status: 503, when: ({ method }) => method === 'POST' });
    const [first] = await deliver(membership('u1', 'vips', true, { ...ago(20), messageId: 'm1' }));
    expect(first).toMatchObject({ status: 'retryable' });
    heal();
    const [second] = await deliver(membership('u1', 'vips', true, { ...ago(10), messageId: 'm2' }));
    expect(second).toMatchObject({ status: 'delivered', applied: ['ensure_segment'] });
    expect(sandbox.segments()).toHaveLength(1);
  });
});

describe('the memory', () => {
  test('is shared by processes that share a store', async () => {
    const order = createMemoryOrderStore();
    const { sandbox, deliver } = start({ delivery: { order } });
    await deliver(identify('u1', { plan: 'pro' }, ago(20)));
    const other = start({ delivery: { order } });
    expect(await other.deliver(identify('u1', { plan: 'pro' }, ago(10)))).toMatchObject([{ reason: 'unchanged' }]);
    expect(sandbox.user('u1')?.tags).toEqual({ plan: 'pro' });
  });

  test('contains no value, address or id', async () => {
    const order = createMemoryOrderStore();
    const seen: unknown[] = [];
    const spy: OrderStore = {
      ...order,
      remember: (user, values) => {
        seen.push(values);
        return order.remember(user, values);
      },
    };
    const { deliver } = start({ ...subscriptions, delivery: { order: spy } });
    await deliver(identify('u1', { plan: 'platinum', email: 'ada@example.com' }, ago(20)));
    expect(JSON.stringify(seen)).not.toMatch(/platinum|ada@example|u1/);
  });

  test('forgets a value before another one is sent, so a killed process leaves no wrong value behind', async () => {
    const order = createMemoryOrderStore();
    const { sandbox, deliver } = start({ delivery: { order } });
    await deliver(identify('u1', { plan: 'pro' }, ago(20)));
    sandbox.fail({ status: 503 });
    await deliver(identify('u1', { plan: 'free' }, ago(10)));
    expect(order.accepted('u1', ['plan'])).toEqual([]);
  });

  test('makes the event retryable if it fails', async () => {
    const order = {
      ...createMemoryOrderStore(),
      accepted() {
        throw new Error('Redis is away');
      },
    };
    const { deliver, log } = start({ delivery: { order } });
    expect(await deliver(identify('u1', { plan: 'pro' }, ago(20)))).toMatchObject([{ status: 'retryable' }]);
    expect(log()).toEqual([]);
  });

  test('is required: a store without it, or no order guard, is refused', () => {
    const { newest, record, forget } = createMemoryOrderStore();
    const create = (order: false | OrderStore) =>
      createDestination({ appId, apiKey, delivery: { unchanged: 'skip', order } });
    expect(() => create(false)).toThrow(ConfigurationError);
    expect(() => create({ newest, record, forget })).toThrow(
      `"delivery.unchanged: 'skip'" needs an order store with the methods accepted and remember.`,
    );
  });
});
