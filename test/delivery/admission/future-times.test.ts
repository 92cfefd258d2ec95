import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { identify } from '../events.js';
import { createInMemory, settled } from '../in-memory.js';

const now = Date.parse('2026-03-01T12:00:00.000Z');
const inSeconds = (seconds: number) => ({ timestamp: new Date(now + seconds * 1_000).toISOString() });
beforeEach(() => void vi.useFakeTimers({ now }));
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

test('an event from the future counts as of its arrival, so it does not block later events', async () => {
  const { sandbox, destination } = createInMemory({ unknownUsers: 'known' });
  await settled(destination.deliver([identify('u1', { plan: 'ahead' }, inSeconds(3_600))]));
  await vi.advanceTimersByTimeAsync(2_000);
  await settled(destination.deliver([identify('u1', { plan: 'later' }, inSeconds(2))]));
  expect(sandbox.user('u1')?.tags).toEqual({ plan: 'later' });
});

test.each([
  ['before its time has come', 20],
  ['after its time has come', 120],
])('redelivered %s, a future event does not overwrite newer values', async (_, redeliveredAfter) => {
  const { sandbox, destination } = createInMemory({ unknownUsers: 'known' });
  const ahead = identify('u1', { plan: 'ahead', seats: 1 }, inSeconds(60));
  sandbox.fail({ status: 503, headers: { 'retry-after': '30' }, times: 1 });
  expect(await settled(destination.deliver([ahead]))).toMatchObject([{ status: 'retryable' }]);
  await vi.advanceTimersByTimeAsync(10_000);
  await settled(destination.deliver([identify('u1', { plan: 'newer' }, { ...inSeconds(10), messageId: 'm2' })]));
  await vi.advanceTimersByTimeAsync(redeliveredAfter * 1_000);
  expect(await settled(destination.deliver([ahead]))).toMatchObject([
    { status: 'delivered', dropped: [{ path: 'traits.plan', reason: 'stale' }] },
  ]);
  expect(sandbox.user('u1')?.tags).toEqual({ plan: 'newer', seats: '1' });
});
