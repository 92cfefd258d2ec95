import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createPacer } from '../../../src/delivery/sending/pacer.js';
import { createFlight, type Flight, leave, type Passenger } from '../../../src/delivery/shared-work.js';

beforeEach(() => void vi.useFakeTimers({ now: 1_800_000_000_000 }));
afterEach(() => void vi.useRealTimers());

const passenger = (): Passenger => ({ gone: false, deadlineAt: Number.POSITIVE_INFINITY, flights: [] });
const someFlight = (): Flight => createFlight([passenger()]);

interface Asker {
  passenger: Passenger;
  flight: Flight;
  /** `undefined` while it waits. */
  place: boolean | undefined;
  startedAt: number;
}

function ask(pacer: ReturnType<typeof createPacer>): Asker {
  const waiting = passenger();
  const asker: Asker = {
    passenger: waiting,
    flight: createFlight([waiting]),
    place: undefined,
    startedAt: Number.NaN,
  };
  const take = (place: boolean) => {
    asker.place = place;
    asker.startedAt = Date.now();
  };
  const place = pacer.acquire(asker.flight);
  if (typeof place === 'boolean') take(place);
  else void place.then(take);
  return asker;
}

test('where there is room, a place is there at once, without a promise', () => {
  const pacer = createPacer({ concurrency: 1, requestsPerSecond: 1_000 });
  expect(pacer.acquire(someFlight())).toBe(true);
});

test('work that is cancelled already gets no place', () => {
  const pacer = createPacer({ concurrency: 1, requestsPerSecond: 1_000 });
  const gone: Passenger = { gone: true, deadlineAt: 0, flights: [] };
  expect(pacer.acquire(createFlight([gone]))).toBe(false);
  expect(pacer.acquire(someFlight())).toBe(true);
});

test('the limit holds for every second, wherever it begins', async () => {
  const pacer = createPacer({ concurrency: 1_000, requestsPerSecond: 3 });
  const askers = [ask(pacer), ask(pacer)];
  await vi.advanceTimersByTimeAsync(900);
  askers.push(ask(pacer), ask(pacer), ask(pacer), ask(pacer), ask(pacer));
  await vi.advanceTimersByTimeAsync(2_000);
  const first = askers[0]?.startedAt ?? 0;
  expect(askers.map(({ startedAt }) => startedAt - first)).toEqual([0, 0, 900, 1_000, 1_000, 1_900, 2_000]);
  expect(vi.getTimerCount()).toBe(0);
});

test('without a limit a second only concurrency counts', async () => {
  const pacer = createPacer({ concurrency: 5_000, requestsPerSecond: Number.POSITIVE_INFINITY });
  expect(Array.from({ length: 5_000 }, () => ask(pacer)).every(({ place }) => place === true)).toBe(true);
  const last = ask(pacer);
  expect(last.place).toBeUndefined();
  pacer.release();
  await vi.advanceTimersByTimeAsync(0);
  expect(last.place).toBe(true);
});

test('a long queue is served in order, without those who left', async () => {
  const pacer = createPacer({ concurrency: 1, requestsPerSecond: Number.POSITIVE_INFINITY });
  void pacer.acquire(someFlight());
  const served: number[] = [];
  const size = 20_000;
  for (let index = 0; index < size; index++) {
    const waiting = passenger();
    void Promise.resolve(pacer.acquire(createFlight([waiting]))).then((place) => {
      if (!place) return;
      served.push(index);
      pacer.release();
    });
    // Some in the middle go away.
    if (index % 7 === 3) leave(waiting);
  }
  pacer.release();
  await vi.advanceTimersByTimeAsync(0);
  expect(served).toEqual(Array.from({ length: size }, (_, index) => index).filter((index) => index % 7 !== 3));
});

test('for any sequence of arrivals, ends, cancellations and time: limits hold, the first come is served first, no place is lost', async () => {
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
        const pacer = createPacer({ concurrency, requestsPerSecond });
        const askers: Asker[] = [];
        const holding: Asker[] = [];
        /** When the oldest waiter may start at the latest: known from all that started before. */
        const check = (): void => {
          for (const asker of askers)
            if (asker.place === true && !holding.includes(asker) && !ended.has(asker)) holding.push(asker);
          expect(holding.length).toBeLessThanOrEqual(concurrency);
          const started = askers.filter(({ place }) => place === true);
          const times = started.map(({ startedAt }) => startedAt);
          times.forEach((time, index) => {
            const earlier = times[index - requestsPerSecond];
            if (earlier !== undefined) expect(time - earlier).toBeGreaterThanOrEqual(1_000);
            // First come, first served: started in the order in which they asked.
            expect(time).toBeGreaterThanOrEqual(times[index - 1] ?? 0);
          });
          const waiting = askers.filter(({ place }) => place === undefined);
          const recent = times.filter((time) => time > Date.now() - 1_000).length;
          // Nobody waits without a cause.
          if (waiting.length > 0) expect(holding.length === concurrency || recent >= requestsPerSecond).toBe(true);
          if (waiting.length === 0) expect(vi.getTimerCount()).toBe(0);
        };
        const ended = new Set<Asker>();
        for (const move of steps) {
          if (move.kind === 'ask') askers.push(ask(pacer));
          if (move.kind === 'pass') await vi.advanceTimersByTimeAsync(move.ms);
          if (move.kind === 'release' && holding.length > 0) {
            const [asker] = holding.splice(move.which % holding.length, 1);
            if (asker !== undefined) ended.add(asker);
            pacer.release();
          }
          if (move.kind === 'cancel') {
            const waiting = askers.filter(({ place }) => place === undefined);
            const asker = waiting[move.which % Math.max(waiting.length, 1)];
            if (asker !== undefined) leave(asker.passenger);
          }
          await vi.advanceTimersByTimeAsync(0);
          check();
        }
        // All end: then every place is free again.
        for (let turn = 0; askers.some(({ place }) => place === undefined) || holding.length > 0; turn++) {
          expect(turn).toBeLessThan(1_000);
          check();
          for (const asker of holding.splice(0)) {
            ended.add(asker);
            pacer.release();
          }
          await vi.advanceTimersByTimeAsync(250);
          check();
        }
        await vi.advanceTimersByTimeAsync(1_000);
        const full = Array.from({ length: Math.min(concurrency, requestsPerSecond) }, () => ask(pacer));
        expect(full.every(({ place }) => place === true)).toBe(true);
        expect(vi.getTimerCount()).toBe(0);
      },
    ),
    { numRuns: 200 },
  );
});
