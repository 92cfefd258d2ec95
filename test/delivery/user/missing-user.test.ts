import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createDestination } from '../../../src/index.js';
import { appId } from '../destinations.js';
import { identify, membership } from '../events.js';
import { createInMemory, settled } from '../in-memory.js';
import { codeOf, createWire, tagsOf } from '../wire.js';

const now = Date.parse('2026-03-01T12:00:00.000Z');
beforeEach(() => void vi.useFakeTimers({ now }));
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});
const ago = (ms: number) => ({ timestamp: new Date(now - ms).toISOString() });

describe("missingUser 'skip', the default", () => {
  test('an unknown user is skipped: no retry, no segment', async () => {
    const { sandbox, destination, log } = createInMemory();
    const outcomes = await settled(destination.deliver([membership('nobody', 'vips', true)]));
    expect(outcomes).toMatchObject([{ status: 'skipped', reason: 'user_not_found', applied: [], warnings: [] }]);
    expect(log()).toEqual(['PATCH 404']);
    expect(sandbox.segments()).toEqual([]);
  });

  test.each([
    [404, undefined],
    [404, ''],
    [404, '{}'],
    [404, { errors: [{ code: 'user-0', title: 'not found' }] }],
    [410, undefined],
    [410, {}],
  ])('a %i with the body %j means that the user is unknown', async (status, body) => {
    const wire = createWire((arrival) => arrival.answer(status, body));
    const destination = createDestination({ appId, transport: wire.transport });
    expect(await settled(destination.deliver([identify('u1', { a: 1 })]))).toMatchObject([
      { status: 'skipped', reason: 'user_not_found' },
    ]);
    expect(wire.arrivals).toHaveLength(1);
  });

  test.each([404, 410])('a %i with a page that is not from OneSignal is retryable, never skipped', async (status) => {
    const wire = createWire((arrival) => arrival.answer(status, '<html>nginx</html>'));
    const destination = createDestination({ appId, transport: wire.transport });
    const [outcome] = await settled(destination.deliver([identify('u1', { a: 1 })]));
    expect(outcome).toMatchObject({ status: 'retryable' });
    expect(codeOf(outcome)).toBe('unexpected_response');
  });
});

describe("missingUser 'create'", () => {
  const create = { delivery: { missingUser: 'create' } } as const;

  test('an unknown user is created with the tags that are not removals', async () => {
    const { sandbox, destination, log } = createInMemory({}, create);
    const outcomes = await settled(destination.deliver([identify('u1', { plan: 'pro', old: null })]));
    expect(outcomes).toMatchObject([{ status: 'delivered', applied: ['update_user'] }]);
    expect(log()).toEqual(['PATCH 404', 'POST 200']);
    expect(sandbox.user('u1')?.tags).toEqual({ plan: 'pro' });
  });

  test('without removals, one request creates or updates the user', async () => {
    const { sandbox, destination, log } = createInMemory({}, create);
    sandbox.addUser({ externalId: 'u2', tags: { theirs: '1' } });
    const events = [identify('u1', { plan: 'pro' }), identify('u2', { plan: 'pro' })];
    expect(await settled(destination.deliver(events))).toMatchObject(events.map(() => ({ status: 'delivered' })));
    expect(log()).toEqual(['POST 200', 'POST 202']);
    expect(sandbox.users().map(({ tags }) => tags)).toEqual([{ theirs: '1', plan: 'pro' }, { plan: 'pro' }]);
  });

  test('the creation keeps the interval of the user', async () => {
    const { sandbox, destination } = createInMemory({}, create);
    await settled(destination.deliver([identify('u1', { plan: 'pro', old: null })]));
    const [first, second] = sandbox.requests().map(({ at }) => at);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(1_000);
  });

  test('a membership creates its user, then its segment', async () => {
    const { sandbox, destination } = createInMemory({}, create);
    await settled(destination.deliver([membership('u1', 'vips', true)]));
    expect(sandbox.segments()).toMatchObject([{ name: 'vips', members: ['u1'] }]);
  });

  test('an exit never creates a user', async () => {
    const { sandbox, destination, log } = createInMemory({}, create);
    const outcomes = await settled(destination.deliver([membership('u1', 'vips', false)]));
    expect(outcomes).toMatchObject([{ status: 'skipped', reason: 'user_not_found' }]);
    expect(log()).toEqual(['PATCH 404']);
    expect(sandbox.users()).toEqual([]);
  });

  test('an event with a profile alone creates its user, also if an exit is merged with it', async () => {
    const { sandbox, destination } = createInMemory({}, { ...create, mapping: { profile: ['language'] } });
    const events = [
      identify('u1', {}, { ...ago(20_000), context: { locale: 'de' } }),
      membership('u1', 'vips', false, ago(10_000)),
    ];
    expect(await settled(destination.deliver(events))).toMatchObject(events.map(() => ({ status: 'delivered' })));
    expect(sandbox.users()).toMatchObject([{ externalId: 'u1', tags: {} }]);
  });

  test('a user who may exist is created at the tag limit if that is forgotten while the tags are read', async () => {
    const wire = createWire(({ request: { method, body }, answer }, index) => {
      if (index === 0) answer(503);
      else if (method === 'GET') setTimeout(() => answer(404, {}), 5_000);
      else if (Object.keys(tagsOf({ request: { method, path: '', body } }) ?? {}).length > 1)
        answer(409, { errors: [{ code: 'entitlements-tag-limit' }] });
      else answer(200, {});
    });
    const delivery = { missingUser: 'create', retries: 0 } as const;
    const destination = createDestination({ appId, transport: wire.transport, delivery });
    const event = identify('u1', { a: 1, b: 2 });
    expect(await settled(destination.deliver([event]))).toMatchObject([{ status: 'retryable' }]);
    await vi.advanceTimersByTimeAsync(118_000);
    expect(await settled(destination.deliver([event]))).toMatchObject([
      { status: 'delivered', applied: ['update_user'], dropped: [{ path: 'traits.b', reason: 'tag_limit' }] },
    ]);
  });

  test('several inputs of the user lead to one creation', async () => {
    const { sandbox, destination, log } = createInMemory({}, create);
    const events = [identify('u1', { a: 1 }), identify('u1', { b: 2 }), identify('u1', { a: 3 })];
    expect(await settled(destination.deliver(events))).toMatchObject(events.map(() => ({ status: 'delivered' })));
    expect(log()).toEqual(['POST 200']);
    expect(sandbox.user('u1')?.tags).toEqual({ a: '3', b: '2' });
  });

  test('a user whom someone else creates in the meantime is updated, not lost', async () => {
    const { sandbox, destination } = createInMemory({}, create);
    const event = identify('u1', { plan: 'pro', old: null });
    const delivering = destination.deliver([event]);
    await vi.advanceTimersByTimeAsync(500);
    sandbox.addUser({ externalId: 'u1', tags: { theirs: '1', old: '1' } });
    // The request that creates users cannot remove tags, so the removal for this user must wait.
    expect(await settled(delivering)).toMatchObject([{ status: 'retryable', error: { status: 404 } }]);
    expect(sandbox.user('u1')?.tags).toEqual({ theirs: '1', old: '1', plan: 'pro' });
    expect(await settled(destination.deliver([event]))).toMatchObject([{ status: 'delivered' }]);
    expect(sandbox.user('u1')?.tags).toEqual({ theirs: '1', plan: 'pro' });
  });

  test('a new user gets as many tags as tagLimit allows, names and membership first', async () => {
    const { sandbox, destination, log } = createInMemory({ tagLimit: 3 }, { ...create, mapping: { tagLimit: 3 } });
    const events = [
      identify('u1', { a: 1, b: 2, old: null }),
      membership('u1', 'vips', true),
      identify('u1', { firstName: 'Ada', c: 3 }),
    ];
    const outcomes = await settled(destination.deliver(events));
    expect(outcomes.map(({ status }) => status)).toEqual(['delivered', 'delivered', 'delivered']);
    expect(outcomes.map(({ dropped }) => dropped)).toEqual([
      [{ path: 'traits.b', reason: 'tag_limit' }],
      [],
      [{ path: 'traits.c', reason: 'tag_limit' }],
    ]);
    expect(sandbox.user('u1')?.tags).toEqual({ first_name: 'Ada', vips: 'true', a: '1' });
    // The limit is known, so nothing is sent only to be refused.
    expect(log()).toEqual(['PATCH 404', 'POST 200', 'POST 201']);
  });

  test('a new user with more tags than the plan allows gets as many as it allows', async () => {
    const { sandbox, destination, log } = createInMemory({ tagLimit: 10 }, create);
    const traits = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`t${index}`, index]));
    const [outcome] = await settled(destination.deliver([identify('u1', traits)]));
    expect(outcome).toMatchObject({ status: 'delivered', applied: ['update_user'] });
    expect(outcome.dropped).toEqual(['t10', 't11'].map((key) => ({ path: `traits.${key}`, reason: 'tag_limit' })));
    expect(Object.keys(sandbox.user('u1')?.tags ?? {})).toHaveLength(10);
    // 12 are too many, the user has none, 10 fit as in OneSignal's Growth plan, 11 do not.
    expect(log()).toEqual(['POST 409', 'GET 404', 'POST 200', 'POST 409']);
  });

  test('once the limit is known, a new user costs one request', async () => {
    const { sandbox, destination, log } = createInMemory({ tagLimit: 10 }, create);
    const traits = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`t${index}`, index]));
    await settled(destination.deliver([identify('u1', traits)]));
    const [outcome] = await settled(destination.deliver([identify('u2', traits)]));
    expect(outcome.dropped).toHaveLength(2);
    expect(Object.keys(sandbox.user('u2')?.tags ?? {})).toHaveLength(10);
    expect(log().slice(4)).toEqual(['POST 200']);
  });

  test('a new user with too many tags and a removal gets as many as fit', async () => {
    const { sandbox, destination, log } = createInMemory({ tagLimit: 2 }, create);
    const [outcome] = await settled(destination.deliver([identify('u1', { a: 1, b: 2, c: 3, old: null })]));
    expect(outcome).toMatchObject({ status: 'delivered', dropped: [{ path: 'traits.c', reason: 'tag_limit' }] });
    expect(sandbox.user('u1')?.tags).toEqual({ a: '1', b: '2' });
    expect(log()).toEqual(['PATCH 404', 'POST 409', 'POST 200']);
  });
});

describe("a user whom missingUser 'create' cannot create", () => {
  test.each([
    ['is skipped if OneSignal answers the creation with 404 too', 404, { status: 'skipped' }],
    ['fails if OneSignal refuses', 409, { status: 'failed', error: { code: 'conflict' } }],
    ['is retryable if OneSignal is down', 503, { status: 'retryable', error: { code: 'unavailable' } }],
  ])('%s', async (_, status, expected) => {
    const wire = createWire(({ request, answer }) => answer(request.method === 'POST' ? status : 404, {}));
    const delivery = { missingUser: 'create', retries: 0 } as const;
    const destination = createDestination({ appId, transport: wire.transport, delivery });
    expect(await settled(destination.deliver([identify('u1', { plan: 'pro' })]))).toMatchObject([expected]);
    expect(wire.arrivals.map(({ request }) => request.method)).toEqual(['POST']);
  });
});

describe("missingUser 'retry'", () => {
  const retry = { delivery: { missingUser: 'retry' } } as const;

  test.each([
    ['just now', 0, 'retryable'],
    ['almost two minutes ago', 119_999, 'retryable'],
    ['two minutes ago', 120_000, 'skipped'],
    ['in the future', -60_000, 'retryable'],
  ])('an event of %s, %i ms old, is %s', async (_, ageMs, status) => {
    const { destination, log } = createInMemory({}, retry);
    const [outcome] = await settled(destination.deliver([identify('u1', { a: 1 }, ago(ageMs))]));
    expect(outcome).toMatchObject(
      status === 'retryable'
        ? { status, retryAfterMs: 10_000, error: { code: 'unavailable', status: 404 } }
        : { status, reason: 'user_not_found' },
    );
    expect(log()).toEqual(['PATCH 404']);
  });

  test('an event without a time is skipped, because it would never be too old', async () => {
    const { destination } = createInMemory({}, retry);
    expect(await settled(destination.deliver([identify('u1', { a: 1 })]))).toMatchObject([
      { status: 'skipped', reason: 'user_not_found' },
    ]);
  });

  test('each of several inputs of the user is judged by its own age', async () => {
    const { destination, log } = createInMemory({}, retry);
    const outcomes = await settled(
      destination.deliver([identify('u1', { a: 1 }, ago(1_000)), identify('u1', { b: 1 }, ago(600_000))]),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['retryable', 'skipped']);
    expect(log()).toEqual(['PATCH 404']);
  });

  test('a new user who becomes visible gets the redelivered event', async () => {
    const { sandbox, destination } = createInMemory({ visibleAfterMs: 30_000 }, retry);
    await sandbox.fetch(`https://api.onesignal.com/apps/${appId}/users`, {
      method: 'POST',
      body: JSON.stringify({ identity: { external_id: 'u1' } }),
    });
    const event = identify('u1', { a: 1 }, ago(0));
    let [outcome] = await settled(destination.deliver([event]));
    for (let turn = 0; outcome.status === 'retryable' && turn < 10; turn++) {
      await vi.advanceTimersByTimeAsync(outcome.retryAfterMs ?? 0);
      [outcome] = await settled(destination.deliver([event]));
    }
    expect(outcome).toMatchObject({ status: 'delivered' });
    expect(sandbox.user('u1')?.tags).toEqual({ a: '1' });
  });
});

test('for a user whom this process created, an event of any age is retried', async () => {
  const { destination, log } = createInMemory({ visibleAfterMs: 60_000 }, { delivery: { missingUser: 'create' } });
  await settled(destination.deliver([membership('u1', 'vips', true, ago(7_200_000))]));
  const exit = membership('u1', 'vips', false, ago(3_600_000));
  expect(await settled(destination.deliver([exit]))).toMatchObject([
    { status: 'retryable', retryAfterMs: 10_000, error: { code: 'unavailable', status: 404 } },
  ]);
  expect(log()).toEqual(['POST 200', 'POST 201', 'PATCH 404']);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await settled(destination.deliver([exit]))).toMatchObject([{ status: 'delivered' }]);
});

test('for a user whom this process may have created, an event is retried even if the answer was lost', async () => {
  const delivery = { missingUser: 'create', retries: 0 } as const;
  const { sandbox, destination } = createInMemory({ visibleAfterMs: 60_000 }, { delivery });
  sandbox.fail({ drop: 'after', times: 1 });
  const entered = membership('u1', 'vips', true, ago(7_200_000));
  expect(await settled(destination.deliver([entered]))).toMatchObject([{ error: { code: 'network' } }]);
  const exit = membership('u1', 'vips', false, ago(3_600_000));
  expect(await settled(destination.deliver([exit]))).toMatchObject([
    { status: 'retryable', retryAfterMs: 10_000, error: { code: 'unavailable', status: 404 } },
  ]);
});

test('for a user whom this process may have created, an event is retried even if the next attempt is answered with 429', async () => {
  const delivery = { missingUser: 'create' } as const;
  const { sandbox, destination } = createInMemory({ visibleAfterMs: 60_000 }, { delivery });
  sandbox.fail({ drop: 'after', times: 1 });
  sandbox.fail({ status: 429, headers: { 'retry-after': '60' }, times: 1 });
  const entered = membership('u1', 'vips', true, ago(7_200_000));
  expect(await settled(destination.deliver([entered]))).toMatchObject([{ error: { code: 'rate_limited' } }]);
  const exit = membership('u1', 'vips', false, ago(3_600_000));
  expect(await settled(destination.deliver([exit]))).toMatchObject([
    { status: 'retryable', retryAfterMs: 10_000, error: { code: 'unavailable', status: 404 } },
  ]);
});

test('if every user of a busy minute is unknown, a warning says what may be wrong', async () => {
  const { destination } = createInMemory({}, { delivery: { userIntervalMs: 0 } });
  const events = Array.from({ length: 120 }, (_, index) => identify(`u${index}`, { a: 1 }));
  const outcomes = await settled(destination.deliver(events));
  expect(outcomes.every(({ status }) => status === 'skipped')).toBe(true);
  const warned = outcomes.filter(({ warnings }) => warnings.some(({ code }) => code === 'no_known_users'));
  expect(warned).toHaveLength(21);
  expect(warned[0]?.warnings[0]?.message).toContain('appId');
});

test('a known user among many unknown ones shows that the app is the right one', async () => {
  const { sandbox, destination } = createInMemory({}, { delivery: { userIntervalMs: 0, concurrency: 1 } });
  sandbox.addUser({ externalId: 'known' });
  const unknown = Array.from({ length: 80 }, (_, index) => identify(`u${index}`, { a: 1 }));
  const events = [...unknown.slice(0, 60), identify('known', { a: 1 }), ...unknown.slice(60)];
  const outcomes = await settled(destination.deliver(events));
  expect(outcomes.flatMap(({ warnings }) => warnings)).toEqual([]);
});
