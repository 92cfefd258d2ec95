import { afterEach, describe, expect, test, vi } from 'vitest';
import { startSandbox } from '../sandbox-server.js';
import { audience, destinationAt, destinationOn, identify, scripted } from './harness.js';

afterEach(() => {
  vi.useRealTimers();
});
const started = async (missingUser: 'skip' | 'create' | 'retry') => {
  const { sandbox, url } = await startSandbox();
  return { sandbox, destination: destinationAt(url, { delivery: { missingUser } }) };
};

test('by default a user that OneSignal does not know is skipped, and makes no segment', async () => {
  const { sandbox, url } = await startSandbox();
  const [outcome] = await destinationAt(url).deliver([audience('u1', true)]);
  expect(outcome).toMatchObject({ status: 'skipped', reason: 'user_not_found', applied: [], warnings: [] });
  expect(sandbox.users()).toEqual([]);
  expect(sandbox.segments()).toEqual([]);
});

describe("missingUser: 'create'", () => {
  test('creates the user with the tags that are set', async () => {
    const { sandbox, destination } = await started('create');
    const [outcome] = await destination.deliver([identify('u1', { plan: 'pro', city: null })]);
    expect(outcome).toMatchObject({ status: 'delivered', applied: ['update_user'] });
    expect(sandbox.users()).toMatchObject([{ externalId: 'u1', tags: { plan: 'pro' } }]);
  });

  test('creates nobody for removals alone: an exit is no reason to exist', async () => {
    const { sandbox, destination } = await started('create');
    const outcomes = await destination.deliver([audience('u1', false), identify('u2', { city: null })]);
    for (const outcome of outcomes) expect(outcome).toMatchObject({ status: 'skipped', reason: 'user_not_found' });
    expect(sandbox.users()).toEqual([]);
  });

  test('then ensures the segment of who entered', async () => {
    const { sandbox, destination } = await started('create');
    expect(await destination.deliver([audience('u1', true)])).toMatchObject([{ status: 'delivered' }]);
    expect(sandbox.segments()).toMatchObject([{ name: 'VIPs', members: ['u1'] }]);
  });

  test('is skipped where OneSignal knows the user neither way', async () => {
    const nobody = scripted(() => ({ status: 404, body: {} }));
    const destination = destinationOn(nobody, { delivery: { missingUser: 'create' } });
    expect(await destination.deliver([identify('u1', { plan: 'pro' })])).toMatchObject([
      { status: 'skipped', reason: 'user_not_found' },
    ]);
    expect(nobody.requests.map(({ method }) => method)).toEqual(['PATCH', 'POST']);
  });

  test('fails where OneSignal refuses to create', async () => {
    const conflict = { errors: [{ code: 'user-2', title: 'claimed' }] };
    const transport = scripted(({ method }) => (method === 'POST' ? { status: 409, body: conflict } : { status: 404 }));
    const destination = destinationOn(transport, { delivery: { missingUser: 'create' } });
    expect(await destination.deliver([identify('u1', { plan: 'pro' })])).toMatchObject([
      { status: 'failed', error: { code: 'conflict' } },
    ]);
  });
});

describe("missingUser: 'retry'", () => {
  test.each([
    ['just now', 0, 'retryable'],
    ['almost 2 minutes ago', 119_999, 'retryable'],
    ['2 minutes ago', 120_000, 'skipped'],
    ['in the future', -60_000, 'retryable'],
  ])('an event of %s is %s ms old: %s', async (_, ageMs, status) => {
    const { destination } = await started('retry');
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-03-01T10:00:00.000Z') });
    const timestamp = new Date(Date.now() - ageMs).toISOString();
    const [outcome] = await destination.deliver([identify('u1', { plan: 'pro' }, { timestamp })]);
    expect(outcome).toMatchObject(
      status === 'retryable'
        ? { status, retryAfterMs: 10_000, error: { status: 404 } }
        : { status, reason: 'user_not_found' },
    );
  });

  test('an event whose time is not known is skipped: it would be retried for ever', async () => {
    const { destination } = await started('retry');
    expect(await destination.deliver([identify('u1', { plan: 'pro' })])).toMatchObject([{ status: 'skipped' }]);
  });
});

test.each([['<h1>Not found</h1>'], ['not found']])(
  'a 404 that is not OneSignal’s (%s) loses no event',
  async (body) => {
    const { sandbox, url } = await startSandbox();
    sandbox.fail({ status: 404, body });
    const destination = destinationAt(url, { delivery: { retries: 0 } });
    expect(await destination.deliver([identify('u1', { plan: 'pro' })])).toMatchObject([
      { status: 'retryable', error: { code: 'unexpected_response' } },
    ]);
  },
);
