import { expect, test, vi } from 'vitest';
import { audience, createEvents, exactly, identify, simulate, track } from '../../src/testing/index.js';

test('events result in users with tags, segments with members, and requests', async () => {
  const events = createEvents();
  const end = await simulate([
    events.identify({ traits: exactly({ plan: 'pro' }) }),
    events.audience.entered('vip'),
    events.audience.entered('vip', { userId: 'user-2' }),
    events.audience.exited('vip'),
  ]);
  expect(end.users['user-1']?.tags).toEqual({ plan: 'pro' });
  expect(end.segments.vip?.members).toEqual(['user-2']);
  expect(end.outcomes.map(({ status }) => status)).toEqual(Array(4).fill('delivered'));
  expect(end.requests.map(({ method, status }) => `${method} ${status}`)).toEqual([
    'PATCH 202',
    'PATCH 202',
    'POST 201',
    'PATCH 202',
    'PATCH 202',
  ]);
});

test('the order guard applies: a late event does not undo a newer one', async () => {
  const [at, later] = ['2026-03-02T09:00:00.000Z', '2026-03-02T09:05:00.000Z'];
  const end = await simulate([
    audience.exited('vip', { timestamp: later }),
    audience.entered('vip', { timestamp: at, receivedAt: '2026-03-02T09:10:00.000Z' }),
  ]);
  expect(end.users['user-1']?.tags).toEqual({});
  expect(end.outcomes[1]).toMatchObject({ status: 'skipped', reason: 'stale' });
});

test('only the given users exist, with their tags', async () => {
  const end = await simulate([identify({ userId: 'ada' }), identify({ userId: 'eve' })], {
    users: ['bob', { externalId: 'ada', tags: { plan: 'free', city: 'Graz' } }],
  });
  expect(end.users.ada?.tags).toMatchObject({ plan: 'pro', city: 'Graz' });
  expect(Object.keys(end.users)).toEqual(['bob', 'ada']);
  expect(end.outcomes[1]).toMatchObject({ status: 'skipped', reason: 'user_not_found' });
});

test('the tag limit of the OneSignal plan applies', async () => {
  const end = await simulate([identify({ traits: exactly({ a: 1, b: 2, c: 3 }) })], { tagLimit: 2 });
  expect(Object.keys(end.users['user-1']?.tags ?? {})).toHaveLength(2);
  expect(end.outcomes[0]?.dropped).toEqual([{ path: expect.any(String), reason: 'tag_limit' }]);
});

test('retries and redeliveries overcome faults, in virtual time', async () => {
  const before = performance.now();
  const end = await simulate([identify({ traits: exactly({ plan: 'pro' }) })], {
    faults: [
      { status: 503, times: 9 },
      { delayMs: 60_000, times: 12 },
    ],
  });
  expect(end.users['user-1']?.tags).toEqual({ plan: 'pro' });
  expect(end.outcomes).toMatchObject([{ status: 'delivered' }]);
  expect(end.durationMs).toBeGreaterThan(60_000);
  expect(performance.now() - before).toBeLessThan(10_000);
});

test('an event that stays retryable keeps its last outcome after its redeliveries', async () => {
  const end = await simulate([identify()], { faults: [{ status: 503 }], redeliveries: 2, delivery: { retries: 0 } });
  expect(end.outcomes).toMatchObject([{ status: 'retryable' }]);
  expect(end.requests).toHaveLength(3);
});

test('the same seed produces the same run', async () => {
  const run = (seed: number) =>
    simulate(
      Array.from({ length: 40 }, (_, index) => identify({ userId: `u${index % 9}`, traits: { index } })),
      {
        seed,
        faults: [
          { status: 500, rate: 0.4 },
          { drop: 'after', rate: 0.2 },
        ],
      },
    );
  const [one, again, other] = [await run(7), await run(7), await run(8)];
  expect(again).toEqual(one);
  expect(other.requests).not.toEqual(one.requests);
});

test('events arrive when Segment received them, and an event without a time arrives with the one before it', async () => {
  const end = await simulate([
    track('A', { timestamp: '2026-01-01T00:00:00.000Z', properties: { a: 1 } }),
    { type: 'track', userId: 'user-1', event: 'B', properties: { b: 1 } },
    track('C', { timestamp: '2026-01-31T00:00:00.000Z', properties: { c: 1 } }),
  ]);
  expect(end.requests.map(({ at }) => new Date(at).toISOString().slice(0, 10))).toEqual(['2026-01-01', '2026-01-31']);
  expect(end.durationMs).toBe(30 * 24 * 60 * 60 * 1000);
});

test('mapping, delivery and custom events behave like the real ones', async () => {
  const orders = createEvents();
  const order = orders.orderCompleted();
  const end = await simulate([order, order], {
    mapping: { purchases: true, customEvents: { tags: 'replace' } },
    delivery: { seen: new Set() },
  });
  expect(end.customEvents.map(({ name }) => name)).toEqual(['Order Completed']);
  expect(end.outcomes[1]?.dropped).toContainEqual({ path: 'properties.products', reason: 'duplicate_purchase' });
});

test('the clock of the process is untouched, so fake timers and other simulations may run at the same time', async () => {
  vi.useFakeTimers();
  try {
    const now = Date.now();
    const ends = await Promise.all([simulate([identify()]), simulate([identify({ userId: 'other' })])]);
    expect(ends.map(({ users }) => Object.keys(users))).toEqual([['user-1'], ['other']]);
    expect([Date.now(), vi.getTimerCount()]).toEqual([now, 0]);
  } finally {
    vi.useRealTimers();
  }
});

test('without events it ends at once, and a single event or an unusable option is refused', async () => {
  expect(await simulate([])).toMatchObject({ outcomes: [], users: {}, segments: {}, requests: [], durationMs: 0 });
  const single: unknown = identify();
  // @ts-expect-error JavaScript callers pass a single event by mistake.
  await expect(simulate(single)).rejects.toThrow('Pass a single event as [event].');
  await expect(simulate([], { mapping: { tagLimit: -1 } })).rejects.toThrow('"mapping.tagLimit"');
});

test.each(['tagLimit', 'redeliveries', 'seed', 'users', 'faults'])('a wrong %s is refused', async (option) => {
  const refused = expect.objectContaining({ name: 'ConfigurationError', option });
  await expect(simulate([identify()], { [option]: 'x' })).rejects.toThrow(refused);
});

test.each<[object, string, string]>([
  [{ users: [''] }, 'users.0', '"users.0" must be a non-empty string.'],
  [{ users: ['u1', {}] }, 'users.1.externalId', '"users.1.externalId" must be a non-empty string.'],
  [{ users: [7] }, 'users.0', '"users.0" must be an object.'],
  [
    { users: [{ externalId: 'u1', subscriptions: [{ type: 'Email' }] }] },
    'users.0.subscriptions.0',
    'OneSignal would refuse "users.0.subscriptions.0": type and token are required.',
  ],
  [{ faults: [{ status: 700 }] }, 'faults.0.status', '"faults.0.status" must be an integer from 200 to 599.'],
  [{ faults: [{ stats: 500 }] }, 'faults.0.stats', 'Unknown option "faults.0.stats". Did you mean "status"?'],
  [{ faults: [{}] }, 'faults.0.status', 'A fault needs exactly one of delayMs, drop and status.'],
])('an option is named by its full path: %j', async (options, option, message) => {
  const refused = expect.objectContaining({ name: 'ConfigurationError', option, message });
  await expect(simulate([], options)).rejects.toThrow(refused);
});

test('thousands of events take little time, however long a time they span', { timeout: 60_000 }, async () => {
  const events = createEvents({ everyMs: 3_600_000 });
  const stream = Array.from({ length: 2_000 }, (_, index) =>
    events.identify({ userId: `u${index % 500}`, traits: { index } }),
  );
  const started = process.cpuUsage();
  const end = await simulate(stream);
  const { user, system } = process.cpuUsage(started);
  expect(end.outcomes.every(({ status }) => status === 'delivered')).toBe(true);
  expect(Object.keys(end.users)).toHaveLength(500);
  expect((user + system) / 1_000).toBeLessThan(10_000);
});
