import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Operation } from '../../src/index.js';
import { settled } from './in-memory.js';
import { createPlanDelivery, planned } from './planned.js';
import { createWire } from './wire.js';

beforeEach(() => void vi.useFakeTimers({ now: Date.parse('2026-03-01T12:00:00.000Z') }));
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const user = { label: 'external_id', id: 'u1' };
const operations: Operation[] = [
  { type: 'update_user', user, tags: { vips: 'true' } },
  { type: 'add_subscription', user, subscription: { type: 'Email', token: 'a@example.com' } },
  {
    type: 'ensure_segment',
    name: 'vips',
    filters: [{ field: 'tag', key: 'vips', relation: '=', value: 'true' }],
  },
];
const kinds = { ok: 202, missing: 404, refused: 400, outage: 503, unauthorized: 401 } as const;
type Kind = keyof typeof kinds;

/** Which of the three requests is this? */
const operationOf = (method: string, path: string) =>
  path.endsWith('/segments') ? 2 : path.endsWith('/subscriptions') ? 1 : method === 'PATCH' ? 0 : -1;

async function deliverWith(answers: readonly Kind[]) {
  const wire = createWire(({ request, answer }) =>
    answer(kinds[answers[operationOf(request.method, request.path)] ?? 'ok'], {}),
  );
  const deliver = createPlanDelivery(wire.transport, { retries: 0, userIntervalMs: 0 });
  const [outcome] = await settled(deliver([planned(operations)]));
  return { outcome, asked: wire.arrivals.map(({ request }) => operationOf(request.method, request.path)) };
}

const delivered = { status: 'delivered' };
const failed = { status: 'failed', error: { code: 'invalid_request' } };
const skipped = { status: 'skipped', reason: 'user_not_found' };
const outage = { status: 'retryable', error: { code: 'unavailable' } };
const unauthorized = { status: 'retryable', error: { code: 'unauthorized' }, retryAfterMs: 60_000 };

test.each([
  // update_user, add_subscription, ensure_segment → outcome, requests sent
  [['ok', 'ok', 'ok'], delivered, [0, 1, 2]],
  [['ok', 'refused', 'ok'], failed, [0, 1, 2]],
  [['refused', 'ok', 'ok'], failed, [0, 1]],
  [['refused', 'outage', 'ok'], outage, [0, 1]],
  [['refused', 'missing', 'ok'], failed, [0, 1]],
  [['missing', 'ok', 'ok'], skipped, [0]],
  // The user exists: its tags were just accepted.
  [['ok', 'missing', 'ok'], outage, [0, 1]],
  [['outage', 'ok', 'ok'], outage, [0]],
  [['ok', 'outage', 'ok'], outage, [0, 1]],
  [['unauthorized', 'ok', 'ok'], unauthorized, [0]],
  [['ok', 'unauthorized', 'ok'], unauthorized, [0, 1]],
  [['ok', 'ok', 'outage'], outage, [0, 1, 2]],
  [['ok', 'ok', 'unauthorized'], unauthorized, [0, 1, 2]],
  [['ok', 'ok', 'refused'], { ...delivered, warnings: [{ code: 'segment_not_created' }] }, [0, 1, 2]],
  [['ok', 'refused', 'refused'], { ...failed, warnings: [{ code: 'segment_not_created' }] }, [0, 1, 2]],
  // A segment can turn delivered into retryable, but not failed.
  [['ok', 'refused', 'outage'], failed, [0, 1, 2]],
] as const)('tags, subscription and segment answered %j make the event %o', async (answers, expected, asked) => {
  const result = await deliverWith(answers);
  expect(result.outcome).toMatchObject(expected);
  expect(result.asked).toEqual(asked);
});

test('a redelivery repeats all operations', async () => {
  let isDown = true;
  const wire = createWire(({ request, answer }) => {
    const isSubscription = operationOf(request.method, request.path) === 1;
    answer(isSubscription && isDown ? 503 : 202, {});
  });
  const deliver = createPlanDelivery(wire.transport, { retries: 0, userIntervalMs: 0 });
  expect(await settled(deliver([planned(operations)]))).toMatchObject([outage]);
  isDown = false;
  expect(await settled(deliver([planned(operations)]))).toMatchObject([delivered]);
  expect(wire.arrivals.map(({ request }) => operationOf(request.method, request.path))).toEqual([0, 1, 0, 1, 2]);
});
