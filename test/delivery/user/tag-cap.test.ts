import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createDestination, createOneSignalTransport, type DeliveryOptions } from '../../../src/index.js';
import { appId } from '../destinations.js';
import { at, identify, membership } from '../events.js';
import { createInMemory, settled } from '../in-memory.js';
import { type Arrival, accept, createWire, tagsOf, userOf } from '../wire.js';

beforeEach(() => void vi.useFakeTimers({ now: Date.parse('2026-03-01T12:00:00.000Z') }));
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

/** A user with the tags `t0`, `t1`, …, who is at the cap, of three unless given. */
function atCap(
  options: { cap?: number; tagLimit?: number; delivery?: DeliveryOptions; tags?: Record<string, string> } = {},
) {
  const { cap = 3, tagLimit, delivery, tags = { t0: 'x', t1: 'x', t2: 'x' } } = options;
  const made = createInMemory(
    { tagLimit: cap, rateLimits: true },
    { delivery, mapping: tagLimit === undefined ? {} : { tagLimit } },
  );
  made.sandbox.addUser({ externalId: 'u1', tags });
  const bodies = () =>
    made.sandbox.requests().map((request) => `${request.method} ${JSON.stringify(tagsOf({ request }))}`);
  return { ...made, bodies };
}
const dropped = (...keys: string[]) => keys.map((key) => ({ path: `traits.${key}`, reason: 'tag_limit' }));

test('tags that the user already has are written, new ones are dropped as tag_limit, and the event is delivered', async () => {
  const { sandbox, destination, log } = atCap();
  const [outcome] = await settled(destination.deliver([identify('u1', { t0: 'new', n0: 1, n1: 2 })]));
  expect(outcome).toMatchObject({ status: 'delivered', applied: ['update_user'], dropped: dropped('n0', 'n1') });
  expect(sandbox.user('u1')?.tags).toEqual({ t0: 'new', t1: 'x', t2: 'x' });
  // Of five tags, one or two were too many: the third request finds out, once for all users.
  expect(log()).toEqual(['PATCH 409', 'GET 200', 'PATCH 409', 'PATCH 202']);
});

test('removals go first, alone, then the rest again, which may fit now', async () => {
  const { sandbox, destination, bodies } = atCap();
  const [outcome] = await settled(destination.deliver([identify('u1', { n0: 1, t0: null, t1: null })]));
  expect(outcome).toMatchObject({ status: 'delivered', dropped: [] });
  expect(sandbox.user('u1')?.tags).toEqual({ t2: 'x', n0: '1' });
  expect(bodies()).toEqual(['PATCH {"n0":"1","t0":"","t1":""}', 'PATCH {"t0":"","t1":""}', 'PATCH {"n0":"1"}']);
});

test('if the rest still does not fit, as much as fits into the freed room is written', async () => {
  const { sandbox, destination, log } = atCap();
  const [outcome] = await settled(destination.deliver([identify('u1', { n0: 1, n1: 2, t1: 'new', t0: null })]));
  expect(outcome).toMatchObject({ status: 'delivered', dropped: dropped('n1') });
  expect(sandbox.user('u1')?.tags).toEqual({ t1: 'new', t2: 'x', n0: '1' });
  expect(log()).toEqual(['PATCH 409', 'PATCH 202', 'PATCH 409', 'GET 200', 'PATCH 202']);
});

test('with tagLimit, new tags are written while there is room: names first, then the membership, then the rest in order', async () => {
  const { sandbox, destination } = atCap({ tagLimit: 3, tags: { t0: 'x' } });
  const events = [
    identify('u1', { n0: 1, t0: 'new' }),
    membership('u1', 'vips', true),
    identify('u1', { n1: 2, lastName: 'Byron' }),
  ];
  const outcomes = await settled(destination.deliver(events));
  expect(sandbox.user('u1')?.tags).toEqual({ t0: 'new', last_name: 'Byron', vips: 'true' });
  expect(outcomes.map((outcome) => outcome.dropped)).toEqual([dropped('n0'), [], dropped('n1')]);
  expect(outcomes.map(({ status }) => status)).toEqual(['delivered', 'delivered', 'delivered']);
  expect(sandbox.segments()).toMatchObject([{ name: 'vips', members: ['u1'] }]);
});

test('a caller leaves between two attempts, and the second one is refused: what fits is still written', async () => {
  const tags = { t0: 'x', t1: 'x', t2: 'x' };
  const { sandbox, destination, attempts, bodies } = atCap({ cap: 4, tags });
  sandbox.fail({ status: 503, when: (request) => Object.keys(tagsOf({ request }) ?? {}).length === 3 });
  const controller = new AbortController();
  const leaving = destination.deliver([identify('u1', { n0: 1 })], { signal: controller.signal });
  const staying = destination.deliver([identify('u1', { n1: 1, n2: 1, n3: 1, n4: 1, n5: 1 }, { messageId: 'm2' })]);
  while (!attempts.some(({ status }) => status === 503)) await vi.advanceTimersToNextTimerAsync();
  controller.abort();
  await expect(leaving).rejects.toThrow();
  const [outcome] = await settled(staying);
  expect(outcome).toMatchObject({ status: 'delivered', dropped: dropped('n2', 'n3', 'n4', 'n5') });
  expect(sandbox.user('u1')?.tags).toEqual({ ...tags, n1: '1' });
  expect(bodies().filter((text) => text.includes('GET'))).toHaveLength(2);
});

test('a caller who removed a tag that another one sets leaves: the refusal teaches no limit that is too low', async () => {
  const { sandbox, destination, attempts } = atCap({ tags: { t0: 'x' } });
  sandbox.fail({ status: 503, times: 1 });
  const controller = new AbortController();
  const leaving = destination.deliver([identify('u1', { c: null }, { timestamp: at(2) })], {
    signal: controller.signal,
  });
  const staying = destination.deliver([identify('u1', { c: 1, n0: 1, n1: 1 }, { timestamp: at(1), messageId: 'm2' })]);
  while (!attempts.some(({ status }) => status === 503)) await vi.advanceTimersToNextTimerAsync();
  controller.abort();
  await expect(leaving).rejects.toThrow();
  expect(await settled(staying)).toMatchObject([{ status: 'delivered', dropped: dropped('n1') }]);
  expect(sandbox.user('u1')?.tags).toEqual({ t0: 'x', c: '1', n0: '1' });
});

test('a membership that finds no room causes a warning, and its segment is not created', async () => {
  const { sandbox, destination } = atCap();
  const [outcome] = await settled(destination.deliver([membership('u1', 'vips', true)]));
  expect(outcome).toMatchObject({ status: 'delivered', applied: [], dropped: dropped('vips') });
  expect(outcome.warnings).toMatchObject([{ code: 'membership_not_set', operation: 'update_user' }]);
  expect(sandbox.segments()).toEqual([]);
});

test('each input reports only its own tags', async () => {
  const { destination } = atCap();
  const outcomes = await settled(
    destination.deliver([identify('u1', { t0: 'a' }), identify('u1', { n0: 1 }), identify('u1', { t1: 'b', n1: 2 })]),
  );
  expect(outcomes.map((outcome) => outcome.dropped)).toEqual([[], dropped('n0'), dropped('n1')]);
});

test('if OneSignal refuses even tags that need no room, the event ends, and nothing is lost silently', async () => {
  const wire = createWire((arrival) => {
    const { method } = arrival.request;
    if (method === 'GET') arrival.answer(200, { properties: { tags: { a: '1', gone: '1' } } });
    else arrival.answer(409, { errors: [{ code: 'entitlements-tag-limit', title: 'exceeds the limit' }] });
  });
  const destination = createDestination({ appId, transport: wire.transport });
  const [outcome] = await settled(destination.deliver([identify('u1', { a: 1, b: 2, gone: null, never: null })]));
  expect(outcome.status).toBe('delivered');
  // A removal that did not happen is reported, and one with nothing to remove is done.
  expect(outcome.dropped.map(({ path }) => path).sort()).toEqual(['traits.a', 'traits.b', 'traits.gone']);
  expect(wire.arrivals.map(({ request }) => request.method)).toEqual(['PATCH', 'PATCH', 'GET', 'PATCH', 'PATCH']);
});

describe('a user known to be at the cap', () => {
  test('gets the tags that fit at once, without a read, for ten minutes', async () => {
    const { destination, log } = atCap();
    await settled(destination.deliver([identify('u1', { n0: 1 })]));
    await vi.advanceTimersByTimeAsync(300_000);
    await settled(destination.deliver([identify('u1', { n0: 1, t0: 'later' })]));
    expect(log()).toEqual(['PATCH 409', 'GET 200', 'PATCH 202']);
    await settled(destination.deliver([identify('u1', { n0: 1 })]));
    expect(log()).toHaveLength(3);
    await vi.advanceTimersByTimeAsync(600_000);
    await settled(destination.deliver([identify('u1', { n0: 1 })]));
    expect(log().slice(3)).toEqual(['PATCH 409', 'GET 200']);
  });

  test('leaves an audience without a read, because removals always have room', async () => {
    const { sandbox, destination, log } = atCap({ tags: { t0: 'x', t1: 'x', vips: 'true' } });
    await settled(destination.deliver([identify('u1', { n0: 1 })]));
    const outcomes = await settled(destination.deliver([membership('u1', 'vips', false)]));
    expect(outcomes).toMatchObject([{ status: 'delivered', applied: ['update_user'], dropped: [] }]);
    expect(sandbox.user('u1')?.tags).toEqual({ t0: 'x', t1: 'x' });
    expect(log()).toEqual(['PATCH 409', 'GET 200', 'PATCH 202']);
  });

  test('leaves an audience, which makes room for another tag of the event', async () => {
    const { sandbox, destination } = atCap({ tags: { t0: 'x', t1: 'x', vips: 'true' } });
    await settled(destination.deliver([identify('u1', { n0: 1 })]));
    sandbox.fail({ status: 429, when: ({ method }) => method === 'GET', headers: { 'retry-after': '60' } });
    const [outcome] = await settled(destination.deliver([identify('u1', { vips: null, n1: 1 })]));
    expect(outcome).toMatchObject({ status: 'delivered', dropped: [] });
    expect(sandbox.user('u1')?.tags).toEqual({ t0: 'x', t1: 'x', n1: '1' });
  });

  test('loses a tag that one event removes and a later one sets in vain, and only the later one reports it', async () => {
    const { sandbox, destination, log } = atCap();
    await settled(destination.deliver([identify('u1', { n0: 1 })]));
    const outcomes = await settled(
      destination.deliver([
        identify('u1', { n1: null }, { messageId: 'm1', timestamp: at(3) }),
        identify('u1', { n1: 2 }, { messageId: 'm2', timestamp: at(4) }),
      ]),
    );
    expect(outcomes).toMatchObject([
      { status: 'delivered', applied: ['update_user'], dropped: [] },
      { status: 'delivered', applied: [], dropped: dropped('n1') },
    ]);
    // The removal counts as written, so an older event does not bring the tag back when there is room.
    const [late] = await settled(
      destination.deliver([identify('u1', { n1: 0, t0: null }, { messageId: 'm3', timestamp: at(2) })]),
    );
    expect(late).toMatchObject({ dropped: [{ path: 'traits.n1', reason: 'stale' }] });
    expect(sandbox.user('u1')?.tags).toEqual({ t1: 'x', t2: 'x' });
    expect(log()).toEqual(['PATCH 409', 'GET 200', 'PATCH 202']);
  });

  describe('has room after a removal even if its answer is lost', () => {
    /** The user has lost `t0`, but the answer has not come; what follows is up to the test. */
    const removeUnseen = async () => {
      const { sandbox } = atCap();
      let isCut = false;
      const fetch: typeof globalThis.fetch = async (...request) => {
        const response = await sandbox.fetch(...request);
        if (isCut) throw new TypeError('fetch failed');
        return response;
      };
      const transport = createOneSignalTransport({ apiKey: 'test-key', fetch });
      const destination = createDestination({ appId, transport });
      await settled(destination.deliver([identify('u1', { n0: 1 })]));
      isCut = true;
      const removing = destination.deliver([identify('u1', { t0: null })]);
      while (sandbox.user('u1')?.tags.t0 !== undefined) await vi.advanceTimersToNextTimerAsync();
      isCut = false;
      const addsAnother = async () => {
        const outcomes = await settled(destination.deliver([identify('u1', { n1: 1 }, { messageId: 'm2' })]));
        expect(outcomes).toMatchObject([{ status: 'delivered', dropped: [] }]);
        expect(sandbox.user('u1')?.tags).toEqual({ t1: 'x', t2: 'x', n1: '1' });
      };
      return { sandbox, removing, addsAnother };
    };

    test('and the process freezes until the deadline', async () => {
      const { removing, addsAnother } = await removeUnseen();
      vi.setSystemTime(Date.now() + 120_000);
      expect(await settled(removing)).toMatchObject([{ status: 'retryable', error: { code: 'deadline' } }]);
      await addsAnother();
    });

    test.each([
      { status: 429, headers: { 'retry-after': '60' }, code: 'rate_limited' },
      { status: 401, code: 'unauthorized' },
    ])('and the next attempt is answered $status', async ({ code, ...fault }) => {
      const { sandbox, removing, addsAnother } = await removeUnseen();
      sandbox.fail({ ...fault, times: 1 });
      expect(await settled(removing)).toMatchObject([{ status: 'retryable', error: { code } }]);
      await vi.advanceTimersByTimeAsync(30_000);
      await addsAnother();
    });
  });

  test('does not lose events to a key that was revoked in the meantime', async () => {
    const { sandbox, destination } = atCap();
    await settled(destination.deliver([identify('u1', { n0: 1 })]));
    sandbox.fail({ status: 401 });
    const [outcome] = await settled(destination.deliver([identify('u1', { t0: 'new' })]));
    expect(outcome).toMatchObject({ status: 'retryable', dropped: [], error: { code: 'unauthorized' } });
  });

  test('does not lose events to an outage', async () => {
    const { sandbox, destination } = atCap();
    await settled(destination.deliver([identify('u1', { n0: 1 })]));
    const mend = sandbox.fail({ status: 503 });
    const [outcome] = await settled(destination.deliver([identify('u1', { t0: 'new' })]));
    expect(outcome).toMatchObject({ status: 'retryable', dropped: [] });
    mend();
    expect(await settled(destination.deliver([identify('u1', { t0: 'new' })]))).toMatchObject([
      { status: 'delivered', dropped: [] },
    ]);
    expect(sandbox.user('u1')?.tags).toMatchObject({ t0: 'new' });
  });

  test('is skipped once deleted', async () => {
    const { sandbox, destination } = atCap();
    await settled(destination.deliver([identify('u1', { n0: 1 })]));
    sandbox.fail({ status: 404 });
    expect(await settled(destination.deliver([identify('u1', { t0: 'new' })]))).toMatchObject([
      { status: 'skipped', reason: 'user_not_found' },
    ]);
  });
});

describe('reads', () => {
  const full = { errors: [{ code: 'entitlements-tag-limit', title: 'exceeds the limit' }] };
  const capped = (onRead: (arrival: Arrival) => void) =>
    createWire((arrival) => {
      if (arrival.request.method === 'GET') onRead(arrival);
      else if (JSON.stringify(tagsOf(arrival)).includes('"n')) arrival.answer(409, full);
      else accept(arrival);
    });
  const has = (arrival: Arrival) => arrival.answer(200, { properties: { tags: { t0: 'x' } } });
  const readsOf = ({ arrivals }: { arrivals: Arrival[] }) => arrivals.filter(({ request }) => request.method === 'GET');

  test('start a second apart for the whole app, retries included', async () => {
    let failures = 5;
    const wire = capped((arrival) => (failures-- > 0 ? arrival.answer(503) : has(arrival)));
    const destination = createDestination({ appId, transport: wire.transport, delivery: { userIntervalMs: 0 } });
    await settled(destination.deliver(Array.from({ length: 8 }, (_, index) => identify(`u${index}`, { n: 1, t0: 1 }))));
    const starts = readsOf(wire).map(({ at }) => at);
    expect(starts.length).toBeGreaterThan(8);
    starts.slice(1).forEach((start, index) => {
      expect(start - (starts[index] ?? start)).toBeGreaterThanOrEqual(1_000);
    });
  });

  test('that cannot start within the deadline make the event retryable, with the wait for the next one', async () => {
    const wire = capped(has);
    const destination = createDestination({ appId, transport: wire.transport });
    const events = Array.from({ length: 5 }, (_, index) => identify(`u${index}`, { n: 1, t0: 1 }));
    const outcomes = await settled(destination.deliver(events, { deadlineMs: 2_900 }));
    expect(readsOf(wire)).toHaveLength(3);
    const later = { status: 'retryable', error: { code: 'rate_limited' }, applied: [], dropped: [] };
    expect(outcomes.slice(3)).toMatchObject([later, later]);
    for (const outcome of outcomes.slice(3))
      expect(outcome.status === 'retryable' && outcome.retryAfterMs).toBeGreaterThan(0);
    expect(wire.arrivals.filter((arrival) => userOf(arrival) === 'u4')).toHaveLength(1);
  });

  test('that are answered with 429 make the event retryable, because nothing is dropped without a read', async () => {
    const wire = capped((arrival) => arrival.answer(429, {}, { 'retry-after': '30' }));
    const destination = createDestination({ appId, transport: wire.transport });
    const [outcome] = await settled(destination.deliver([identify('u1', { n: 1, t0: 1 })]));
    expect(outcome).toMatchObject({ status: 'retryable', retryAfterMs: 30_000, dropped: [] });
  });

  test.each([
    ['a string', JSON.stringify({ properties: { tags: { t0: 'x' } } })],
    ['an object', { properties: { tags: { t0: 'x' } } }],
  ])('are understood as %s', async (_, body) => {
    const wire = capped((arrival) => arrival.answer(200, body));
    const destination = createDestination({ appId, transport: wire.transport });
    const [outcome] = await settled(destination.deliver([identify('u1', { n: 1, t0: 1 })]));
    expect(outcome).toMatchObject({ status: 'delivered', applied: ['update_user'], dropped: dropped('n') });
  });

  test('continue when the clock is set back', async () => {
    const wire = capped(has);
    const destination = createDestination({ appId, transport: wire.transport });
    await settled(destination.deliver([identify('u1', { n: 1, t0: 1 })]));
    vi.setSystemTime(Date.now() - 3_600_000);
    const [outcome] = await settled(destination.deliver([identify('u2', { n: 1, t0: 1 })]));
    expect(outcome).toMatchObject({ dropped: dropped('n') });
  });
});
