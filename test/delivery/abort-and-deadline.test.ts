import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Transport } from '../../src/index.js';
import { json, startLocalServer } from '../local-server.js';
import { audience, destinationAt, destinationOn, identify, scripted, untilAborted } from './harness.js';

const late = { status: 'retryable', error: { code: 'deadline' } };
const one = [identify('u1', { plan: 'pro' })];

describe('over a real socket', () => {
  test('an abort rejects with its reason, and leaves no timer, no listener and no request', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
    const before = timers();
    const controller = new AbortController();
    const gone = new Promise((resolve) => {
      void startLocalServer((response) => {
        response.on('close', () => resolve(response.socket?.destroyed ?? true));
        setImmediate(() => controller.abort(new Error('enough')));
      }).then(async ({ url }) => {
        await expect(destinationAt(url).deliver(one, { signal: controller.signal })).rejects.toThrow('enough');
        expect(timers()).toBeLessThanOrEqual(before);
        expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
      }, resolve);
    });
    expect(await gone).toBe(true);
  });

  test('what is in flight at the deadline is aborted and comes back', async () => {
    let closed: Promise<unknown> = Promise.resolve();
    const server = await startLocalServer((response) => {
      closed = new Promise((resolve) => response.on('close', () => resolve(response.socket?.destroyed ?? true)));
    });
    expect(await destinationAt(server.url).deliver(one, { deadlineMs: 100 })).toMatchObject([late]);
    expect(await closed).toBe(true);
    server.answer = json(202, {});
    expect(server.requests).toHaveLength(1);
  });
});

describe('in time', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const outcomesOf = async <Value>(delivering: Promise<Value>, ms: number): Promise<Value> => {
    await vi.advanceTimersByTimeAsync(ms);
    return delivering;
  };

  test('a call that is aborted before it begins sends nothing', async () => {
    const transport = scripted();
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(destinationOn(transport).deliver(one, { signal })).rejects.toThrow('enough');
    expect(transport.requests).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('after the last outcome neither timer nor listener is left', async () => {
    const { signal } = new AbortController();
    await destinationOn(scripted()).deliver(one, { signal });
    expect(vi.getTimerCount()).toBe(0);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test.each<[string, (transport: { hang: Transport; busy: Transport }) => Transport, object]>([
    ['an answer', ({ hang }) => hang, {}],
    ['the next attempt', ({ busy }) => busy, {}],
    ['the user’s next second', () => scripted(), { userIntervalMs: 600_000 }],
    ['room for a request', ({ hang }) => hang, { concurrency: 1 }],
    ['room in the second', () => scripted(), { requestsPerSecond: 1, userIntervalMs: 0 }],
    ['the order store', () => scripted(), { order: { newest: () => new Promise(() => {}), record() {}, forget() {} } }],
  ])('an abort ends the wait for %s, and nothing is left', async (_, choose, delivery) => {
    const transport = choose({
      hang: scripted((_request, signal) => untilAborted(signal)),
      busy: scripted(() => ({ status: 503, headers: { 'retry-after': '4' } })),
    });
    const destination = destinationOn(transport, { delivery });
    const controller = new AbortController();
    const events = Array.from({ length: 3 }, (_value, index) =>
      identify(`u${index}`, { plan: 'pro' }, { timestamp: '2026-03-01T10:00:00Z' }),
    );
    const first = destination.deliver([...events, ...one], { signal: controller.signal });
    await vi.advanceTimersByTimeAsync(10);
    const second = destination.deliver([...one, ...events], { signal: controller.signal });
    await vi.advanceTimersByTimeAsync(10);
    controller.abort(new Error('enough'));
    await Promise.allSettled([first, second]);
    await expect(second).rejects.toThrow('enough');
    await vi.advanceTimersByTimeAsync(0);
    expect(vi.getTimerCount()).toBe(0);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  test.each<[string, number]>([
    ['an answer', 202],
    ['the next attempt', 503],
  ])('the deadline ends the wait for %s: the event comes back, nothing is left', async (_, status) => {
    const transport = scripted((_request, signal) =>
      status === 202 ? untilAborted(signal) : { status, headers: { 'retry-after': '3' } },
    );
    const delivering = destinationOn(transport).deliver([...one, audience('u2', true)], { deadlineMs: 4_000 });
    expect(await outcomesOf(delivering, 4_000)).toMatchObject(
      status === 202 ? [late, late] : [{ status: 'retryable' }, { status: 'retryable' }],
    );
    expect(vi.getTimerCount()).toBe(0);
    for (const signal of transport.signals) expect(signal.aborted).toBe(status === 202);
  });

  test('what is unsent at the deadline is never sent', async () => {
    const transport = scripted();
    const destination = destinationOn(transport, { delivery: { userIntervalMs: 10_000 } });
    await destination.deliver(one);
    const delivering = destination.deliver([identify('u1', { plan: 'free' })], { deadlineMs: 5_000 });
    expect(await outcomesOf(delivering, 5_000)).toMatchObject([late]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(transport.requests).toHaveLength(1);
  });

  test.each([0, -1, Number.NaN])('a deadline of %s ms sends nothing', async (deadlineMs) => {
    const transport = scripted();
    expect(await destinationOn(transport).deliver([...one, audience('u2', true), null], { deadlineMs })).toMatchObject([
      late,
      late,
      { status: 'failed' },
    ]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(transport.requests).toEqual([]);
  });

  test('a deadline beyond what timers take is one that does not come', async () => {
    const transport = scripted();
    expect(await destinationOn(transport).deliver(one, { deadlineMs: Number.POSITIVE_INFINITY })).toMatchObject([
      { status: 'delivered' },
    ]);
    expect(await destinationOn(transport).deliver(one, { deadlineMs: 1e12 })).toMatchObject([{ status: 'delivered' }]);
  });

  test('inputs that are done keep their outcome when others are late', async () => {
    const transport = scripted(({ path }, signal) => (path.endsWith('slow') ? untilAborted(signal) : { status: 202 }));
    const delivering = destinationOn(transport).deliver([identify('fast', { a: 1 }), identify('slow', { a: 1 })], {
      deadlineMs: 1_000,
    });
    expect(await outcomesOf(delivering, 1_000)).toMatchObject([{ status: 'delivered' }, late]);
  });

  test('a transport that ignores its signal delays nobody', async () => {
    const transport = scripted(() => new Promise(() => {}));
    expect(await outcomesOf(destinationOn(transport).deliver(one, { deadlineMs: 1_000 }), 1_000)).toMatchObject([late]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('an attempt longer than timeoutMs is aborted and tried again', async () => {
    const transport = scripted((_request, signal, index) => (index === 0 ? untilAborted(signal) : { status: 202 }));
    const delivering = destinationOn(transport, { delivery: { timeoutMs: 1_000 } }).deliver(one);
    expect(await outcomesOf(delivering, 10_000)).toMatchObject([{ status: 'delivered' }]);
    expect(transport.signals.map(({ aborted }) => aborted)).toEqual([true, false]);
  });

  test('an attempt that settles late does not hide the next one from an abort', async () => {
    const transport = scripted((_request, _signal, index) =>
      index === 0 ? new Promise((resolve) => setTimeout(resolve, 1_700)) : new Promise(() => {}),
    );
    const controller = new AbortController();
    const destination = destinationOn(transport, { delivery: { timeoutMs: 1_000 } });
    const settled = Promise.allSettled([destination.deliver(one, { signal: controller.signal })]);
    // The first attempt ends at 1,000 ms, its promise at 1,700; the second attempt runs from 1,500 at the latest to 2,000 at the earliest.
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

  test('when all callers of a merged write are gone, it is aborted', async () => {
    const transport = scripted((_request, signal) => untilAborted(signal));
    const destination = destinationOn(transport);
    const controllers = [new AbortController(), new AbortController()];
    const calls = controllers.map(({ signal }, index) =>
      destination.deliver([identify('u1', { [`t${index}`]: 1 })], { signal }),
    );
    const settled = Promise.allSettled(calls);
    await vi.waitFor(() => expect(transport.requests).toHaveLength(1));
    for (const controller of controllers) controller.abort();
    await settled;
    expect(transport.signals[0]?.aborted).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('an abort from a hook, in the middle of the call, sends nothing more', async () => {
    const transport = scripted();
    const controller = new AbortController();
    const onOutcome = () => controller.abort(new Error('enough'));
    const destination = destinationOn(transport, { hooks: { onOutcome } });
    const events = [null, ...one, audience('u2', true)];
    await expect(destination.deliver(events, { signal: controller.signal })).rejects.toThrow('enough');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(transport.requests).toEqual([]);
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

  test('whatever a transport does, each input has its outcome, nothing is left, and the destination works on', async () => {
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
          const last = destination.deliver(
            ['a', 'b', 'c', 'u1', 'u2', 'u3'].map((id) => identify(id, { plan: 'pro' })),
          );
          await vi.advanceTimersByTimeAsync(5_000);
          for (const { status } of await last) expect(status).toBe('delivered');
          expect(vi.getTimerCount()).toBe(0);
        },
      ),
      { numRuns: 200 },
    );
  });
});
