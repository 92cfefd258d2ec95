import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Transport } from '../../../src/index.js';
import { destinationOn } from '../destinations.js';
import { audience, identify } from '../events.js';
import { scripted, untilAborted } from '../wire.js';

const one = [identify('u1', { plan: 'pro' })];

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('an attempt that settles late does not hide the next one from an abort', async () => {
  const transport = scripted((_request, _signal, index) =>
    index === 0 ? new Promise((resolve) => setTimeout(resolve, 1_700)) : new Promise(() => {}),
  );
  const controller = new AbortController();
  const destination = destinationOn(transport, { delivery: { timeoutMs: 1_000 } });
  const settled = Promise.allSettled([destination.deliver(one, { signal: controller.signal })]);
  // The first attempt ends at 1,000 ms, its promise at 1,700; the second attempt runs from 1,500 at the latest to 2,000
  // at the earliest.
  await vi.advanceTimersByTimeAsync(1_800);
  expect(transport.signals.map(({ aborted }) => aborted)).toEqual([true, false]);
  controller.abort();
  await settled;
  expect(transport.signals.map(({ aborted }) => aborted)).toEqual([true, true]);
  expect(vi.getTimerCount()).toBe(0);
});

test('one caller’s abort does not take a merged write from another', async () => {
  const answers: (() => void)[] = [];
  const transport = scripted(() => new Promise((resolve) => answers.push(() => resolve({ status: 202 }))));
  const destination = destinationOn(transport);
  const controller = new AbortController();
  const leaving = destination.deliver([identify('u1', { a: 1 })], { signal: controller.signal });
  const staying = destination.deliver([identify('u1', { b: 2 })]);
  await vi.waitFor(() => expect(answers).toHaveLength(1));
  expect(transport.requests[0]?.body).toEqual({ properties: { tags: { a: '1', b: '2' } } });
  controller.abort(new Error('enough'));
  await expect(leaving).rejects.toThrow('enough');
  expect(transport.signals[0]?.aborted).toBe(false);
  answers[0]?.();
  expect(await staying).toMatchObject([{ status: 'delivered' }]);
});

test('a transport that throws synchronously counts as one without an answer', async () => {
  const transport: Transport = {
    send() {
      throw new TypeError('mine');
    },
  };
  expect(await destinationOn(transport, { delivery: { retries: 0 } }).deliver(one)).toMatchObject([
    { status: 'retryable', error: { code: 'network', cause: { name: 'TypeError', message: 'mine' } } },
  ]);
  expect(vi.getTimerCount()).toBe(0);
});

test('an abort from within a transport reaches the signal that it was given', async () => {
  const controller = new AbortController();
  const transport = scripted((_request, signal) => {
    controller.abort(new Error('enough'));
    return untilAborted(signal);
  });
  await expect(destinationOn(transport).deliver(one, { signal: controller.signal })).rejects.toThrow('enough');
  expect(transport.signals[0]?.aborted).toBe(true);
});

test('whatever a transport does, each input has its outcome, nothing is left, and the destination keeps working', async () => {
  const behaviour = fc.constantFrom(
    '202',
    '404',
    '400',
    '503',
    '429',
    '409',
    '401',
    'throws',
    'hangs',
    'garbage',
    'ignores',
  );
  const call = fc.record({
    users: fc.array(fc.constantFrom('u1', 'u2', 'u3'), { minLength: 1, maxLength: 5 }),
    abortAfterMs: fc.option(fc.nat(3_000), { nil: undefined, freq: 2 }),
    startAfterMs: fc.nat(1_000),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(behaviour, { minLength: 1 }),
      fc.array(call, { minLength: 1, maxLength: 4 }),
      fc.boolean(),
      async (behaviours, calls, isCreating) => {
        let open = true;
        const transport = scripted((_request, signal, index) => {
          const does = open ? behaviours[index % behaviours.length] : '202';
          if (does === 'throws') throw new Error('mine');
          if (does === 'hangs') return untilAborted(signal);
          if (does === 'ignores') return new Promise((resolve) => setTimeout(resolve, 2_500, { status: 202 }));
          if (does === 'garbage') return 'garbage';
          if (does === '409') return { status: 409, body: { errors: [{ code: 'entitlements-tag-limit' }] } };
          return { status: Number(does), headers: does === '429' ? { 'retry-after': '1' } : {} };
        });
        const delivery = {
          concurrency: 2,
          timeoutMs: 1_500,
          userIntervalMs: 500,
          missingUser: isCreating ? 'create' : 'skip',
        } as const;
        const destination = destinationOn(transport, { delivery });
        const running = calls.map(async ({ users, abortAfterMs, startAfterMs }) => {
          await new Promise((resolve) => setTimeout(resolve, startAfterMs));
          const controller = new AbortController();
          if (abortAfterMs !== undefined) setTimeout(() => controller.abort(), abortAfterMs);
          const events = users.map((id, index) =>
            index % 2 === 0 ? audience(id, true) : identify(id, { [`t${index}`]: 1, gone: null }),
          );
          const outcomes = await destination
            .deliver(events, { signal: controller.signal, deadlineMs: 8_000 })
            .catch(() => undefined);
          if (abortAfterMs === undefined) expect(outcomes).toHaveLength(users.length);
        });
        await vi.advanceTimersByTimeAsync(12_500);
        await Promise.all(running);
        expect(vi.getTimerCount()).toBe(0);
        for (const { aborted } of transport.signals) expect([true, false]).toContain(aborted);

        open = false;
        await vi.advanceTimersByTimeAsync(60_000);
        const last = destination.deliver(['a', 'b', 'c', 'u1', 'u2', 'u3'].map((id) => identify(id, { plan: 'pro' })));
        await vi.advanceTimersByTimeAsync(5_000);
        for (const { status } of await last) expect(status).toBe('delivered');
        expect(vi.getTimerCount()).toBe(0);
      },
    ),
    { numRuns: 200 },
  );
});
