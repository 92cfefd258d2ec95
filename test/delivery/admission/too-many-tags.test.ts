import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { identify, membership } from '../events.js';
import { createInMemory, settled } from '../in-memory.js';

beforeEach(() => void vi.useFakeTimers({ now: Date.parse('2026-03-01T12:00:00.000Z') }));
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const traits = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`t${index}`, index]));

test('tags that one event cannot send within the deadline of the call are dropped before the first request, and reported', async () => {
  const { sandbox, destination, log } = createInMemory({ unknownUsers: 'known', rateLimits: true });
  const [outcome] = await settled(destination.deliver([identify('u1', traits(450))], { deadlineMs: 3_500 }));
  expect(outcome).toMatchObject({ status: 'delivered', applied: ['update_user'] });
  expect(outcome.dropped).toHaveLength(150);
  expect(outcome.dropped[0]).toEqual({ path: 'traits.t300', reason: 'too_many_tags' });
  expect(log()).toEqual(['PATCH 202', 'PATCH 202', 'PATCH 202']);
  expect(Object.keys(sandbox.user('u1')?.tags ?? {})).toHaveLength(300);
});

test('dropping thousands of tags costs no more than reading the event', async () => {
  const { destination } = createInMemory({ unknownUsers: 'known' });
  const event = identify('u1', traits(4_000));
  const started = process.cpuUsage();
  const [outcome] = await settled(destination.deliver([event], { deadlineMs: 500 }));
  const { user, system } = process.cpuUsage(started);
  expect(outcome).toMatchObject({ status: 'delivered' });
  expect(outcome.dropped).toHaveLength(3_900);
  // About 50 ms. Mapping the event again for each tag took 5 s.
  expect(user + system).toBeLessThan(1_000_000);
});

test('the first request is always sent, however short the deadline', async () => {
  const { sandbox, destination } = createInMemory({ unknownUsers: 'known' });
  const [outcome] = await settled(destination.deliver([identify('u1', traits(150))], { deadlineMs: 500 }));
  expect(outcome).toMatchObject({ status: 'delivered' });
  expect(outcome.dropped).toHaveLength(50);
  expect(Object.keys(sandbox.user('u1')?.tags ?? {})).toHaveLength(100);
});

test('the deadline of the options applies if the call has none', async () => {
  const { destination } = createInMemory({ unknownUsers: 'known' }, { delivery: { deadlineMs: 2_000 } });
  const [outcome] = await settled(destination.deliver([identify('u1', traits(250))]));
  expect(outcome.dropped).toHaveLength(50);
});

test('removals go first, so they are not dropped', async () => {
  const { sandbox, destination } = createInMemory();
  sandbox.addUser({ externalId: 'u1', tags: { gone: 'x' } });
  const [outcome] = await settled(
    destination.deliver([identify('u1', { ...traits(150), gone: null })], { deadlineMs: 1_000 }),
  );
  expect(outcome.dropped.map(({ path }) => path)).not.toContain('traits.gone');
  expect(sandbox.user('u1')?.tags).not.toHaveProperty('gone');
});

test('a membership that is dropped this way causes a warning, and its segment is not created', async () => {
  const { sandbox, destination } = createInMemory({ unknownUsers: 'known' });
  const event = membership('u1', 'vips', true);
  const removals = Object.fromEntries(Object.keys(traits(150)).map((key) => [key, null]));
  const crowded = { ...event, traits: { ...removals, ...event.traits } };
  const [outcome] = await settled(destination.deliver([crowded], { deadlineMs: 1_000 }));
  expect(outcome.dropped.map(({ path }) => path)).toContain('traits.vips');
  expect(outcome.warnings).toMatchObject([{ code: 'membership_not_set' }]);
  expect(sandbox.segments()).toEqual([]);
});
