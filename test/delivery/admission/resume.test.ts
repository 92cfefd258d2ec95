import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { identify } from '../events.js';
import { createInMemory, settled } from '../in-memory.js';

beforeEach(() => void vi.useFakeTimers({ now: Date.parse('2026-03-01T12:00:00.000Z') }));
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const mapping = { subscriptions: { email: true, sms: true, push: true }, purchases: true } as const;
const order = {
  type: 'track',
  userId: 'u1',
  messageId: 'order',
  event: 'Order Completed',
  properties: { currency: 'EUR', order_id: 'o1', products: [{ sku: 'hat', price: 10 }] },
};
const wantedBy = ({ body }: { body?: unknown }, text: string) => JSON.stringify(body).includes(text);

test('a redelivery resumes where the event stopped: accepted operations are not sent again', async () => {
  const { sandbox, destination } = createInMemory({ unknownUsers: 'known' }, { mapping });
  const event = identify('u1', { plan: 'pro', email: 'ada@example.com', phone: '+436641234567' });
  const mend = sandbox.fail({
    status: 503,
    headers: { 'retry-after': '60' },
    when: (request) => wantedBy(request, 'ada@'),
  });
  expect(await settled(destination.deliver([event]))).toMatchObject([
    { status: 'retryable', applied: ['update_user'] },
  ]);
  mend();
  const before = sandbox.requests().length;
  expect(await settled(destination.deliver([event]))).toMatchObject([
    { status: 'delivered', applied: ['update_user', 'add_subscription'] },
  ]);
  expect(
    sandbox
      .requests()
      .slice(before)
      .some((request) => wantedBy(request, 'plan')),
  ).toBe(false);
  expect(sandbox.user('u1')?.subscriptions).toHaveLength(2);
});

test('an event with 450 tags is finished by its redeliveries, however short the deadline', async () => {
  const { sandbox, destination } = createInMemory({ unknownUsers: 'known', rateLimits: true });
  const traits = Object.fromEntries(Array.from({ length: 450 }, (_, index) => [`t${index}`, index]));
  const event = identify('u1', traits);
  sandbox.fail({ delayMs: 800 });
  let [outcome] = await settled(destination.deliver([event], { deadlineMs: 4_500 }));
  let deliveries = 1;
  for (; outcome.status === 'retryable' && deliveries < 10; deliveries++)
    [outcome] = await settled(destination.deliver([event], { deadlineMs: 4_500 }));
  expect(outcome.status).toBe('delivered');
  const reported = outcome.dropped.filter(({ reason }) => reason === 'too_many_tags').length;
  expect(Object.keys(sandbox.user('u1')?.tags ?? {}).length + reported).toBe(450);
  expect(deliveries).toBeLessThan(5);
});

test('purchases that were accepted after the caller had left are not counted again by the redelivery', async () => {
  const { sandbox, destination } = createInMemory({ unknownUsers: 'known' }, { mapping });
  const second = { ...order, messageId: 'order-2', properties: { ...order.properties, order_id: 'o2' } };
  sandbox.fail({ delayMs: 5_000, when: (request) => wantedBy(request, 'deltas') });
  const controller = new AbortController();
  const leaving = destination.deliver([order], { signal: controller.signal });
  leaving.catch(() => {});
  const staying = destination.deliver([second]);
  await vi.advanceTimersByTimeAsync(3_000);
  controller.abort();
  expect(await settled(staying)).toMatchObject([{ status: 'delivered' }]);
  expect(await settled(destination.deliver([order]))).toMatchObject([{ status: 'delivered' }]);
  const counted = sandbox
    .requests()
    .flatMap(({ body }) => (body as { deltas?: { purchases: unknown[] } }).deltas?.purchases ?? []);
  expect(counted).toHaveLength(2);
});

test('of a changed event with the same messageId, only the new parts are sent', async () => {
  const { sandbox, destination } = createInMemory({ unknownUsers: 'known' }, { mapping });
  const mend = sandbox.fail({
    status: 503,
    headers: { 'retry-after': '60' },
    when: (request) => wantedBy(request, 'ada@'),
  });
  await settled(destination.deliver([identify('u1', { plan: 'pro', city: 'Graz', email: 'ada@example.com' })]));
  mend();
  await settled(destination.deliver([identify('u1', { plan: 'team', city: 'Graz', email: 'ada@example.com' })]));
  expect(sandbox.user('u1')?.tags).toEqual({ plan: 'team', city: 'Graz' });
});
