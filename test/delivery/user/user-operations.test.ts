import { describe, expect, test } from 'vitest';
import type { SandboxServer } from '../../sandbox-server.js';
import { startDestination } from '../sandbox-destination.js';

const at = (second: number) => ({ timestamp: `2024-05-06T07:08:${String(second).padStart(2, '0')}.000Z` });
const identify = (userId: string, traits: Record<string, unknown>, more: object = {}) => ({
  type: 'identify',
  userId,
  messageId: `${userId} ${JSON.stringify(traits)}`,
  traits,
  ...more,
});
const sent = ({ sandbox }: SandboxServer) =>
  sandbox.requests().map(({ method, path }) => `${method} ${path.replace(/^\/apps\/[^/]+/, '')}`);
const subscriptions = { email: true, sms: true, push: true };
const iosToken = 'cafe'.repeat(16);

describe('subscriptions', () => {
  test('of all channels belong to the user after delivery', async () => {
    const server = await startDestination({ mapping: { subscriptions } });
    const event = identify(
      'u1',
      { email: 'ada@example.com', phone: '+436641234567', plan: 'pro' },
      {
        context: {
          device: { type: 'ios', token: iosToken },
          messaging_subscriptions: [{ key: 'ada@example.com', type: 'EMAIL', status: 'UNSUBSCRIBED' }],
        },
      },
    );
    expect(await server.destination.deliver([event])).toMatchObject([
      { status: 'delivered', applied: ['update_user', 'add_subscription'], dropped: [] },
    ]);
    expect(server.sandbox.user('u1')?.subscriptions).toMatchObject([
      { type: 'Email', token: 'ada@example.com', enabled: false, notification_types: -31 },
      { type: 'SMS', token: '+436641234567', enabled: true },
      { type: 'iOSPush', token: iosToken, enabled: true },
    ]);
  });

  test('without a state keep the one that OneSignal has', async () => {
    const { sandbox, destination } = await startDestination({ mapping: { subscriptions } });
    const refused = {
      context: { messaging_subscriptions: [{ key: 'ada@example.com', type: 'EMAIL', status: 'UNSUBSCRIBED' }] },
    };
    await destination.deliver([identify('u1', { email: 'ada@example.com' }, refused)]);
    await destination.deliver([identify('u1', { email: 'ada@example.com' })]);
    expect(sandbox.user('u1')?.subscriptions).toMatchObject([{ token: 'ada@example.com', enabled: false }]);
  });

  test('without a state keep one that was stated before in the same call too', async () => {
    const server = await startDestination({ mapping: { subscriptions } });
    const refused = {
      context: { messaging_subscriptions: [{ key: 'ada@example.com', type: 'EMAIL', status: 'UNSUBSCRIBED' }] },
    };
    await server.destination.deliver([
      identify('u1', { email: 'ada@example.com' }, { ...refused, ...at(1) }),
      identify('u1', { email: 'ada@example.com' }, at(2)),
    ]);
    expect(server.sandbox.user('u1')?.subscriptions).toMatchObject([{ token: 'ada@example.com', enabled: false }]);
    expect(sent(server)).toEqual(['POST /users/by/external_id/u1/subscriptions']);
  });

  test('move to the user who has them now', async () => {
    const { sandbox, destination } = await startDestination({ mapping: { subscriptions } });
    await destination.deliver([
      identify('u1', { email: 'ada@example.com' }),
      identify('u2', { email: 'ada@example.com' }),
    ]);
    expect(sandbox.users().map(({ subscriptions: own }) => own.length)).toEqual([0, 1, 0]);
  });

  test('beyond the maximum of a user cause a warning on a delivered event', async () => {
    const { destination } = await startDestination({
      mapping: { subscriptions },
      sandbox: { subscriptionOverflow: 'refuse' },
    });
    const events = Array.from({ length: 21 }, (_, index) => identify('u1', { email: `a${index}@example.com` }));
    const outcomes = await destination.deliver(events);
    expect(outcomes.every(({ status }) => status === 'delivered')).toBe(true);
    expect(outcomes.flatMap(({ warnings }) => warnings)).toMatchObject([
      { code: 'subscription_limit', operation: 'add_subscription', status: 409 },
    ]);
    expect(JSON.stringify(outcomes)).not.toContain('a20@example.com"');
  });

  test('refused for one input fail only that input', async () => {
    const { sandbox, destination } = await startDestination({ mapping: { subscriptions } });
    sandbox.fail({ status: 400, body: { errors: ['no'] }, when: ({ body }) => JSON.stringify(body).includes('bad@') });
    expect(
      await destination.deliver([
        identify('u1', { email: 'bad@example.com', plan: 'pro' }),
        identify('u1', { email: 'good@example.com' }),
      ]),
    ).toMatchObject([
      { status: 'failed', applied: ['update_user'], error: { operation: 'add_subscription', status: 400 } },
      { status: 'delivered' },
    ]);
    expect(sandbox.user('u1')?.tags).toEqual({ plan: 'pro' });
  });

  test('of an unknown user are skipped', async () => {
    const { destination } = await startDestination({ mapping: { subscriptions }, users: [] });
    expect(await destination.deliver([identify('u1', { email: 'ada@example.com' })])).toMatchObject([
      { status: 'skipped', reason: 'user_not_found' },
    ]);
  });

  test('go with the tags in the request that creates the user', async () => {
    const server = await startDestination({
      mapping: { subscriptions },
      users: [],
      delivery: { missingUser: 'create' },
      sandbox: { visibleAfterMs: 60_000 },
    });
    const event = identify('u1', { email: 'ada@example.com', phone: '+436641234567', plan: 'pro' });
    expect(await server.destination.deliver([event])).toMatchObject([
      { status: 'delivered', applied: ['update_user', 'add_subscription'] },
    ]);
    expect(sent(server)).toEqual(['POST /users']);
    expect(server.sandbox.user('u1')?.subscriptions.map(({ type }) => type)).toEqual(['Email', 'SMS']);
  });

  test('of an existing user take at most two requests', async () => {
    const server = await startDestination({ mapping: { subscriptions } });
    const event = identify(
      'u1',
      { email: 'ada@example.com', phone: '+436641234567', plan: 'pro' },
      { context: { device: { type: 'android', token: 'fcm-token' } } },
    );
    expect(await server.destination.deliver([event])).toMatchObject([
      { status: 'delivered', applied: ['update_user', 'add_subscription'] },
    ]);
    expect(sent(server)).toEqual(['PATCH /users/by/external_id/u1', 'POST /users']);
    expect(server.sandbox.user('u1')?.subscriptions).toHaveLength(3);
  });

  test('are still added if OneSignal refuses one of them', async () => {
    const server = await startDestination({ mapping: { subscriptions } });
    server.sandbox.fail({ status: 400, when: ({ body }) => JSON.stringify(body).includes('+436641234567') });
    const event = identify('u1', { email: 'ada@example.com', phone: '+436641234567', plan: 'pro' });
    expect(await server.destination.deliver([event])).toMatchObject([
      { status: 'failed', applied: ['update_user', 'add_subscription'], error: { operation: 'add_subscription' } },
    ]);
    expect(server.sandbox.user('u1')).toMatchObject({
      tags: { plan: 'pro' },
      subscriptions: [{ token: 'ada@example.com' }],
    });
  });
});

describe('a profile', () => {
  test('is set with the tags, in one request', async () => {
    const server = await startDestination({ mapping: { profile: true } });
    const event = identify(
      'u1',
      { plan: 'pro' },
      { ...at(1), context: { locale: 'de-AT', location: { latitude: 47.07 } } },
    );
    expect(await server.destination.deliver([event])).toMatchObject([
      { status: 'delivered', applied: ['update_user'] },
    ]);
    expect(server.sandbox.requests()).toMatchObject([
      { body: { properties: { tags: { plan: 'pro' }, language: 'de', lat: 47.07, last_active: 1_714_979_281 } } },
    ]);
  });

  test('of a late event does not undo that of a newer one', async () => {
    const server = await startDestination({ mapping: { profile: ['language', 'country', 'last_active'] } });
    const event = (second: number, context: object) =>
      identify('u1', { plan: `p${second}` }, { ...at(second), context });
    await server.destination.deliver([event(5, { locale: 'de' })]);
    expect(await server.destination.deliver([event(1, { locale: 'fr', location: { country: 'FR' } })])).toMatchObject([
      {
        status: 'delivered',
        dropped: [
          { path: 'traits.plan', reason: 'stale' },
          { path: 'context.locale', reason: 'stale' },
          { path: 'timestamp', reason: 'stale' },
        ],
      },
    ]);
    expect(server.sandbox.requests().map(({ body }) => body)).toEqual([
      { properties: { tags: { plan: 'p5' }, language: 'de', last_active: 1_714_979_285 } },
      { properties: { country: 'FR' } },
    ]);
    expect(await server.destination.deliver([event(2, { locale: 'it' })])).toMatchObject([
      { status: 'skipped', reason: 'stale' },
    ]);
  });
});

describe('an alias', () => {
  const mapping = { alias: { label: 'legacy_id' } };
  const alias = (userId: string, previousId: string) => ({ type: 'alias', userId, previousId });

  test('belongs to the user after delivery', async () => {
    const { sandbox, destination } = await startDestination({ mapping });
    expect(await destination.deliver([alias('u1', 'jen@email.com')])).toMatchObject([
      { status: 'delivered', applied: ['add_alias'] },
    ]);
    expect(sandbox.user('u1')?.aliases).toMatchObject({ legacy_id: 'jen@email.com' });
  });

  test('of another user fails with advice, and without the ids', async () => {
    const { destination } = await startDestination({ mapping });
    await destination.deliver([alias('u1', 'jen@email.com')]);
    const [outcome] = await destination.deliver([alias('u2', 'jen@email.com')]);
    expect(outcome).toMatchObject({
      status: 'failed',
      error: { code: 'conflict', operation: 'add_alias', status: 409 },
    });
    expect(JSON.stringify(outcome)).toMatch(/delete it there or choose another label/);
    expect(JSON.stringify(outcome)).not.toMatch(/jen@|u2/);
  });
});

describe('purchases', () => {
  const mapping = { purchases: true };
  const order = (messageId: string | undefined, price: number) => ({
    type: 'track',
    userId: 'u1',
    messageId,
    event: 'Order Completed',
    properties: { currency: 'EUR', order_id: `o${price}`, products: [{ sku: 'hat', price, quantity: 2 }] },
  });
  const bought = ({ sandbox }: SandboxServer, user = 'u1') =>
    sandbox
      .requests()
      .filter(({ path, status }) => path.endsWith(`/${user}`) && status !== 429)
      .flatMap(({ body }) => (body as { deltas?: { purchases: unknown[] } }).deltas?.purchases ?? []);

  test('are added separately from the tags, and those of one call together', async () => {
    const server = await startDestination({ mapping });
    expect(await server.destination.deliver([order('m1', 1), order('m2', 2)])).toMatchObject([
      { status: 'delivered', applied: ['update_user', 'add_purchases'], dropped: [] },
      { status: 'delivered' },
    ]);
    expect(sent(server)).toEqual(['PATCH /users/by/external_id/u1', 'PATCH /users/by/external_id/u1']);
    expect(bought(server)).toEqual([
      { sku: 'hat', amount: '1', iso: 'EUR', count: 2 },
      { sku: 'hat', amount: '2', iso: 'EUR', count: 2 },
    ]);
  });

  test('count twice when they are delivered twice, unless a store of seen events is given', async () => {
    const without = await startDestination({ mapping });
    await without.destination.deliver([order('m1', 1)]);
    await without.destination.deliver([order('m1', 1)]);
    expect(bought(without)).toHaveLength(2);

    const seen = new Set<string>();
    const server = await startDestination({ mapping, delivery: { seen } });
    await server.destination.deliver([order('m1', 1)]);
    expect(await server.destination.deliver([order('m1', 1), order('m2', 2)])).toMatchObject([
      {
        status: 'delivered',
        applied: ['update_user'],
        dropped: [{ path: 'properties.products', reason: 'duplicate_purchase' }],
      },
      { status: 'delivered', applied: ['update_user', 'add_purchases'] },
    ]);
    expect(bought(server)).toHaveLength(2);
    expect([...seen]).toEqual(['m1/u1', 'm2/u1']);
  });

  test('of an event that is twice in a call count once with the store', async () => {
    const server = await startDestination({ mapping, delivery: { seen: new Set<string>() } });
    await server.destination.deliver([order('m1', 1), order('m1', 1)]);
    expect(bought(server)).toHaveLength(1);
  });

  test('of events without a messageId are added as they come', async () => {
    const server = await startDestination({ mapping, delivery: { seen: new Set<string>() } });
    await server.destination.deliver([order(undefined, 1), order(undefined, 1)]);
    expect(bought(server)).toHaveLength(2);
  });

  test('that OneSignal did not accept are not remembered', async () => {
    const seen = new Set<string>();
    const { sandbox, destination } = await startDestination({ mapping, delivery: { seen } });
    sandbox.fail({ status: 503, when: ({ body }) => JSON.stringify(body).includes('deltas') });
    expect(await destination.deliver([order('m1', 1)])).toMatchObject([
      { status: 'retryable', applied: ['update_user'] },
    ]);
    expect([...seen]).toEqual([]);
  });

  test('are not retried at once without a clear answer, but are after a 429', async () => {
    const isPurchase = ({ body }: { body?: unknown }) => JSON.stringify(body).includes('deltas');
    const server = await startDestination({ mapping, delivery: { retries: 2 } });
    server.sandbox.fail({ drop: 'after', when: isPurchase, times: 1 });
    expect(await server.destination.deliver([order('m1', 1)])).toMatchObject([
      { status: 'retryable', error: { code: 'network' } },
    ]);
    expect(bought(server)).toHaveLength(1);
    server.sandbox.fail({ status: 429, headers: { 'retry-after': '0' }, when: isPurchase, times: 1 });
    expect(await server.destination.deliver([order('m2', 2)])).toMatchObject([{ status: 'delivered' }]);
  });

  test('wait for an asynchronous store, and are retryable if it fails', async () => {
    const slow = new Set<string>(['m1/u1']);
    const store = { has: async (id: string) => slow.has(id), add: async (id: string) => slow.add(id) };
    const server = await startDestination({ mapping, delivery: { seen: store } });
    await server.destination.deliver([order('m1', 1), order('m2', 2)]);
    expect(bought(server)).toHaveLength(1);

    const broken = {
      has: () => Promise.reject(new Error('redis://secret@host is down')),
      add: () => {},
    };
    const down = await startDestination({ mapping, delivery: { seen: broken } });
    const [outcome] = await down.destination.deliver([order('m1', 1)]);
    expect(outcome).toMatchObject({ status: 'retryable', error: { code: 'unavailable', operation: 'add_purchases' } });
    expect(JSON.stringify(outcome)).not.toContain('secret');
    expect(sent(down)).toEqual([]);
  });

  test('that the store fails to remember are counted, and a warning says so', async () => {
    const seen = { has: () => false, add: () => Promise.reject(new Error('redis://secret@host is down')) };
    const server = await startDestination({ mapping, delivery: { seen } });
    const [outcome] = await server.destination.deliver([order('m1', 1)]);
    expect(outcome).toMatchObject({ status: 'delivered', warnings: [{ code: 'purchase_not_remembered' }] });
    expect(JSON.stringify(outcome)).not.toContain('secret');
    expect(bought(server)).toHaveLength(1);
  });

  test('are retryable at the deadline if the store hangs in add, and do not block their user', async () => {
    const seen = { has: () => false, add: () => new Promise(() => {}) };
    const server = await startDestination({ mapping, delivery: { seen, userIntervalMs: 0 } });
    const [late] = await server.destination.deliver([order('m1', 1)], { deadlineMs: 300 });
    expect(late).toMatchObject({ status: 'retryable', error: { code: 'deadline' } });
    const [next] = await server.destination.deliver([identify('u1', { plan: 'pro' })], { deadlineMs: 1_000 });
    expect(next).toMatchObject({ status: 'delivered' });
    // The redelivery knows that the purchase was counted.
    expect(await server.destination.deliver([order('m1', 1)])).toMatchObject([{ status: 'delivered' }]);
    expect(bought(server)).toHaveLength(1);
  });

  test('of one message for two users count for both', async () => {
    const server = await startDestination({ mapping, delivery: { seen: new Set<string>() } });
    await server.destination.deliver([order('m1', 1), { ...order('m1', 1), userId: 'u2' }]);
    expect(bought(server)).toHaveLength(1);
    expect(bought(server, 'u2')).toHaveLength(1);
  });

  test('are not sent again for a caller who has left, when the others of a merged write are retried', async () => {
    const isPurchase = ({ body }: { body?: unknown }) => JSON.stringify(body).includes('deltas');
    const server = await startDestination({ mapping, delivery: { retries: 2 } });
    const controller = new AbortController();
    server.sandbox.fail({ status: 429, headers: { 'retry-after': '1' }, when: isPurchase, times: 1 });
    const leaving = server.destination.deliver([order('m1', 1)], { signal: controller.signal });
    const staying = server.destination.deliver([order('m2', 2)]);
    leaving.catch(() => {});
    while (!server.sandbox.requests().some(({ status }) => status === 429))
      await new Promise((done) => setTimeout(done, 5));
    controller.abort();
    expect(await staying).toMatchObject([{ status: 'delivered' }]);
    expect(bought(server)).toEqual([{ sku: 'hat', amount: '2', iso: 'EUR', count: 2 }]);
  });
});

describe('a deletion', () => {
  const mapping = { deleteUsers: true, customEvents: true, subscriptions } as const;
  const deletion = (userId: string, more: object = {}) => ({
    type: 'delete',
    userId,
    context: null,
    integrations: null,
    ...more,
  });
  const track = (userId: string, event: string, more: object = {}) => ({
    type: 'track',
    userId,
    messageId: event,
    event,
    properties: {},
    ...more,
  });

  test('deletes the user with everything that belongs to it', async () => {
    const { sandbox, destination } = await startDestination({ mapping });
    await destination.deliver([identify('u1', { email: 'ada@example.com', plan: 'pro' })]);
    expect(await destination.deliver([deletion('u1')])).toMatchObject([
      { status: 'delivered', applied: ['delete_user'] },
    ]);
    expect(sandbox.user('u1')).toBeUndefined();
  });

  test('of an unknown user counts as done', async () => {
    const { destination } = await startDestination({ mapping, users: [] });
    expect(await destination.deliver([deletion('u1')])).toMatchObject([
      { status: 'delivered', applied: ['delete_user'] },
    ]);
  });

  test('that cannot be done now is retryable', async () => {
    const { sandbox, destination } = await startDestination({ mapping });
    sandbox.fail({ status: 503 });
    expect(await destination.deliver([deletion('u1')])).toMatchObject([{ status: 'retryable' }]);
  });

  test('comes after older events and before newer ones, in any order of the call', async () => {
    const server = await startDestination({ mapping, delivery: { missingUser: 'create' } });
    const outcomes = await server.destination.deliver([
      deletion('u1', at(2)),
      identify('u1', { plan: 'new' }, at(3)),
      identify('u1', { plan: 'old', email: 'ada@example.com' }, at(1)),
    ]);
    expect(outcomes).toMatchObject([{ status: 'delivered' }, { status: 'delivered' }, { status: 'delivered' }]);
    expect(sent(server)).toEqual(['POST /users', 'DELETE /users/by/external_id/u1', 'POST /users']);
    expect(server.sandbox.user('u1')).toMatchObject({ tags: { plan: 'new' }, subscriptions: [] });
  });

  test('waits for custom events that happened before it', async () => {
    const { sandbox, destination } = await startDestination({ mapping });
    const outcomes = await destination.deliver([
      track('u1', 'Before', at(1)),
      deletion('u1', at(2)),
      track('u1', 'After', at(3)),
    ]);
    expect(outcomes).toMatchObject([
      { status: 'delivered', applied: ['send_custom_events'] },
      { status: 'delivered', applied: ['delete_user'] },
      { status: 'skipped', reason: 'user_not_found' },
    ]);
    expect(sandbox.customEvents().map(({ name }) => name)).toEqual(['Before']);
  });

  test('waits for the custom events of an earlier call, one request at a time', async () => {
    const { sandbox, destination } = await startDestination({ mapping, delivery: { concurrency: 1 } });
    sandbox.fail({ delayMs: 100, times: 1 });
    const [first, second] = await Promise.all([
      destination.deliver([track('u1', 'Before', at(1))]),
      destination.deliver([deletion('u1', at(2))]),
    ]);
    expect([...first, ...second]).toMatchObject([{ status: 'delivered' }, { status: 'delivered' }]);
    expect(sandbox.customEvents().map(({ name }) => name)).toEqual(['Before']);
  });

  test('does not wait for custom events past its deadline', async () => {
    const { sandbox, destination } = await startDestination({ mapping });
    sandbox.fail({ delayMs: 2_000, times: 1 });
    const controller = new AbortController();
    const before = destination.deliver([track('u1', 'Before', at(1))], { signal: controller.signal });
    while (sandbox.requests().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await destination.deliver([deletion('u1', at(2))], { deadlineMs: 50 })).toMatchObject([
      { status: 'retryable', error: { code: 'deadline' } },
    ]);
    controller.abort(new Error('enough'));
    await expect(before).rejects.toThrow('enough');
    expect(sandbox.user('u1')).toBeDefined();
  });

  test('never moves ahead of the events before it, even if it has no time or an earlier one', async () => {
    for (const time of [{}, at(1)]) {
      const { sandbox, destination } = await startDestination({ mapping });
      const outcomes = await destination.deliver([identify('u1', { plan: 'new' }, at(3)), deletion('u1', time)]);
      // After its deletion the user would be unknown, and the identify skipped.
      expect(outcomes).toMatchObject([{ status: 'delivered' }, { status: 'delivered' }]);
      expect(sandbox.user('u1')).toBeUndefined();
    }
  });

  test('is not undone by an older event; a newer one creates the user again', async () => {
    const { sandbox, destination } = await startDestination({ mapping, delivery: { missingUser: 'create' } });
    await destination.deliver([identify('u1', { plan: 'new' }, at(5))]);
    await destination.deliver([deletion('u1', at(6))]);
    expect(await destination.deliver([identify('u1', { plan: 'old', email: 'a@example.com' }, at(1))])).toMatchObject([
      { status: 'skipped', reason: 'stale', dropped: [{ path: 'traits.plan', reason: 'stale' }] },
    ]);
    expect(await destination.deliver([track('u1', 'Late', at(2))])).toMatchObject([{ status: 'skipped' }]);
    expect(sandbox.user('u1')).toBeUndefined();
    await destination.deliver([identify('u1', { plan: 'again' }, at(7))]);
    expect(sandbox.user('u1')?.tags).toEqual({ plan: 'again' });
  });

  test('in an earlier call comes before a custom event of the user who is created again', async () => {
    const { sandbox, destination } = await startDestination({
      mapping: { deleteUsers: true, page: 'custom_event' },
      delivery: { missingUser: 'create' },
    });
    sandbox.fail({ delayMs: 50, when: ({ method }) => method === 'DELETE' });
    const page = { type: 'page', userId: 'u1', name: 'Home', messageId: 'p1', ...at(4) };
    const outcomes = await Promise.all([
      destination.deliver([deletion('u1', at(2))]),
      destination.deliver([identify('u1', { plan: 'again' }, at(3)), page]),
    ]);
    expect(outcomes.flat()).toMatchObject([{ status: 'delivered' }, { status: 'delivered' }, { status: 'delivered' }]);
    expect(sandbox.requests().map(({ method, path }) => `${method} ${path.split('/').at(-1)}`)).toEqual([
      'DELETE u1',
      'POST users',
      'POST custom_events',
    ]);
  });

  test('that fails holds back the newer events of its user, or its redelivery would delete what they wrote', async () => {
    const { sandbox, destination } = await startDestination({ mapping, delivery: { missingUser: 'create' } });
    const events = [
      identify('u1', { plan: 'old' }, at(1)),
      deletion('u1', at(2)),
      identify('u1', { plan: 'again' }, at(3)),
      track('u1', 'Cart Viewed', at(4)),
    ];
    sandbox.fail({ status: 503, times: 1, when: ({ method }) => method === 'DELETE' });
    const outcomes = await destination.deliver(events);
    expect(outcomes.map(({ status }) => status)).toEqual(['delivered', 'retryable', 'retryable', 'retryable']);
    expect(sandbox.customEvents()).toEqual([]);
    expect(await destination.deliver(events)).toMatchObject(events.map(() => ({ status: 'delivered' })));
    expect(sandbox.user('u1')?.tags).toEqual({ plan: 'again' });
  });

  test('that OneSignal refuses holds back nothing', async () => {
    const { sandbox, destination } = await startDestination({ mapping });
    sandbox.fail({ status: 400, when: ({ method }) => method === 'DELETE' });
    const outcomes = await destination.deliver([deletion('u1', at(2)), identify('u1', { plan: 'pro' }, at(3))]);
    expect(outcomes).toMatchObject([{ status: 'failed' }, { status: 'delivered' }]);
  });

  test('whose caller has left holds back the newer events of other callers', async () => {
    const { sandbox, destination } = await startDestination({ mapping, delivery: { missingUser: 'create' } });
    const controller = new AbortController();
    sandbox.fail({ delayMs: 50, times: 1 });
    sandbox.fail({
      delayMs: 5_000,
      when({ method }) {
        if (method === 'DELETE') setTimeout(() => controller.abort('enough'), 10);
        return method === 'DELETE';
      },
    });
    const first = destination.deliver([identify('u1', { plan: 'old' }, at(1))]);
    const leaving = destination.deliver([deletion('u1', at(2))], { signal: controller.signal });
    const newer = destination.deliver([identify('u1', { plan: 'again' }, at(3))]);
    await expect(leaving).rejects.toBe('enough');
    expect([...(await first), ...(await newer)]).toMatchObject([{ status: 'delivered' }, { status: 'retryable' }]);
  });

  test('that is redelivered does not delete a user who was created again since', async () => {
    const { sandbox, destination } = await startDestination({ mapping, delivery: { missingUser: 'create' } });
    await destination.deliver([deletion('u1', at(2))]);
    await destination.deliver([identify('u1', { plan: 'again' }, at(3))]);
    expect(await destination.deliver([deletion('u1', at(2))])).toMatchObject([{ status: 'skipped', reason: 'stale' }]);
    expect(sandbox.user('u1')?.tags).toEqual({ plan: 'again' });
    expect(await destination.deliver([deletion('u1', at(4))])).toMatchObject([{ status: 'delivered' }]);
    expect(sandbox.user('u1')).toBeUndefined();
  });
});

describe('maxAgeMs', () => {
  const delivery = { maxAgeMs: 60_000 };

  test('skips older events without a request', async () => {
    const server = await startDestination({ delivery });
    const young = { timestamp: new Date(Date.now() - 30_000).toISOString() };
    expect(
      await server.destination.deliver([
        identify('u1', { a: 1 }, at(1)),
        identify('u1', { b: 2 }, young),
        identify('u1', { c: 3 }),
      ]),
    ).toMatchObject([
      { status: 'skipped', reason: 'too_old', applied: [], messageId: expect.any(String) },
      { status: 'delivered' },
      { status: 'delivered' },
    ]);
    expect(server.sandbox.user('u1')?.tags).toEqual({ b: '2', c: '3' });
  });

  test('never skips a deletion, because nobody would notice that the user still exists', async () => {
    const { sandbox, destination } = await startDestination({ delivery, mapping: { deleteUsers: true } });
    expect(await destination.deliver([{ type: 'delete', userId: 'u1', ...at(1) }])).toMatchObject([
      { status: 'delivered' },
    ]);
    expect(sandbox.user('u1')).toBeUndefined();
  });
});
