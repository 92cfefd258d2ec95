import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../src/delivery/outcome.js';
import type { Sandbox } from '../../src/sandbox/index.js';
import type { TrackEvent } from '../../src/segment/event.js';
import { startDestination } from './sandbox-destination.js';

const mapping = { customEvents: { tags: 'replace' } } as const;
const besides = { customEvents: true } as const;
const track = (userId: string, event: string, properties: Record<string, unknown> = {}): TrackEvent => ({
  type: 'track',
  userId,
  messageId: `${userId} ${event} ${JSON.stringify(properties).slice(0, 40)}`,
  event,
  properties,
});
const eventRequests = (sandbox: Sandbox) => sandbox.requests().filter(({ path }) => path.endsWith('/custom_events'));
const sizes = (sandbox: Sandbox) =>
  eventRequests(sandbox).map(({ body }) => (body as { events: unknown[] }).events.length);
const statuses = (outcomes: readonly Outcome[]) => outcomes.map(({ status }) => status);

describe('custom events', () => {
  test('arrive unchanged, next to the tags of the event', async () => {
    const { sandbox, destination } = await startDestination({ mapping: besides });
    const event = {
      ...track('u1', 'Order Started', { total: 30, cart: [{ sku: 'a' }] }),
      timestamp: '2024-05-06T07:08:09.123Z',
    };
    expect(await destination.deliver([event])).toMatchObject([
      { status: 'delivered', applied: ['update_user', 'send_custom_events'], dropped: [] },
    ]);
    expect(sandbox.user('u1')?.tags).toEqual({ total: '30' });
    expect(sandbox.customEvents()).toMatchObject([
      {
        name: 'Order Started',
        external_id: 'u1',
        timestamp: '2024-05-06T07:08:09.123Z',
        properties: { total: 30, cart: [{ sku: 'a' }] },
      },
    ]);
  });

  test('of one call, or of calls made at the same time, share one request', async () => {
    const { sandbox, destination } = await startDestination({ mapping });
    await destination.deliver([track('u1', 'A'), track('u2', 'A'), track('u1', 'B')]);
    await Promise.all([destination.deliver([track('u1', 'C')]), destination.deliver([track('u3', 'C')])]);
    expect(sizes(sandbox)).toEqual([3, 2]);
  });

  test('that arrive while a request is in flight go together in the next one', async () => {
    const { sandbox, destination } = await startDestination({ mapping });
    sandbox.fail({ delayMs: 100, times: 1 });
    const first = destination.deliver([track('u1', 'A')]);
    while (eventRequests(sandbox).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await Promise.all([first, ...['B', 'C', 'D'].map((name) => destination.deliver([track('u1', name)]))]);
    expect(sizes(sandbox)).toEqual([1, 3]);
  });

  test('fill requests up to 1 MB, and each is in exactly one request', async () => {
    const { sandbox, destination } = await startDestination({ mapping });
    const events = Array.from({ length: 1_200 }, (_, index) =>
      track(`u${1 + (index % 3)}`, 'Big', { index, text: 'ü'.repeat(800) }),
    );
    const outcomes = await destination.deliver(events);
    expect(new Set(statuses(outcomes))).toEqual(new Set(['delivered']));
    expect(eventRequests(sandbox).length).toBe(3);
    for (const { body } of eventRequests(sandbox))
      expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThanOrEqual(1_000_000);
    expect(sandbox.customEvents().map(({ properties }) => properties.index)).toEqual(events.map((_, index) => index));
  });

  test('of a user are sent in the order of their times', async () => {
    const { sandbox, destination } = await startDestination({ mapping });
    const at = (second: number) => ({ ...track('u1', `At ${second}`), timestamp: `2024-05-06T07:08:0${second}.000Z` });
    await destination.deliver([at(3), at(1), at(2)]);
    expect(sandbox.customEvents().map(({ name }) => name)).toEqual(['At 1', 'At 2', 'At 3']);
  });

  test('delivered twice count once', async () => {
    const { sandbox, destination } = await startDestination({ mapping });
    await destination.deliver([track('u1', 'A')]);
    await destination.deliver([track('u1', 'A')]);
    expect(sandbox.customEvents()).toHaveLength(1);
  });

  test('are sent even if all tags of their event are stale', async () => {
    const { sandbox, destination } = await startDestination({ mapping: besides });
    await destination.deliver([{ ...track('u1', 'A', { plan: 'new' }), timestamp: '2024-05-06T07:08:09.000Z' }]);
    const [late] = await destination.deliver([
      { ...track('u1', 'B', { plan: 'old' }), timestamp: '2024-05-05T07:08:09.000Z' },
    ]);
    expect(late).toMatchObject({
      status: 'delivered',
      applied: ['send_custom_events'],
      dropped: [{ path: 'properties.plan', reason: 'stale' }],
    });
    expect(sandbox.user('u1')?.tags).toEqual({ plan: 'new' });
    expect(sandbox.customEvents().map(({ name }) => name)).toEqual(['A', 'B']);
  });

  test('are sent even if OneSignal refuses the tags of their event', async () => {
    const { sandbox, destination } = await startDestination({ mapping: besides });
    sandbox.fail({ status: 400, body: { errors: ['no'] }, when: ({ method }) => method === 'PATCH' });
    const [outcome] = await destination.deliver([track('u1', 'A', { plan: 'pro' })]);
    expect(outcome).toMatchObject({
      status: 'failed',
      error: { operation: 'update_user' },
      applied: ['send_custom_events'],
    });
  });
});

describe('an event too large for a custom event', () => {
  const tooLarge = track('u1', 'Big', { plan: 'pro', text: 'ü'.repeat(1_000) });

  test('fails, but its tags are still sent', async () => {
    const { sandbox, destination } = await startDestination({ mapping: { ...besides, exclude: [] } });
    const [outcome, other] = await destination.deliver([tooLarge, track('u2', 'A')]);
    expect(outcome).toMatchObject({
      status: 'failed',
      error: { code: 'event_too_large' },
      applied: ['update_user'],
      dropped: [],
    });
    expect(Object.keys(outcome).sort()).toEqual(['applied', 'dropped', 'error', 'messageId', 'status', 'warnings']);
    expect(other.status).toBe('delivered');
    expect(sandbox.user('u1')?.tags).toMatchObject({ plan: 'pro' });
    expect(sizes(sandbox)).toEqual([1]);
  });

  test('shows its tags in the dry run', async () => {
    const { destination } = await startDestination({ mapping: besides });
    const { plans, requests } = destination.plan([tooLarge, track('u1', 'A', { seats: 1 })]);
    expect(plans.map(({ status }) => status)).toEqual(['failed', 'planned']);
    expect(requests).toMatchObject([
      { method: 'PATCH', inputs: [0, 1], body: { properties: { tags: { plan: 'pro', seats: '1' } } } },
      { method: 'POST', inputs: [1] },
    ]);
  });

  test('is retryable as a whole if its tags are not accepted yet', async () => {
    const { sandbox, destination } = await startDestination({ mapping: besides });
    sandbox.fail({ status: 503 });
    expect(await destination.deliver([tooLarge])).toMatchObject([{ status: 'retryable', applied: [] }]);
  });

  test('of a user whom OneSignal does not know stays failed', async () => {
    const { destination } = await startDestination({ mapping: besides, users: [] });
    expect(await destination.deliver([tooLarge])).toMatchObject([
      { status: 'failed', error: { code: 'event_too_large' } },
    ]);
  });
});

describe('a 202 that names refused events', () => {
  const refusal = (userId: string, more: object = {}) => ({
    event_user_id: userId,
    error: { code: 'invalid', title: `the event of ${userId} is invalid` },
    ...more,
  });

  test('fails only those inputs, by user', async () => {
    const { sandbox, destination } = await startDestination({ mapping });
    sandbox.fail({ status: 202, body: { errors: [refusal('u2')] }, times: 1 });
    const outcomes = await destination.deliver([track('u1', 'A'), track('u2', 'A'), track('u3', 'A')]);
    expect(statuses(outcomes)).toEqual(['delivered', 'failed', 'delivered']);
    expect(outcomes[1]).toMatchObject({
      applied: [],
      error: { code: 'invalid_request', status: 202, operation: 'send_custom_events' },
    });
    expect(JSON.stringify(outcomes[1])).not.toContain('event of u2');
  });

  test('finds the input by event_id if the user has several events', async () => {
    const { sandbox, destination } = await startDestination({ mapping });
    sandbox.fail({ status: 202, body: { errors: [refusal('u1', { event_id: 'e2' })] }, times: 1 });
    const outcomes = await destination.deliver([
      track('u1', 'A', { event_id: 'e1' }),
      track('u1', 'B', { event_id: 'e2' }),
    ]);
    expect(statuses(outcomes)).toEqual(['delivered', 'failed']);
    expect(sizes(sandbox)).toEqual([2]);
  });

  test('sends a user’s events again one by one if none has an event_id', async () => {
    const { sandbox, destination } = await startDestination({ mapping });
    sandbox.fail({ status: 202, body: { errors: [refusal('u1')] }, times: 1 });
    const isBad = ({ body }: { body?: unknown }) =>
      JSON.stringify(body).includes('"B"') && !JSON.stringify(body).includes('"A"');
    sandbox.fail({ status: 202, body: { errors: [refusal('u1')] }, when: isBad });
    const outcomes = await destination.deliver([track('u1', 'A'), track('u1', 'B'), track('u2', 'C')]);
    expect(statuses(outcomes)).toEqual(['delivered', 'failed', 'delivered']);
    expect(sizes(sandbox)).toEqual([3, 1, 1]);
  });

  test('sends all events again one by one if it names no user of the request', async () => {
    const { sandbox, destination } = await startDestination({ mapping });
    sandbox.fail({ status: 202, body: { errors: [refusal('somebody')] }, times: 1 });
    const outcomes = await destination.deliver([track('u1', 'A'), track('u2', 'A')]);
    expect(statuses(outcomes)).toEqual(['delivered', 'delivered']);
    expect(sizes(sandbox)).toEqual([2, 1, 1]);
  });

  test.each([[null], ['no'], [7]])('with only the bare error %j refuses no event: it is a warning', async (error) => {
    const { sandbox, destination } = await startDestination({ mapping });
    sandbox.fail({ status: 202, body: { errors: [error] } });
    const outcomes = await destination.deliver([track('u1', 'A'), track('u2', 'A')]);
    const message = `send_custom_events was accepted with an error that names no event${error === 'no' ? ': no' : ''}`;
    const warnings = [{ code: 'invalid_request', message }];
    const warned = { status: 'delivered', applied: ['send_custom_events'], warnings };
    expect(outcomes).toMatchObject([warned, warned]);
    expect(sizes(sandbox)).toEqual([2]);
  });

  test('with any number of bare errors refuses no event, and the first ten are warnings', async () => {
    const { sandbox, destination } = await startDestination({ mapping });
    const errors = Array.from({ length: 20_000 }, (_, index) => `error ${index}`);
    sandbox.fail({ status: 202, body: { errors } });
    const [outcome] = await destination.deliver(Array.from({ length: 20 }, (_, index) => track(`u${index}`, 'A')));
    expect(outcome).toMatchObject({ status: 'delivered' });
    expect(outcome?.warnings.map(({ message }) => message.split(': ')[1])).toEqual(errors.slice(0, 10));
  });

  test.each([[{}], [{ event_user_id: 'u1' }], [{ event_user_id: 'u1', event_id: 7, error: null }]])(
    'with the error %j is about the event if the request has only one',
    async (error) => {
      const { sandbox, destination } = await startDestination({ mapping });
      sandbox.fail({ status: 202, body: { errors: [error] }, times: 1 });
      expect(await destination.deliver([track('u1', 'A')])).toMatchObject([{ status: 'failed', applied: [] }]);
    },
  );

  test.each([[{ errors: [] }], [{ errors: null }], [{}], [[]]])('refuses no event with the body %j', async (body) => {
    const { sandbox, destination } = await startDestination({ mapping });
    sandbox.fail({ status: 202, body, times: 1 });
    expect(await destination.deliver([track('u1', 'A')])).toMatchObject([{ status: 'delivered' }]);
  });
});

describe('a custom event of a user whom OneSignal does not know', () => {
  const fresh = () => ({ ...track('nobody', 'A'), timestamp: new Date().toISOString() });
  const unknown = { mapping, users: ['u1'] };

  test('is skipped as its tags would be, and does not affect other events', async () => {
    const { sandbox, destination } = await startDestination(unknown);
    const outcomes = await destination.deliver([fresh(), track('u1', 'A'), track('nobody', 'B')]);
    expect(outcomes).toMatchObject([
      { status: 'skipped', reason: 'user_not_found', applied: [] },
      { status: 'delivered' },
      { status: 'skipped', reason: 'user_not_found' },
    ]);
    expect(sizes(sandbox)).toEqual([3]);
  });

  test('is skipped too if it is the only one and the answer does not name the user', async () => {
    const { sandbox, destination } = await startDestination(unknown);
    sandbox.fail({
      status: 202,
      body: { errors: [{ event_user_id: null, error: { code: 'not found', title: 'failed to find a onesignal_id' } }] },
    });
    expect(await destination.deliver([track('u1', 'A')])).toMatchObject([
      { status: 'skipped', reason: 'user_not_found' },
    ]);
  });

  test('is retryable with missingUser retry while the event is fresh, and skipped after that', async () => {
    const { destination } = await startDestination({ ...unknown, delivery: { missingUser: 'retry' } });
    const old = { ...track('nobody', 'B'), timestamp: '2024-05-06T07:08:09.000Z' };
    expect(await destination.deliver([fresh(), old])).toMatchObject([
      { status: 'retryable', error: { code: 'unavailable', operation: 'send_custom_events' }, retryAfterMs: 10_000 },
      { status: 'skipped', reason: 'user_not_found' },
    ]);
  });

  test('is skipped with missingUser create if there are no tags to create the user with', async () => {
    const { sandbox, destination } = await startDestination({ ...unknown, delivery: { missingUser: 'create' } });
    expect(await destination.deliver([fresh()])).toMatchObject([{ status: 'skipped', reason: 'user_not_found' }]);
    expect(sandbox.user('nobody')).toBeUndefined();
  });

  test('is sent once its tags have created the user, or is retryable while the user is not visible yet', async () => {
    const event = () => ({ ...fresh(), properties: { plan: 'pro' } });
    const visible = await startDestination({ mapping: besides, users: [], delivery: { missingUser: 'create' } });
    expect(await visible.destination.deliver([event()])).toMatchObject([
      { status: 'delivered', applied: ['update_user', 'send_custom_events'] },
    ]);
    const invisible = await startDestination({
      mapping: besides,
      users: [],
      delivery: { missingUser: 'create' },
      sandbox: { visibleAfterMs: 60_000 },
    });
    expect(await invisible.destination.deliver([event()])).toMatchObject([
      { status: 'retryable', applied: ['update_user'], retryAfterMs: 10_000 },
    ]);
  });
});

describe('a custom event of a user who is created at the same moment', () => {
  const setup = { mapping: { page: 'custom_event' }, users: [], delivery: { missingUser: 'create' } } as const;
  const identify = { type: 'identify', userId: 'u1', messageId: 'i1', traits: { plan: 'pro' } };
  const page = { type: 'page', userId: 'u1', messageId: 'p1', name: 'Home', properties: {} };
  const slowCreation = { delayMs: 50, when: ({ path }: { path: string }) => path.endsWith('/users') };

  test.each([
    ['before', [identify, page]],
    ['after', [page, identify]],
  ])('%s it in one call is accepted', async (_, events) => {
    const { sandbox, destination } = await startDestination(setup);
    sandbox.fail(slowCreation);
    expect(statuses(await destination.deliver(events))).toEqual(['delivered', 'delivered']);
    expect(sandbox.customEvents()).toHaveLength(1);
  });

  test.each([
    ['sets tags', { plan: 'pro' }],
    ['removes one too', { plan: 'pro', old: null }],
  ])('by a request that fails is retryable, if it %s', async (_, traits) => {
    const { sandbox, destination } = await startDestination(setup);
    sandbox.fail({ status: 429, times: 1, when: ({ path }) => path.includes('/users') });
    const events = [{ ...identify, traits }, page];
    expect(statuses(await destination.deliver(events))).toEqual(['retryable', 'retryable']);
    expect(statuses(await destination.deliver(events))).toEqual(['delivered', 'delivered']);
    expect(sandbox.customEvents()).toHaveLength(1);
  });

  test('in an earlier call is accepted', async () => {
    const { sandbox, destination } = await startDestination(setup);
    sandbox.fail(slowCreation);
    const outcomes = await Promise.all([destination.deliver([identify]), destination.deliver([page])]);
    expect(statuses(outcomes.flat())).toEqual(['delivered', 'delivered']);
    expect(sandbox.customEvents()).toHaveLength(1);
  });
});

describe('a refused request of custom events', () => {
  const twoHundred = (isBad: (index: number) => boolean) =>
    Array.from({ length: 200 }, (_, index) => track('u1', isBad(index) ? 'Bad' : 'Good', { index }));

  test('costs a few requests, not hundreds, if OneSignal refuses every event in it', async () => {
    const { sandbox, destination } = await startDestination({ mapping });
    sandbox.fail({ status: 400, body: {}, when: ({ path }) => path.endsWith('/custom_events') });
    const outcomes = await destination.deliver(twoHundred(() => false));
    expect(new Set(statuses(outcomes))).toEqual(new Set(['failed']));
    expect(eventRequests(sandbox).length).toBeLessThanOrEqual(8);
  });

  test.each([
    ['in both halves', (index: number) => index === 3 || index === 197],
    ['side by side', (index: number) => index >= 98 && index < 102],
    ['at the ends', (index: number) => index < 10 || index >= 190],
  ])('fails only the bad events, if they are %s', async (_, isBad) => {
    const { sandbox, destination } = await startDestination({ mapping });
    sandbox.fail({ status: 400, body: {}, when: ({ body }) => JSON.stringify(body).includes('"Bad"') });
    const outcomes = await destination.deliver(twoHundred(isBad));
    expect(statuses(outcomes)).toEqual(outcomes.map((_outcome, index) => (isBad(index) ? 'failed' : 'delivered')));
    expect(sandbox.customEvents().filter(({ name }) => name === 'Good')).toHaveLength(
      200 - outcomes.filter((_outcome, index) => isBad(index)).length,
    );
  });

  test('is sent again in halves, down to the one event that is refused', async () => {
    const { sandbox, destination } = await startDestination({ mapping });
    sandbox.fail({ status: 400, body: {}, when: ({ body }) => JSON.stringify(body).includes('"Bad"') });
    const outcomes = await destination.deliver([
      track('u1', 'A'),
      track('u2', 'B'),
      track('u3', 'Bad'),
      track('u1', 'C'),
    ]);
    expect(statuses(outcomes)).toEqual(['delivered', 'delivered', 'failed', 'delivered']);
    expect(outcomes[2]).toMatchObject({ error: { code: 'invalid_request', status: 400 } });
    expect(sizes(sandbox)).toEqual([4, 2, 2, 1, 1]);
    expect(sandbox.customEvents().map(({ name }) => name)).toEqual(['A', 'B', 'C']);
  });

  test('that the plan does not allow is not tried again, because no half of it would be accepted', async () => {
    const { sandbox, destination } = await startDestination({ mapping });
    const errors = ['This API is not available for applications on your plan.'];
    sandbox.fail({ status: 403, body: { errors } });
    const outcomes = await destination.deliver([track('u1', 'A'), track('u2', 'A'), track('u3', 'A')]);
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({ status: 'failed', error: { code: 'plan_refused', status: 403 } });
    expect(sizes(sandbox)).toEqual([3]);
  });

  test('with a refused key and a text body makes its events retryable, and nothing more is sent', async () => {
    const { sandbox, destination } = await startDestination({ mapping });
    sandbox.fail({ status: 401, headers: { 'content-type': 'text/plain' }, body: '' });
    const [first] = await destination.deliver([track('u1', 'A')]);
    expect(first).toMatchObject({
      status: 'retryable',
      error: { code: 'unauthorized', status: 401 },
      retryAfterMs: 60_000,
    });
    expect(await destination.deliver([track('u2', 'A')])).toMatchObject([
      { status: 'retryable', error: { code: 'unauthorized' } },
    ]);
    expect(sizes(sandbox)).toEqual([1]);
  });

  test('with a 503 is tried again as a whole, and its events are retryable if that does not help', async () => {
    const { sandbox, destination } = await startDestination({ mapping, delivery: { retries: 1 } });
    sandbox.fail({ status: 503, times: 1 });
    expect(statuses(await destination.deliver([track('u1', 'A'), track('u2', 'A')]))).toEqual([
      'delivered',
      'delivered',
    ]);
    sandbox.fail({ status: 503 });
    expect(statuses(await destination.deliver([track('u1', 'B'), track('u2', 'B')]))).toEqual([
      'retryable',
      'retryable',
    ]);
    expect(sizes(sandbox)).toEqual([2, 2, 2, 2]);
  });

  test('waits as long as it is asked to', async () => {
    const { sandbox, destination } = await startDestination({ mapping });
    sandbox.fail({ status: 429, headers: { 'retry-after': '7' } });
    expect(await destination.deliver([track('u1', 'A')])).toMatchObject([
      { status: 'retryable', error: { code: 'rate_limited' }, retryAfterMs: 7_000 },
    ]);
  });

  test('whose answer is lost is repeated by the redelivery, and counts once', async () => {
    const { sandbox, destination } = await startDestination({ mapping });
    sandbox.fail({ drop: 'after', times: 1 });
    expect(await destination.deliver([track('u1', 'A')])).toMatchObject([
      { status: 'retryable', error: { code: 'network' } },
    ]);
    expect(await destination.deliver([track('u1', 'A')])).toMatchObject([{ status: 'delivered' }]);
    expect(sandbox.customEvents()).toHaveLength(1);
  });
});

describe('a custom event that waits behind a request in flight', () => {
  const slowFirst = async () => {
    const started = await startDestination({ mapping });
    started.sandbox.fail({ delayMs: 300, times: 1 });
    const first = started.destination.deliver([track('u1', 'First')]);
    while (eventRequests(started.sandbox).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    return { ...started, first };
  };

  test('is never sent once its deadline has passed', async () => {
    const { sandbox, destination, first } = await slowFirst();
    expect(await destination.deliver([track('u2', 'Late')], { deadlineMs: 50 })).toMatchObject([
      { status: 'retryable', error: { code: 'deadline' }, applied: [] },
    ]);
    expect(await first).toMatchObject([{ status: 'delivered' }]);
    await destination.deliver([track('u3', 'Next')]);
    expect(sandbox.customEvents().map(({ name }) => name)).toEqual(['First', 'Next']);
  });

  test('is never sent once its call is aborted, and the others are still sent', async () => {
    const { sandbox, destination, first } = await slowFirst();
    const controller = new AbortController();
    const aborted = destination.deliver([track('u2', 'Aborted')], { signal: controller.signal });
    const other = destination.deliver([track('u3', 'Other')]);
    controller.abort(new Error('enough'));
    await expect(aborted).rejects.toThrow('enough');
    expect([...(await first), ...(await other)]).toMatchObject([{ status: 'delivered' }, { status: 'delivered' }]);
    expect(sandbox.customEvents().map(({ name }) => name)).toEqual(['First', 'Other']);
  });

  test('is aborted with its call once it is in flight, and the next one is sent', async () => {
    const { sandbox, destination } = await startDestination({ mapping });
    sandbox.fail({ delayMs: 5_000, times: 1 });
    const controller = new AbortController();
    const aborted = destination.deliver([track('u1', 'Aborted')], { signal: controller.signal });
    while (eventRequests(sandbox).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    controller.abort(new Error('enough'));
    await expect(aborted).rejects.toThrow('enough');
    expect(await destination.deliver([track('u2', 'Next')])).toMatchObject([{ status: 'delivered' }]);
  });
});
