import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { identify } from './events.js';
import { createInMemory, settled } from './in-memory.js';

const now = Date.parse('2026-03-01T12:00:00.000Z');
const ago = (seconds: number) => ({ timestamp: new Date(now - seconds * 1_000).toISOString() });
beforeEach(() => void vi.useFakeTimers({ now }));
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const mapping = {
  subscriptions: { email: true, sms: true, push: true },
  alias: { label: 'crm' },
  deleteUsers: true,
} as const;
const phone = { context: { device: { type: 'android', token: 'shared-phone' } } };

/** A user logs in on the shared phone. */
const login = (userId: string, secondsAgo: number | undefined, more: object = {}) =>
  identify(
    userId,
    { seen: String(secondsAgo) },
    { ...phone, ...(secondsAgo === undefined ? {} : ago(secondsAgo)), ...more },
  );
const rename = (userId: string, previousId: string, secondsAgo: number) => ({
  type: 'alias',
  messageId: `alias-${userId}-${previousId}-${secondsAgo}`,
  userId,
  previousId,
  ...ago(secondsAgo),
});
const deletion = (userId: string, secondsAgo: number) => ({
  type: 'delete',
  messageId: `d-${userId}`,
  userId,
  ...ago(secondsAgo),
});

function withUsers(...externalIds: string[]) {
  const made = createInMemory({}, { mapping, delivery: { userIntervalMs: 0 } });
  for (const externalId of externalIds) made.sandbox.addUser({ externalId });
  const ownerOf = (token: string) =>
    made.sandbox.users().find(({ subscriptions }) => subscriptions.some((one) => one.token === token))?.externalId;
  /** Everything about this user is slow. */
  const slow = (userId: string, delayMs = 5_000) =>
    made.sandbox.fail({
      delayMs,
      when: ({ path, body }) => path.includes(`/${userId}`) || JSON.stringify(body).includes(`"${userId}"`),
    });
  return { ...made, ownerOf, slow };
}

describe('a phone that changes hands', () => {
  test.each([
    ['A', 'B'],
    ['B', 'A'],
  ])('belongs to the user who logged in last, whichever of %s and %s is slow', async (slowUser) => {
    const { destination, ownerOf, slow } = withUsers('A', 'B');
    slow(slowUser);
    await settled(destination.deliver([login('A', 20), login('B', 10)]));
    expect(ownerOf('shared-phone')).toBe('B');
  });

  test('belongs to the last user in any order of the array', async () => {
    const { destination, ownerOf, slow } = withUsers('A', 'B');
    slow('B');
    await settled(destination.deliver([login('B', 10), login('A', 20)]));
    expect(ownerOf('shared-phone')).toBe('B');
  });

  test('belongs to the last user across concurrent calls', async () => {
    const { destination, ownerOf, slow } = withUsers('A', 'B');
    slow('A');
    await settled(Promise.all([destination.deliver([login('A', 20)]), destination.deliver([login('B', 10)])]));
    expect(ownerOf('shared-phone')).toBe('B');
  });

  test('is not taken back by a redelivered older login, whose tags still count', async () => {
    const { sandbox, destination, ownerOf } = withUsers('A', 'B');
    await settled(destination.deliver([login('B', 10)]));
    expect(await settled(destination.deliver([login('A', 20)]))).toMatchObject([
      { status: 'delivered', applied: ['update_user'], dropped: [{ path: 'context.device.token', reason: 'stale' }] },
    ]);
    expect(ownerOf('shared-phone')).toBe('B');
    expect(sandbox.user('A')?.tags).toEqual({ seen: '20' });
  });

  test('goes to the last user even if an earlier login of another is retryable', async () => {
    const { sandbox, destination, ownerOf } = withUsers('A', 'B');
    sandbox.fail({ status: 503, when: ({ path }) => path.includes('/A') });
    const outcomes = await settled(destination.deliver([login('A', 20), login('B', 10)]));
    expect(outcomes.map(({ status }) => status)).toEqual(['retryable', 'delivered']);
    expect(ownerOf('shared-phone')).toBe('B');
  });

  test('goes to the last user even if an earlier login of another is aborted', async () => {
    const { destination, ownerOf, slow } = withUsers('A', 'B');
    slow('A', 60_000);
    const controller = new AbortController();
    const leaving = destination.deliver([login('A', 20)], { signal: controller.signal });
    leaving.catch(() => {});
    const staying = destination.deliver([login('B', 10)]);
    await vi.advanceTimersByTimeAsync(100);
    controller.abort();
    expect(await settled(staying)).toMatchObject([{ status: 'delivered' }]);
    expect(ownerOf('shared-phone')).toBe('B');
  });

  test('goes back and forth among users who share two phones, without a deadlock', async () => {
    const { sandbox, destination, ownerOf } = withUsers('A', 'B');
    const other = { context: { device: { type: 'android', token: 'other-phone' } } };
    const outcomes = await settled(
      destination.deliver([
        login('A', 40),
        login('B', 30, other),
        login('B', 20),
        login('A', 10, other),
        identify('A', { late: 1 }, ago(5)),
      ]),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(outcomes.map(() => 'delivered'));
    expect([ownerOf('shared-phone'), ownerOf('other-phone')]).toEqual(['B', 'A']);
    expect(sandbox.user('A')?.tags).toMatchObject({ late: '1' });
  });

  test('goes to a user whose login has no time but follows a newer event of that user', async () => {
    const { destination, ownerOf } = withUsers('A', 'B');
    await settled(destination.deliver([identify('B', { a: 1 }, ago(10)), login('A', 20), login('B', undefined)]));
    expect(ownerOf('shared-phone')).toBe('B');
  });
});

describe('an email address', () => {
  test('is the same address in another case', async () => {
    const { destination, sandbox } = withUsers('A', 'B');
    await settled(destination.deliver([identify('B', { email: 'Ada@Example.com' }, ago(10))]));
    const outcomes = await settled(destination.deliver([identify('A', { email: 'ada@example.com' }, ago(20))]));
    expect(outcomes).toMatchObject([
      { status: 'skipped', reason: 'stale', dropped: [{ path: 'traits.email', reason: 'stale' }] },
    ]);
    expect(sandbox.user('A')?.subscriptions).toEqual([]);
  });
});

describe('consent', () => {
  const consent = (status: string, secondsAgo: number) =>
    identify(
      'A',
      {},
      {
        ...ago(secondsAgo),
        messageId: `${status}-${secondsAgo}`,
        context: { messaging_subscriptions: [{ key: 'ada@example.com', type: 'EMAIL', status }] },
      },
    );
  const stateOf = (made: ReturnType<typeof withUsers>) =>
    made.sandbox.user('A')?.subscriptions.map(({ enabled }) => enabled);

  test('that was withdrawn is not restored by a redelivered older one', async () => {
    const made = withUsers('A');
    await settled(made.destination.deliver([consent('UNSUBSCRIBED', 10)]));
    expect(await settled(made.destination.deliver([consent('SUBSCRIBED', 20)]))).toMatchObject([
      { status: 'skipped', reason: 'stale' },
    ]);
    expect(stateOf(made)).toEqual([false]);
    await settled(made.destination.deliver([consent('SUBSCRIBED', 5)]));
    expect(stateOf(made)).toEqual([true]);
  });

  test('that arrives late, but is the newest known, counts', async () => {
    const made = withUsers('A');
    await settled(made.destination.deliver([identify('A', { email: 'ada@example.com' }, ago(5))]));
    await settled(made.destination.deliver([consent('UNSUBSCRIBED', 10)]));
    expect(stateOf(made)).toEqual([false]);
  });

  test('that was withdrawn stays withdrawn when an identify names the address again', async () => {
    const made = withUsers('A');
    await settled(made.destination.deliver([consent('UNSUBSCRIBED', 20)]));
    await settled(made.destination.deliver([identify('A', { email: 'ada@example.com', plan: 'pro' }, ago(10))]));
    const sent = made.sandbox.requests().flatMap(({ body }) => JSON.stringify(body));
    expect(sent.filter((body) => body.includes('ada@example.com')).at(-1)).not.toMatch(/enabled|notification_types/);
  });
});

describe('an alias', () => {
  test('of a deleted user is free for another user', async () => {
    const { destination, slow, sandbox } = withUsers('A', 'B');
    await settled(destination.deliver([rename('A', 'crm-1', 50)]));
    slow('A');
    const outcomes = await settled(destination.deliver([deletion('A', 20), rename('B', 'crm-1', 10)]));
    expect(outcomes.map(({ status }) => status)).toEqual(['delivered', 'delivered']);
    expect(sandbox.user('B')?.aliases).toEqual({ crm: 'crm-1' });
  });

  test('belongs to the user who had it first, even if that user is slow', async () => {
    const { destination, slow, sandbox } = withUsers('A', 'B');
    slow('A');
    const outcomes = await settled(destination.deliver([rename('B', 'crm-1', 10), rename('A', 'crm-1', 20)]));
    expect(outcomes).toMatchObject([{ status: 'failed', error: { code: 'conflict' } }, { status: 'delivered' }]);
    expect(sandbox.user('A')?.aliases).toEqual({ crm: 'crm-1' });
  });

  test('that a newer event replaced does not come back', async () => {
    const { destination, sandbox } = withUsers('A');
    await settled(destination.deliver([rename('A', 'crm-2', 10)]));
    expect(await settled(destination.deliver([rename('A', 'crm-1', 20)]))).toMatchObject([
      { status: 'skipped', reason: 'stale', dropped: [{ path: 'previousId', reason: 'stale' }] },
    ]);
    expect(sandbox.user('A')?.aliases).toEqual({ crm: 'crm-2' });
  });
});
