import { afterEach, expect, test, vi } from 'vitest';
import { startSandbox } from '../sandbox-server.js';
import { audience, destinationAt, destinationOn, identify, scripted } from './harness.js';

afterEach(() => {
  vi.useRealTimers();
});
const isSegment = ({ path }: { path: string }) => path.endsWith('/segments');
async function start(...users: string[]) {
  const { sandbox, url } = await startSandbox();
  for (const externalId of users) sandbox.addUser({ externalId });
  return { sandbox, url, destination: destinationAt(url), segmentRequests: () => sandbox.requests().filter(isSegment) };
}

test('a segment is ensured once for many who enter together', async () => {
  const users = Array.from({ length: 20 }, (_, index) => `u${index}`);
  const { sandbox, destination, segmentRequests } = await start(...users);
  const outcomes = await destination.deliver(users.map((id) => audience(id, true)));
  for (const outcome of outcomes)
    expect(outcome).toMatchObject({ status: 'delivered', applied: ['update_user', 'ensure_segment'] });
  expect(segmentRequests()).toHaveLength(1);
  expect(sandbox.segments()).toMatchObject([{ name: 'VIPs', members: users }]);
});

test('one that is there is remembered for an hour, across calls', async () => {
  const { destination, segmentRequests } = await start('u1');
  vi.useFakeTimers({ toFake: ['Date'] });
  await destination.deliver([audience('u1', true)]);
  vi.advanceTimersByTime(3_599_999);
  expect(await destination.deliver([audience('u1', true)])).toMatchObject([
    { status: 'delivered', applied: ['update_user', 'ensure_segment'] },
  ]);
  expect(segmentRequests()).toHaveLength(1);
  vi.advanceTimersByTime(1);
  await destination.deliver([audience('u1', true)]);
  expect(segmentRequests()).toHaveLength(2);
});

test('one that somebody else created is a 409, which means done', async () => {
  const { url, segmentRequests } = await start('u1', 'u2');
  await destinationAt(url).deliver([audience('u1', true)]);
  expect(await destinationAt(url).deliver([audience('u2', true)])).toMatchObject([
    { status: 'delivered', applied: ['update_user', 'ensure_segment'], warnings: [] },
  ]);
  expect(segmentRequests().map(({ status }) => status)).toEqual([201, 409]);
});

test.each([
  [403, 'This API is not available for applications on your plan.'],
  [422, 'You have reached the maximum number of segments allowed for your plan.'],
  [400, 'Segment name is already taken.'],
])(
  'one that OneSignal refuses (%i) is a warning on a delivered event, remembered for ten minutes',
  async (status, reason) => {
    const { sandbox, destination, segmentRequests } = await start('u1');
    sandbox.fail({ status, body: { success: false, errors: [reason] }, when: isSegment });
    vi.useFakeTimers({ toFake: ['Date'] });
    const refused = {
      status: 'delivered',
      applied: ['update_user'],
      warnings: [{ code: 'segment_not_created', status, reasons: [reason], operation: 'ensure_segment' }],
    };
    expect(await destination.deliver([audience('u1', true)])).toMatchObject([refused]);
    expect(await destination.deliver([audience('u1', true)])).toMatchObject([refused]);
    expect(segmentRequests()).toHaveLength(1);
    vi.advanceTimersByTime(600_000);
    await destination.deliver([audience('u1', true)]);
    expect(segmentRequests()).toHaveLength(2);
  },
);

test.each([[{ status: 503 }], [{ status: 429 }], [{ drop: 'after' as const }]])(
  'one that fails for the moment (%j) makes the event retryable, and is not remembered',
  async (fault) => {
    const { sandbox, url, segmentRequests } = await start('u1');
    const undo = sandbox.fail({ ...fault, when: isSegment });
    const destination = destinationAt(url, { delivery: { retries: 0 } });
    expect(await destination.deliver([audience('u1', true)])).toMatchObject([
      { status: 'retryable', applied: ['update_user'], error: { operation: 'ensure_segment' } },
    ]);
    expect(sandbox.user('u1')?.tags).toEqual({ vips: 'true' });
    undo();
    expect(await destination.deliver([audience('u1', true)])).toMatchObject([{ status: 'delivered' }]);
    expect(segmentRequests()).toHaveLength(2);
  },
);

test('a slow one never delays a membership', async () => {
  const released: (() => void)[] = [];
  const transport = scripted((request) =>
    isSegment(request) ? new Promise((resolve) => released.push(() => resolve({ status: 201 }))) : { status: 202 },
  );
  const destination = destinationOn(transport);
  const entering = destination.deliver([audience('u1', true)]);
  await vi.waitFor(() => expect(released).toHaveLength(1));
  expect(await destination.deliver([identify('u1', { plan: 'pro' }), identify('u2', { plan: 'pro' })])).toMatchObject([
    { status: 'delivered' },
    { status: 'delivered' },
  ]);
  const joining = destination.deliver([audience('u2', true)]);
  await vi.waitFor(() => expect(transport.requests).toHaveLength(5));
  for (const release of released) release();
  expect([...(await entering), ...(await joining)]).toMatchObject([{ status: 'delivered' }, { status: 'delivered' }]);
  expect(transport.requests.filter(isSegment)).toHaveLength(1);
});

test('it follows only once the tags of somebody were accepted', async () => {
  const transport = scripted((request) => ({ status: isSegment(request) ? 201 : 400 }));
  expect(await destinationOn(transport).deliver([audience('u1', true)])).toMatchObject([{ status: 'failed' }]);
  expect(transport.requests.some(isSegment)).toBe(false);
});

test('an event that failed stays failed when its segment is retryable', async () => {
  const tagsOf = (body: unknown) => Object(Reflect.get(Object(Reflect.get(Object(body), 'properties')), 'tags'));
  const transport = scripted((request) => {
    if (isSegment(request)) return { status: 503 };
    return { status: 't120' in tagsOf(request.body) ? 400 : 202 };
  });
  const traits = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`t${index}`, index]));
  const event = identify(
    'u1',
    { ...traits, vips: true },
    {
      context: { personas: { computation_class: 'audience', computation_key: 'vips' } },
    },
  );
  const destination = destinationOn(transport, { delivery: { retries: 0 } });
  expect(await destination.deliver([event])).toMatchObject([{ status: 'failed', error: { operation: 'update_user' } }]);
});

test('the segment of one who goes away is still created for another', async () => {
  const started: AbortSignal[] = [];
  const released: (() => void)[] = [];
  const transport = scripted((request, signal) => {
    if (!isSegment(request)) return { status: 202 };
    started.push(signal);
    return new Promise((resolve) => released.push(() => resolve({ status: 201 })));
  });
  const destination = destinationOn(transport);
  const controller = new AbortController();
  const leaving = destination.deliver([audience('u1', true)], { signal: controller.signal });
  await vi.waitFor(() => expect(started).toHaveLength(1));
  const staying = destination.deliver([audience('u2', true)]);
  await vi.waitFor(() => expect(transport.requests).toHaveLength(3));
  await new Promise((resolve) => setImmediate(resolve));
  controller.abort(new Error('enough'));
  await expect(leaving).rejects.toThrow('enough');
  expect(started[0]?.aborted).toBe(false);
  for (const release of released) release();
  expect(await staying).toMatchObject([{ status: 'delivered', applied: ['update_user', 'ensure_segment'] }]);
});
