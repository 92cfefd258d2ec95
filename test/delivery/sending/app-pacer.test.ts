import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { systemClock } from '../../../src/clock.js';
import { createAppPacer, type Slot } from '../../../src/delivery/sending/app-pacer.js';
import { type Participant, SharedWork } from '../../../src/delivery/shared-work.js';

beforeEach(() => void vi.useFakeTimers({ now: 1_800_000_000_000 }));
afterEach(() => void vi.useRealTimers());

const participant = (isGone = false): Participant => ({
  isGone,
  deadlineAt: Number.POSITIVE_INFINITY,
  joined: () => {},
  released: () => {},
});
const someWork = (): SharedWork => new SharedWork([participant()]);

interface Asker {
  work: SharedWork;
  /** `undefined` while it waits, `null` once it was cancelled. */
  slot: Slot | null | undefined;
  startedAt: number;
}

function ask(pacer: ReturnType<typeof createAppPacer>, onSlot: (slot: Slot | undefined) => void = () => {}): Asker {
  const asker: Asker = { work: someWork(), slot: undefined, startedAt: Number.NaN };
  const take = (slot: Slot | undefined) => {
    slot?.use();
    asker.slot = slot ?? null;
    asker.startedAt = Date.now();
    onSlot(slot);
  };
  const answer = pacer.acquire(asker.work);
  if (answer instanceof Promise) void answer.then(take);
  else take(answer);
  return asker;
}

/** A request that is answered at once. */
const askBriefly = (pacer: ReturnType<typeof createAppPacer>): Asker => ask(pacer, (slot) => slot?.release());

const hasSlot = ({ slot }: Asker): boolean => slot !== null && slot !== undefined;
const isWaiting = ({ slot }: Asker): boolean => slot === undefined;

test('if there is room, a slot is available at once, without a promise', () => {
  const pacer = createAppPacer({ concurrency: 1, requestsPerSecond: 1_000 }, systemClock);
  expect(pacer.acquire(someWork())).toMatchObject({ isHeld: true });
});

test('work that is already cancelled gets no slot', () => {
  const pacer = createAppPacer({ concurrency: 1, requestsPerSecond: 1_000 }, systemClock);
  expect(pacer.acquire(new SharedWork([participant(true)]))).toBeUndefined();
  expect(pacer.acquire(someWork())).toMatchObject({ isHeld: true });
});

test('a slot that is released twice makes room once', () => {
  const pacer = createAppPacer({ concurrency: 1, requestsPerSecond: 1_000 }, systemClock);
  const first = ask(pacer);
  const waiting = [ask(pacer), ask(pacer)];
  first.slot?.release();
  first.slot?.release();
  expect(first.slot?.isHeld).toBe(false);
  return vi.advanceTimersByTimeAsync(0).then(() => expect(waiting.map(hasSlot)).toEqual([true, false]));
});

test('the limit holds for any window of one second', async () => {
  const pacer = createAppPacer({ concurrency: 1_000, requestsPerSecond: 3 }, systemClock);
  const askers = [askBriefly(pacer), askBriefly(pacer)];
  await vi.advanceTimersByTimeAsync(900);
  for (let index = 0; index < 5; index++) askers.push(askBriefly(pacer));
  await vi.advanceTimersByTimeAsync(2_000);
  const first = askers[0]?.startedAt ?? 0;
  expect(askers.map(({ startedAt }) => startedAt - first)).toEqual([0, 0, 900, 1_000, 1_000, 1_900, 2_000]);
  expect(vi.getTimerCount()).toBe(0);
});

test('a request counts until a second after its answer: OneSignal may have received it just before', async () => {
  const pacer = createAppPacer({ concurrency: 1_000, requestsPerSecond: 1 }, systemClock);
  const first = ask(pacer);
  const second = ask(pacer);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(isWaiting(second)).toBe(true);
  first.slot?.release();
  await vi.advanceTimersByTimeAsync(999);
  expect(isWaiting(second)).toBe(true);
  await vi.advanceTimersByTimeAsync(1);
  expect(hasSlot(second)).toBe(true);
});

test('a slot that was not used does not count', () => {
  const pacer = createAppPacer({ concurrency: 1, requestsPerSecond: 1 }, systemClock);
  const slot = pacer.acquire(someWork());
  if (slot instanceof Promise) throw new Error('there was room');
  slot?.release();
  expect(pacer.acquire(someWork())).toMatchObject({ isHeld: true });
});

test('without a limit per second, only concurrency counts', async () => {
  const pacer = createAppPacer({ concurrency: 5_000, requestsPerSecond: Number.POSITIVE_INFINITY }, systemClock);
  const holders = Array.from({ length: 5_000 }, () => ask(pacer));
  expect(holders.every(hasSlot)).toBe(true);
  const last = ask(pacer);
  expect(isWaiting(last)).toBe(true);
  holders[0]?.slot?.release();
  await vi.advanceTimersByTimeAsync(0);
  expect(hasSlot(last)).toBe(true);
});

test('a limit that is never reached takes no memory for the requests of past seconds', () => {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') throw new Error('there is no gc');
  const pacer = createAppPacer({ concurrency: 1, requestsPerSecond: Number.MAX_SAFE_INTEGER }, systemClock);
  const work = someWork();
  const heldAfter = (seconds: number): number => {
    for (let second = 0; second < seconds; second++) {
      for (let request = 0; request < 1_000; request++) {
        const slot = pacer.acquire(work);
        if (slot instanceof Promise || slot === undefined) throw new Error('there is no slot');
        slot.use();
        slot.release();
      }
      vi.setSystemTime(Date.now() + 1_000);
    }
    collect();
    return process.memoryUsage().heapUsed;
  };
  const before = heldAfter(10);
  // A number for each of a million requests would be at least 4 MB.
  expect(heldAfter(1_000) - before).toBeLessThan(2_000_000);
});

test('a long queue is served in order, without those who left', async () => {
  const pacer = createAppPacer({ concurrency: 1, requestsPerSecond: Number.POSITIVE_INFINITY }, systemClock);
  const holder = ask(pacer);
  const served: number[] = [];
  const size = 20_000;
  for (let index = 0; index < size; index++) {
    const work = someWork();
    void Promise.resolve(pacer.acquire(work)).then((slot) => {
      if (slot === undefined) return;
      served.push(index);
      slot.release();
    });
    // Some in the middle leave.
    if (index % 7 === 3) work.leave();
  }
  holder.slot?.release();
  await vi.advanceTimersByTimeAsync(0);
  expect(served).toEqual(Array.from({ length: size }, (_, index) => index).filter((index) => index % 7 !== 3));
});

test('for any sequence of arrivals, ends, cancellations and waits, the limits hold, the order is first come, first served, and no slot is lost', async () => {
  const step = fc.oneof(
    fc.constant({ kind: 'ask' } as const),
    fc.record({ kind: fc.constant('release' as const), which: fc.nat() }),
    fc.record({ kind: fc.constant('cancel' as const), which: fc.nat() }),
    fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: 700 }) }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 5 }),
      fc.array(step, { maxLength: 80 }),
      async (concurrency, requestsPerSecond, steps) => {
        const pacer = createAppPacer({ concurrency, requestsPerSecond }, systemClock);
        const askers: Asker[] = [];
        const holding: Asker[] = [];
        /** The latest start of the oldest waiter, known from everything that started before. */
        const check = (): void => {
          for (const asker of askers)
            if (hasSlot(asker) && !holding.includes(asker) && !ended.has(asker)) holding.push(asker);
          expect(holding.length).toBeLessThanOrEqual(concurrency);
          const started = askers.filter(hasSlot);
          const times = started.map(({ startedAt }) => startedAt);
          started.forEach((asker, index) => {
            const time = asker.startedAt;
            // From its start until a second after its answer a request counts.
            const counting = started.slice(0, index).filter((earlier) => (ended.get(earlier) ?? time) > time - 1_000);
            expect(counting.length).toBeLessThan(requestsPerSecond);
            // First come, first served: started in the order in which they asked.
            expect(time).toBeGreaterThanOrEqual(times[index - 1] ?? 0);
          });
          const waiting = askers.filter(isWaiting);
          const recent = holding.length + [...ended.values()].filter((time) => time > Date.now() - 1_000).length;
          // Nobody waits without a reason.
          if (waiting.length > 0) expect(holding.length === concurrency || recent >= requestsPerSecond).toBe(true);
          if (waiting.length === 0) expect(vi.getTimerCount()).toBe(0);
        };
        const ended = new Map<Asker, number>();
        for (const move of steps) {
          if (move.kind === 'ask') askers.push(ask(pacer));
          if (move.kind === 'pass') await vi.advanceTimersByTimeAsync(move.ms);
          if (move.kind === 'release' && holding.length > 0) {
            const [asker] = holding.splice(move.which % holding.length, 1);
            if (asker !== undefined) ended.set(asker, Date.now());
            asker?.slot?.release();
          }
          if (move.kind === 'cancel') {
            const waiting = askers.filter(isWaiting);
            const asker = waiting[move.which % Math.max(waiting.length, 1)];
            asker?.work.leave();
          }
          await vi.advanceTimersByTimeAsync(0);
          check();
        }
        // All end: then every slot is free again.
        for (let turn = 0; askers.some(isWaiting) || holding.length > 0; turn++) {
          expect(turn).toBeLessThan(1_000);
          check();
          for (const asker of holding.splice(0)) {
            ended.set(asker, Date.now());
            asker.slot?.release();
          }
          await vi.advanceTimersByTimeAsync(250);
          check();
        }
        await vi.advanceTimersByTimeAsync(1_000);
        const full = Array.from({ length: Math.min(concurrency, requestsPerSecond) }, () => ask(pacer));
        expect(full.every(hasSlot)).toBe(true);
        expect(vi.getTimerCount()).toBe(0);
      },
    ),
    { numRuns: 200 },
  );
});
