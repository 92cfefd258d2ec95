import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createDestination, type LimitStore, type Reservation, type Transport } from '../../../src/index.js';

const appId = '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a';
const identify = (index: number) => ({ type: 'identify', userId: `u${index}`, traits: { plan: 'pro' } });

beforeEach(() => void vi.useFakeTimers({ now: 1_800_000_000_000 }));
afterEach(() => void vi.useRealTimers());

function sending(reserve: LimitStore['reserve']) {
  const times: number[] = [];
  const transport: Transport = {
    async send() {
      times.push(Date.now() - 1_800_000_000_000);
      return { status: 202, headers: {}, body: {} };
    },
  };
  const share = vi.fn();
  const destination = createDestination({ appId, transport, delivery: { limits: { reserve, share } } });
  return { destination, times, share };
}

test('each request leaves at its reserved time, and requests of the same moment are reserved together', async () => {
  const reserve = vi.fn(async (count: number): Promise<Reservation> => {
    return { afterMs: Array.from({ length: Math.min(count, 2) }, (_, index) => 10 + index * 100), validMs: 50 };
  });
  const { destination, times } = sending(reserve);
  const delivering = destination.deliver([identify(1), identify(2), identify(3)]);
  await vi.runAllTimersAsync();
  expect((await delivering).map(({ status }) => status)).toEqual(['delivered', 'delivered', 'delivered']);
  expect(reserve.mock.calls).toEqual([[3], [1]]);
  expect(times).toEqual([10, 10, 110]);
});

test('a request that has missed its time is reserved again', async () => {
  const reserve = vi.fn(async (): Promise<Reservation> => ({ afterMs: [10], validMs: 50 }));
  const { destination, times } = sending(reserve);
  const delivering = destination.deliver([identify(1)]);
  await vi.advanceTimersByTimeAsync(1);
  // The process freezes.
  vi.setSystemTime(Date.now() + 200);
  await vi.runAllTimersAsync();
  await delivering;
  expect(reserve).toHaveBeenCalledTimes(2);
  expect(times).toHaveLength(1);
});

test('the answer of a store that is too slow is no longer valid when it arrives', async () => {
  let calls = 0;
  const { destination, times } = sending(async () => {
    calls++;
    if (calls === 1) await new Promise((resolve) => setTimeout(resolve, 500));
    return { afterMs: [0], validMs: 50 };
  });
  const delivering = destination.deliver([identify(1)]);
  await vi.runAllTimersAsync();
  await delivering;
  expect([calls, times]).toEqual([2, [500]]);
});

test('a store that fails, or has nothing free, is asked again until the deadline', async () => {
  const answers = [
    () => Promise.reject(new Error('away')),
    () => Promise.resolve({ afterMs: [], validMs: 50, retryAfterMs: 100 }),
    () => Promise.resolve({ afterMs: [0], validMs: 50 }),
  ];
  const { destination, times } = sending(async () =>
    (answers.shift() ?? answers[0] ?? (() => Promise.reject(new Error())))(),
  );
  const first = destination.deliver([identify(1)]);
  await vi.runAllTimersAsync();
  expect(await first).toMatchObject([{ status: 'delivered' }]);
  expect(times).toEqual([600]);
  const second = destination.deliver([identify(2)], { deadlineMs: 3_000 });
  await vi.advanceTimersByTimeAsync(3_000);
  expect(await second).toMatchObject([{ status: 'retryable' }]);
  await vi.runAllTimersAsync();
  expect([times.length, vi.getTimerCount()]).toEqual([1, 0]);
});
