import { describe, expect, test } from 'vitest';
import { createDestination, type DeliveryOptions, type Outcome, type Transport } from '../../src/index.js';
import { startSandbox } from '../sandbox-server.js';
import { appId } from './destinations.js';
import { identify } from './events.js';
import { createRandom, createStream } from './stream.js';
import { transports } from './transports.js';

/**
 * `SOAK=full` keeps OneSignal's own second between two writes of a user; without it the second is short, and so is the
 * test. `SOAK` set to anything prints figures.
 */
const isFull = process.env.SOAK === 'full';
const userIntervalMs = isFull ? 1_000 : 50;
const concurrency = 32;
const size = { events: 20_000, users: 2_000 };

/** Observes the promises of delivery from outside: when each user was written to, and how much was in flight. */
function watch(transport: Transport) {
  const starts = new Map<string, number[]>();
  const seen = { inFlight: 0, mostInFlight: 0, requests: 0, shortestGapMs: Number.POSITIVE_INFINITY, starts };
  const watched: Transport = {
    async send(request, options) {
      const now = Date.now();
      seen.requests++;
      seen.inFlight++;
      seen.mostInFlight = Math.max(seen.mostInFlight, seen.inFlight);
      if (request.path.includes('/users/')) {
        const own = starts.get(request.path) ?? [];
        starts.set(request.path, own);
        seen.shortestGapMs = Math.min(seen.shortestGapMs, now - (own.at(-1) ?? Number.NEGATIVE_INFINITY));
        own.push(now);
      }
      try {
        return await transport.send(request, options);
      } finally {
        seen.inFlight--;
      }
    },
  };
  return { watched, seen };
}

/** The queue of a host: hands out batches to several workers, and retryable events again after their wait. */
async function drain<Event>(
  events: readonly Event[],
  deliver: (batch: readonly Event[]) => Promise<readonly Outcome[]>,
  onFinal: (event: Event, outcome: Outcome) => void,
): Promise<number> {
  const random = createRandom(7);
  const ready = [...events];
  let open = events.length;
  let redelivered = 0;
  const work = async (): Promise<void> => {
    while (open > 0) {
      const batch = ready.splice(0, 1 + Math.floor(random() * 30));
      if (batch.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      else
        (await deliver(batch)).forEach((outcome, index) => {
          const event = batch[index];
          if (event === undefined) throw new Error('more outcomes than inputs');
          if (outcome.status === 'retryable') {
            redelivered++;
            setTimeout(() => ready.push(event), outcome.retryAfterMs ?? 20);
          } else {
            open--;
            onFinal(event, outcome);
          }
        });
    }
  };
  await Promise.all(Array.from({ length: 48 }, work));
  return redelivered;
}

// The fault matrix covers the differences between transports, so the short form takes the cheapest one.
describe.each(isFull ? transports : transports.slice(-1))('over %s', (_, createTransport) => {
  test('20,000 events of 2,000 users in random order, a tenth of the requests failing: nothing is lost, no limit broken', {
    timeout: 600_000,
  }, async () => {
    const startedAt = Date.now();
    const { sandbox, url } = await startSandbox({ seed: 11 }, { validate: false });
    for (let user = 0; user < size.users; user++) sandbox.addUser({ externalId: `u${user}` });
    const isUser = ({ path }: { path: string }) => path.includes('/users/');
    sandbox.fail({ status: 429, headers: { 'retry-after': '0.1' }, rate: 0.01 });
    sandbox.fail({ status: 429, headers: { 'retry-after': '0.6' }, rate: 0.01 });
    sandbox.fail({ status: 503, rate: 0.02 });
    sandbox.fail({ drop: 'before', rate: 0.02 });
    sandbox.fail({ drop: 'after', rate: 0.02 });
    sandbox.fail({ delayMs: 120, rate: 0.01 });
    // A missing user is retried only while the event is less than two minutes old.
    const noUser = sandbox.fail({
      status: 404,
      rate: 0.02,
      when: (request) => isUser(request) && Date.now() < startedAt + 60_000,
    });

    const { events, expected } = createStream({ seed: 5, ...size, newestAt: startedAt, spanMs: 30_000 });
    const { watched, seen } = watch(createTransport(url));
    const delivery: DeliveryOptions = { userIntervalMs, concurrency, missingUser: 'retry', maxRetryAfterMs: 500 };
    const outcomes = new Map<string, Outcome>();
    const attempts: Record<string, number> = {};
    const destination = createDestination({
      appId,
      transport: watched,
      delivery,
      hooks: {
        onAttempt: ({ error }) => {
          const code = error?.code ?? 'none';
          attempts[code] = (attempts[code] ?? 0) + 1;
        },
      },
    });
    const timersBefore = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const redelivered = await drain(
      events,
      (batch) => destination.deliver(batch),
      ({ messageId }, outcome) => {
        expect(outcomes.has(messageId)).toBe(false);
        outcomes.set(messageId, outcome);
      },
    );
    const tookMs = Date.now() - startedAt;
    noUser();

    // Nothing lost: every event was delivered, or something newer had been.
    const finals = [...outcomes.values()];
    expect(finals).toHaveLength(size.events);
    expect(finals.filter(({ status }) => status === 'failed')).toEqual([]);
    expect(finals.filter((outcome) => outcome.status === 'skipped' && outcome.reason !== 'stale')).toEqual([]);
    expect(finals.flatMap(({ warnings }) => warnings)).toEqual([]);

    // The state is that of one-by-one delivery in the order of time, without a fault.
    const state = new Map(sandbox.users().map(({ externalId, tags }) => [externalId, tags]));
    for (const [user, tags] of expected) expect(state.get(user)).toEqual(tags);
    for (const { name, members } of sandbox.segments())
      expect(new Set(members)).toEqual(
        new Set([...expected].flatMap(([user, tags]) => (tags[name] === 'true' ? user : []))),
      );
    expect(sandbox.segments()).toHaveLength(3);

    // No limit broken.
    expect(seen.shortestGapMs).toBeGreaterThanOrEqual(userIntervalMs);
    expect(seen.mostInFlight).toBeLessThanOrEqual(concurrency);

    // Nothing left: no request, no timer, and every queue is open.
    expect(seen.inFlight).toBe(0);
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    await expect.poll(timers).toBeLessThanOrEqual(timersBefore);
    await new Promise((resolve) => setTimeout(resolve, userIntervalMs));
    const requestsBefore = seen.requests;
    const again = await drain(
      Array.from({ length: size.users }, (_, user) => identify(`u${user}`, { end: 'yes' })),
      (batch) => destination.deliver(batch),
      () => {},
    );
    expect(sandbox.users().every(({ tags }) => tags.end === 'yes')).toBe(true);
    if (process.env.SOAK === undefined) return;
    const perSecond = Math.round((seen.requests / tookMs) * 1_000);
    console.log({
      tookMs,
      requests: requestsBefore,
      perSecond,
      redelivered,
      again,
      attempts,
      mostInFlight: seen.mostInFlight,
      shortestGapMs: seen.shortestGapMs,
    });
  });
});
