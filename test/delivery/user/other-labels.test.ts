import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { createMemoryOrderStore } from '../../../src/delivery/guards/memory-order-store.js';
import type { EventUser, MappingOptions, OrderStore, SegmentEvent } from '../../../src/index.js';
import { recordOf } from '../../../src/record.js';
import type { SandboxOptions } from '../../../src/sandbox/index.js';
import { audience, identify, track } from '../events.js';
import { ago, useFakeTime } from '../fake-time.js';
import { createInMemory, settled } from '../in-memory.js';

useFakeTime();

const customer = { user: { label: 'customer_id' } } as const;
const c1 = { label: 'customer_id', id: 'c1' };
type Options = NonNullable<Parameters<typeof createInMemory>[1]>;

/** A OneSignal that knows one user, by External ID as `ext-1` and by customer id as `c1`. */
function createCustomers(options: Options = {}, sandboxOptions: SandboxOptions = {}) {
  const created = createInMemory(sandboxOptions, { ...options, mapping: { ...customer, ...options.mapping } });
  created.sandbox.addUser({ externalId: 'ext-1', aliases: { customer_id: 'c1' } });
  const requests = () =>
    created.sandbox.requests().map(({ method, path }) => `${method} ${path.split('/').slice(3).join('/')}`);
  return { ...created, requests };
}

describe('users under another label than external_id', () => {
  test('an identify sets the tags of the user who has the alias', async () => {
    const { sandbox, destination, requests } = createCustomers();
    expect(await settled(destination.deliver([identify('c1', { plan: 'pro' })]))).toMatchObject([
      { status: 'delivered', applied: ['update_user'], dropped: [] },
    ]);
    expect(sandbox.user('ext-1')?.tags).toEqual({ plan: 'pro' });
    expect(sandbox.user(c1)).toEqual(sandbox.user('ext-1'));
    expect(requests()).toEqual(['PATCH users/by/customer_id/c1']);
  });

  test('entering an audience makes the user a member of its segment, and leaving it ends that', async () => {
    const { sandbox, destination } = createCustomers();
    await settled(destination.deliver([audience('c1', true, ago(20))]));
    expect(sandbox.segments()).toMatchObject([{ name: 'VIPs', members: ['ext-1'] }]);
    expect(await settled(destination.deliver([audience('c1', false, ago(10))]))).toMatchObject([
      { status: 'delivered' },
    ]);
    expect(sandbox.segments()).toMatchObject([{ members: [] }]);
    expect(await settled(destination.deliver([audience('c1', true, ago(15))]))).toMatchObject([
      { status: 'skipped', reason: 'stale' },
    ]);
  });

  test('subscriptions and purchases go to the user', async () => {
    const { sandbox, destination, requests } = createCustomers({
      mapping: { subscriptions: { email: true, sms: true }, purchases: true },
    });
    const outcomes = await settled(
      destination.deliver([
        identify('c1', { email: 'ada@example.com', phone: '+436641234567' }),
        track('c1', { revenue: 30, currency: 'EUR' }, { event: 'Order Completed' }),
      ]),
    );
    expect(outcomes).toMatchObject([{ status: 'delivered' }, { status: 'delivered' }]);
    expect(sandbox.user('ext-1')?.subscriptions.map(({ token }) => token)).toEqual([
      'ada@example.com',
      '+436641234567',
    ]);
    expect(requests()).toEqual(['PATCH users/by/customer_id/c1', 'POST users', 'PATCH users/by/customer_id/c1']);
    const [, upsert, purchase] = sandbox.requests();
    expect(upsert?.body).toMatchObject({ identity: { customer_id: 'c1' } });
    expect(purchase?.body).toMatchObject({ deltas: { purchases: [{ amount: '30' }] } });
  });

  test('a deletion deletes the user', async () => {
    const { sandbox, destination, requests } = createCustomers({ mapping: { deleteUsers: true } });
    const deletion = { type: 'delete', messageId: 'd1', userId: 'c1', ...ago(1) };
    expect(await settled(destination.deliver([deletion]))).toMatchObject([
      { status: 'delivered', applied: ['delete_user'] },
    ]);
    expect(sandbox.users()).toEqual([]);
    expect(requests()).toEqual(['DELETE users/by/customer_id/c1']);
    expect(await settled(destination.deliver([identify('c1', { plan: 'pro' }, ago(5))]))).toMatchObject([
      { status: 'skipped', reason: 'stale' },
    ]);
  });

  test('an alias goes to the user', async () => {
    const { sandbox, destination } = createCustomers({ mapping: { alias: { label: 'legacy_id' } } });
    const outcomes = await settled(destination.deliver([{ type: 'alias', userId: 'c1', previousId: 'c0' }]));
    expect(outcomes).toMatchObject([{ status: 'delivered', applied: ['add_alias'] }]);
    expect(sandbox.user(c1)?.aliases).toEqual({ customer_id: 'c1', legacy_id: 'c0' });
  });

  test('an unknown user is skipped', async () => {
    const { destination } = createCustomers();
    expect(await settled(destination.deliver([identify('ext-1', { plan: 'pro' })]))).toMatchObject([
      { status: 'skipped', reason: 'user_not_found' },
    ]);
  });

  test("with missingUser 'create', an unknown user is created under the label", async () => {
    const { sandbox, destination } = createCustomers({ delivery: { missingUser: 'create' } });
    await settled(destination.deliver([audience('c2', true)]));
    expect(sandbox.requests()[0]).toMatchObject({
      path: expect.stringMatching(/\/users$/),
      body: { identity: { customer_id: 'c2' }, properties: { tags: { vips: 'true' } } },
    });
    expect(sandbox.user({ label: 'customer_id', id: 'c2' })).toEqual({
      externalId: '',
      tags: { vips: 'true' },
      aliases: { customer_id: 'c2' },
      subscriptions: [],
    });
    expect(sandbox.user('c2')).toBeUndefined();
    expect(sandbox.segments()).toMatchObject([{ members: ['customer_id/c2'] }]);
  });

  test('a user who was just created is known under the label: a 404 is retryable', async () => {
    const { destination } = createCustomers({ delivery: { missingUser: 'create' } }, { visibleAfterMs: 60_000 });
    await settled(destination.deliver([identify('c2', { plan: 'pro' })]));
    expect(await settled(destination.deliver([identify('c2', { plan: null })]))).toMatchObject([
      { status: 'retryable', error: { code: 'unavailable' } },
    ]);
  });

  test('there is no custom event, which is reported, and the tags are written', async () => {
    const { sandbox, destination } = createCustomers({ mapping: { customEvents: true } });
    expect(await settled(destination.deliver([track('c1', { plan: 'pro' })]))).toMatchObject([
      {
        status: 'delivered',
        applied: ['update_user'],
        dropped: [{ path: 'event', reason: 'unsupported_label' }],
      },
    ]);
    expect(sandbox.customEvents()).toEqual([]);
    expect(sandbox.user(c1)?.tags).toEqual({ plan: 'pro' });
  });

  test('the tag limit counts the tags of the user', async () => {
    const { sandbox, destination } = createCustomers({ mapping: { tagLimit: 2 } }, { tagLimit: 2 });
    await settled(destination.deliver([identify('c1', { a: 1, b: 2 })]));
    expect(await settled(destination.deliver([identify('c1', { b: 3, c: 4 })]))).toMatchObject([
      { status: 'delivered', dropped: [{ path: 'traits.c', reason: 'tag_limit' }] },
    ]);
    expect(sandbox.user(c1)?.tags).toEqual({ a: '1', b: '3' });
  });

  test('a refusal does not repeat the id', async () => {
    const { sandbox, destination } = createCustomers();
    sandbox.fail({ status: 400, body: { errors: [{ code: 'request-1', title: 'customer_id c1 is odd' }] } });
    const [outcome] = await settled(destination.deliver([identify('c1', { plan: 'pro' })]));
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'invalid_request' } });
    expect(JSON.stringify(outcome)).not.toMatch(/c1 is odd/);
  });

  test('the dry run shows the requests that are sent', async () => {
    const { sandbox, destination } = createCustomers({ mapping: { deleteUsers: true } });
    const events = [identify('c1', { plan: 'pro' }, ago(2)), { type: 'delete', userId: 'c1', ...ago(1) }];
    const planned = destination.plan(events).requests.map(({ method, path }) => ({ method, path }));
    await settled(destination.deliver(events));
    expect(sandbox.requests()).toMatchObject(planned);
    expect(planned).toHaveLength(2);
  });
});

describe('users under their OneSignal ID', () => {
  const createKnown = (mapping: MappingOptions = {}) => {
    const created = createInMemory({}, { mapping: { user: { label: 'onesignal_id' }, ...mapping } });
    created.sandbox.addUser({ externalId: 'ext-1' });
    return created;
  };
  const unknown = '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a';
  /** The OneSignal ID is known only from an answer. */
  const idOf = async ({ sandbox }: ReturnType<typeof createKnown>): Promise<string> => {
    const response = await sandbox.fetch(
      `https://api.onesignal.com/apps/${unknown}/users/by/external_id/ext-1/identity`,
    );
    return String(recordOf(recordOf(await response.json()).identity).onesignal_id);
  };

  test('custom events name them by it', async () => {
    const known = createKnown({ customEvents: { tags: 'replace' } });
    const userId = await idOf(known);
    expect(await settled(known.destination.deliver([track(userId, { plan: 'pro' })]))).toMatchObject([
      { status: 'delivered', applied: ['send_custom_events'], dropped: [] },
    ]);
    expect(known.sandbox.requests().at(-1)?.body).toMatchObject({ events: [{ onesignal_id: userId }] });
    expect(known.sandbox.customEvents()).toMatchObject([{ external_id: 'ext-1' }]);
  });

  test('a custom event of an unknown user is skipped, and does not affect others', async () => {
    const known = createKnown({ customEvents: { tags: 'replace' } });
    const userId = await idOf(known);
    expect(await settled(known.destination.deliver([track(unknown, {}), track(userId, {})]))).toMatchObject([
      { status: 'skipped', reason: 'user_not_found' },
      { status: 'delivered' },
    ]);
  });

  test('a deletion waits for their custom events', async () => {
    const known = createKnown({ customEvents: { tags: 'replace' }, deleteUsers: true });
    const userId = await idOf(known);
    known.sandbox.fail({ delayMs: 5_000, times: 1 });
    const first = known.destination.deliver([track(userId, {}, ago(2))]);
    await vi.advanceTimersByTimeAsync(1_000);
    const deletion = known.destination.deliver([{ type: 'delete', userId, ...ago(1) }]);
    expect(await settled(first)).toMatchObject([{ status: 'delivered' }]);
    expect(await settled(deletion)).toMatchObject([{ status: 'delivered' }]);
    expect(known.sandbox.customEvents()).toHaveLength(1);
  });

  test("unknown ones cannot be created: with missingUser 'create' the event is skipped", async () => {
    const { destination } = createInMemory(
      {},
      { mapping: { user: { label: 'onesignal_id' } }, delivery: { missingUser: 'create' } },
    );
    expect(await settled(destination.deliver([identify(unknown, { plan: 'pro' })]))).toMatchObject([
      { status: 'skipped', reason: 'user_not_found' },
    ]);
  });
});

describe('two labels with the same id', () => {
  const labels = ['external_id', 'customer_id', 'crm_id'] as const;
  /** The event says under which label its user is known. */
  const user = ({ userId, context }: SegmentEvent): EventUser => ({
    label: String(recordOf(context).label),
    id: userId,
  });
  const under = (label: string, traits: Record<string, unknown>, more: Record<string, unknown> = {}) =>
    identify('7', traits, { messageId: 'm1', context: { label }, ...more });

  /** Three users with the same id, each under a different label. */
  function createThree(options: Options = {}) {
    const created = createInMemory({}, { ...options, mapping: { user, ...options.mapping } });
    created.sandbox.addUser({ externalId: '7' });
    created.sandbox.addUser({ externalId: 'x', aliases: { customer_id: '7' } });
    created.sandbox.addUser({ externalId: 'y', aliases: { crm_id: '7' } });
    return created;
  }

  test('share no queue: their writes do not wait for each other and do not merge', async () => {
    const { sandbox, destination } = createThree({ delivery: { userIntervalMs: 60_000 } });
    const start = Date.now();
    await settled(destination.deliver(labels.map((label) => under(label, { label }))));
    expect(Date.now() - start).toBeLessThan(60_000);
    for (const label of labels) expect(sandbox.user({ label, id: '7' })?.tags).toEqual({ label });
  });

  test('share no progress: operations done for one are not skipped for the other', async () => {
    const { sandbox, destination } = createThree({ delivery: { retries: 0 }, mapping: { purchases: true } });
    const order = (label: string) => ({
      ...under(label, {}, ago(5)),
      type: 'track',
      event: 'Order Completed',
      properties: { revenue: 5, plan: 'pro' },
    });
    const mend = sandbox.fail({ status: 503, when: ({ body }) => JSON.stringify(body).includes('purchases') });
    expect(await settled(destination.deliver([order('external_id')]))).toMatchObject([{ status: 'retryable' }]);
    mend();
    await settled(destination.deliver([order('customer_id')]));
    expect(sandbox.user({ label: 'customer_id', id: '7' })?.tags).toEqual({ revenue: '5', plan: 'pro' });
  });

  test('share no remembered purchase', async () => {
    const seen = new Set<string>();
    const { destination } = createThree({ delivery: { seen }, mapping: { purchases: true } });
    const order = (label: string) => ({
      ...under(label, {}),
      type: 'track',
      event: 'Order Completed',
      properties: { revenue: 5 },
    });
    for (const label of labels)
      expect(await settled(destination.deliver([order(label)]))).toMatchObject([{ status: 'delivered', dropped: [] }]);
    expect([...seen]).toEqual(['m1/7', 'm1/user/customer_id/7', 'm1/user/crm_id/7']);
  });

  test('share no deletion', async () => {
    const { sandbox, destination } = createThree({ mapping: { deleteUsers: true } });
    const events = [
      { type: 'delete', userId: '7', context: { label: 'customer_id' }, ...ago(5) },
      under('external_id', { plan: 'pro' }, ago(10)),
      under('crm_id', { plan: 'free' }, ago(10)),
    ];
    for (const event of events)
      expect(await settled(destination.deliver([event]))).toMatchObject([{ status: 'delivered', dropped: [] }]);
    expect(sandbox.users().map(({ externalId, tags }) => [externalId, tags])).toEqual([
      ['7', { plan: 'pro' }],
      ['y', { plan: 'free' }],
    ]);
  });

  test('share no entry of the order guard: each user ends with the newest of its own values', async () => {
    const step = fc.record({
      label: fc.constantFrom(...labels),
      second: fc.integer({ min: 0, max: 9 }),
      key: fc.constantFrom('a', 'b'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const memory = createMemoryOrderStore();
        const names = new Set<string>();
        const order: OrderStore = {
          ...memory,
          record(name, written) {
            names.add(name);
            return memory.record(name, written);
          },
        };
        const { sandbox, destination } = createThree({ delivery: { order, userIntervalMs: 0 } });
        const expected = new Map(labels.map((label) => [label, new Map<string, number>()]));
        for (const { label, second, key } of steps) {
          await settled(destination.deliver([under(label, { [key]: second }, ago(100 - second))]));
          const own = expected.get(label);
          own?.set(key, Math.max(own.get(key) ?? 0, second));
        }
        for (const [label, values] of expected)
          expect(sandbox.user({ label, id: '7' })?.tags).toEqual(
            Object.fromEntries([...values].map(([key, second]) => [key, String(second)])),
          );
        expect(names.size).toBe(new Set(steps.map(({ label }) => label)).size);
      }),
      { numRuns: 50 },
    );
  });
});

test('a failing user function fails its event, and no other', async () => {
  const user = ({ userId }: SegmentEvent): EventUser => {
    if (userId === 'c0') throw new Error('no such customer');
    return { label: 'customer_id', id: userId };
  };
  const { destination } = createCustomers({ mapping: { user } });
  expect(await settled(destination.deliver([identify('c0', { a: 1 }), identify('c1', { a: 1 })]))).toMatchObject([
    { status: 'failed', error: { code: 'hook_failed' } },
    { status: 'delivered' },
  ]);
});
