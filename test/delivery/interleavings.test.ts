import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createDestination, type Outcome } from '../../src/index.js';
import { appId } from './destinations.js';
import { identify } from './events.js';
import { createRandom } from './stream.js';
import { type Arrival, createWire, tagsOf, userOf } from './wire.js';

const now = Date.parse('2026-03-01T12:00:00.000Z');
const userIntervalMs = 1_000;
const concurrency = 2;
beforeEach(() => void vi.useFakeTimers({ now }));
afterEach(() => void vi.useRealTimers());

/** How OneSignal handles a request: what it does at once, and which answer comes back after how long. */
const behaviour = fc.record({
  kind: fc.constantFrom('ok', 'ok', 'ok', 'cut before', 'cut after', 'outage', 'limited', 'limited long', 'silent'),
  latencyMs: fc.integer({ min: 0, max: 2_500 }),
} as const);
type Behaviour = typeof behaviour extends fc.Arbitrary<infer Value> ? Value : never;

/** An event in a call; `age` sets its time, and each age is used once. */
const draft = fc.record({
  user: fc.constantFrom('u1', 'u2', 'u3'),
  keys: fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { minLength: 1 }),
  poisonDie: fc.integer({ min: 0, max: 9 }),
});
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('deliver' as const),
      drafts: fc.array(draft, { minLength: 1, maxLength: 4 }),
      deadlineMs: fc.constantFrom(120_000, 120_000, 2_500, 400),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: 2_000 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('abort' as const), which: fc.nat() }) },
);

interface Sent {
  input: ReturnType<typeof identify> & { messageId: string; timestamp: string };
  at: number;
  isPoison: boolean;
}

/** A OneSignal that keeps tags, refuses poison, fails as told, and watches the limits. */
function createModel(behaviours: readonly Behaviour[]) {
  const state = new Map<string, string>();
  /** Everything that was ever written: `user key value`. */
  const written = new Set<string>();
  const perUser = new Map<string, { startedAt: number; inFlight: number }>();
  const broken: string[] = [];
  let inFlight = 0;
  let turn = 0;
  let isWell = false;
  const wire = createWire((arrival) => {
    const user = userOf(arrival);
    const before = perUser.get(user) ?? { startedAt: Number.NEGATIVE_INFINITY, inFlight: 0 };
    if (arrival.at - before.startedAt < userIntervalMs) broken.push('a user was written to too soon');
    if (before.inFlight > 0) broken.push('two writes of one user were in flight');
    if (++inFlight > concurrency) broken.push('too much was in flight');
    const here = { startedAt: arrival.at, inFlight: 1 };
    perUser.set(user, here);
    const leave = () => {
      if (here.inFlight === 0) return false;
      here.inFlight = 0;
      inFlight--;
      return true;
    };
    const { kind, latencyMs } = isWell
      ? ({ kind: 'ok', latencyMs: 0 } as const)
      : (behaviours[turn++ % behaviours.length] ?? ({ kind: 'ok', latencyMs: 0 } as const));
    const isRefused = JSON.stringify(tagsOf(arrival)).includes('poison');
    if ((kind === 'ok' || kind === 'cut after') && !isRefused)
      for (const [key, value] of Object.entries(tagsOf(arrival) ?? {})) {
        state.set(`${user} ${key}`, String(value));
        written.add(`${user} ${key} ${String(value)}`);
      }
    const timer = setTimeout(
      () => leave() && answer(arrival, isRefused && kind === 'ok' ? 'refused' : kind),
      latencyMs,
    );
    arrival.signal.addEventListener('abort', () => {
      clearTimeout(timer);
      leave();
    });
  });
  return {
    wire,
    state,
    written,
    broken,
    heal: () => {
      isWell = true;
    },
    inFlight: () => inFlight,
  };
}

function answer({ answer: say, cut }: Arrival, kind: Behaviour['kind'] | 'refused'): void {
  if (kind === 'ok') say(202, {});
  else if (kind === 'refused') say(400, { errors: ['poison'] });
  else if (kind === 'outage') say(503, {});
  else if (kind === 'limited') say(429, {}, { 'retry-after': '2' });
  else if (kind === 'limited long') say(429, {}, { 'retry-after': '60' });
  else if (kind !== 'silent') cut();
  // Silence ends with the timeout of the attempt.
  else return;
}

test('any interleaving of calls, failures and aborts: one outcome per input, every report is true, and the rest is safe to send again', {
  timeout: 300_000,
}, async () => {
  const law = fc.asyncProperty(
    fc.array(step, { minLength: 1, maxLength: 25 }),
    fc.array(behaviour, { minLength: 1, maxLength: 12 }),
    fc.integer(),
    async (steps, behaviours, seed) => {
      vi.setSystemTime(now);
      const random = createRandom(seed);
      const model = createModel(behaviours);
      const destination = createDestination({
        appId,
        transport: model.wire.transport,
        delivery: { userIntervalMs, concurrency, timeoutMs: 4_000 },
      });
      const all: Sent[] = [];
      const again: Sent[] = [];
      const poisoned: Sent[] = [];
      const calls: { controller: AbortController; settled: Promise<void> }[] = [];

      /** The value shows which event wrote it. */
      const make = ({ user, keys, poisonDie }: { user: string; keys: readonly string[]; poisonDie: number }): Sent => {
        const isPoison = poisonDie === 0;
        const at = now - 60_000 - Math.floor(random() * 1_000) * 1_000 - all.length;
        const value = `${isPoison ? 'poison' : 'at'}${at}`;
        const more = { messageId: `m${all.length}`, timestamp: new Date(at).toISOString() };
        const sent = {
          input: { ...identify(user, Object.fromEntries(keys.map((key) => [key, value]))), ...more },
          at,
          isPoison,
        };
        all.push(sent);
        return sent;
      };
      const writtenTimes = (user: string, key: string) =>
        [...model.written]
          .filter((entry) => entry.startsWith(`${user} ${key} at`))
          .map((entry) => Number(entry.split(' at')[1]));
      const judge = (sent: Sent, outcome: Outcome | undefined): void => {
        expect(outcome?.messageId).toBe(sent.input.messageId);
        if (outcome === undefined || outcome.status === 'retryable') {
          again.push(sent);
          return;
        }
        if (outcome.status === 'failed') {
          expect(sent.isPoison).toBe(true);
          poisoned.push(sent);
          return;
        }
        const stale = new Set(outcome.dropped.map(({ path }) => path.replace('traits.', '')));
        if (outcome.status === 'skipped') expect(outcome.reason).toBe('stale');
        for (const key of Object.keys(sent.input.traits)) {
          // Delivered: it is there, or something newer is. Stale: something newer is.
          const times = writtenTimes(sent.input.userId, key);
          expect(times.some((time) => (stale.has(key) ? time > sent.at : time >= sent.at))).toBe(true);
        }
      };
      const deliver = (batch: readonly Sent[], deadlineMs: number): void => {
        const controller = new AbortController();
        const { signal } = controller;
        const settled = destination
          .deliver(
            batch.map(({ input }) => input),
            { signal, deadlineMs },
          )
          .then(
            (outcomes) => {
              expect(outcomes).toHaveLength(batch.length);
              batch.forEach((sent, index) => void judge(sent, outcomes[index]));
            },
            (reason) => {
              expect(reason).toBe('left');
              again.push(...batch);
            },
          );
        calls.push({ controller, settled });
      };

      for (const move of steps) {
        if (move.kind === 'deliver') deliver(move.drafts.map(make), move.deadlineMs);
        if (move.kind === 'pass') await vi.advanceTimersByTimeAsync(move.ms);
        if (move.kind === 'abort') calls[move.which % Math.max(calls.length, 1)]?.controller.abort('left');
      }
      // No call takes longer than its deadline.
      await vi.advanceTimersByTimeAsync(120_000);
      await Promise.all(calls.splice(0).map(({ settled }) => settled));
      expect(model.inFlight()).toBe(0);
      expect(vi.getTimerCount()).toBe(0);

      // OneSignal recovers; the queue delivers again, in any order.
      model.heal();
      for (let round = 0; again.length > 0; round++) {
        expect(round).toBeLessThan(20);
        const left = again.splice(0).sort(() => random() - 0.5);
        while (left.length > 0) deliver(left.splice(0, 1 + Math.floor(random() * 3)), 120_000);
        await vi.advanceTimersByTimeAsync(120_000);
        await Promise.all(calls.splice(0).map(({ settled }) => settled));
      }
      const expected = new Map<string, string>();
      for (const { input, isPoison } of all.toSorted((a, b) => a.at - b.at))
        if (!isPoison)
          for (const [key, value] of Object.entries(input.traits))
            expected.set(`${input.userId} ${key}`, String(value));
      expect(new Map([...model.state].sort())).toEqual(new Map([...expected].sort()));
      expect(vi.getTimerCount()).toBe(0);
      expect(model.broken).toEqual([]);
    },
  );
  await fc.assert(law, { numRuns: Number(process.env.RUNS ?? 150) });
});
