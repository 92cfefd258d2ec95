import { expect, test } from 'vitest';
import type { Outcome } from '../../src/index.js';
import { createSqsHandler } from '../../src/queue/sqs.js';
import { createFakeDestination, identify, track } from '../../src/testing/index.js';

test('it records its inputs, and delivers every event unless told otherwise', async () => {
  const destination = createFakeDestination();
  const [one, other] = [identify(), track('A')];
  expect(await destination.deliver([one], { deadlineMs: 5 })).toMatchObject([
    { status: 'delivered', messageId: one.messageId },
  ]);
  await destination.deliver([other]);
  expect(destination.events).toEqual([one, other]);
  expect(destination.deliveries).toEqual([
    { events: [one], options: { deadlineMs: 5 } },
    { events: [other], options: undefined },
  ]);
});

test('it returns outcomes in the order of arrival, across calls', async () => {
  const full: Outcome = { status: 'skipped', reason: 'stale', applied: [], dropped: [], warnings: [] };
  const destination = createFakeDestination({ outcomes: ['retryable', full, 'failed', 'skipped'] });
  const first = await destination.deliver([1, 2]);
  const second = await destination.deliver([3, 4, 5]);
  expect([...first, ...second].map(({ status }) => status)).toEqual([
    'retryable',
    'skipped',
    'failed',
    'skipped',
    'delivered',
  ]);
  expect(first[1]).toBe(full);
  expect(first[0]).toMatchObject({ retryAfterMs: 1_000, error: { code: 'unavailable' } });
});

test('a function chooses outcomes by event and position', async () => {
  const destination = createFakeDestination({
    outcomes: (event, index) => (event === 'bad' || index > 1 ? 'failed' : 'delivered'),
  });
  const outcomes = await destination.deliver(['bad', 'good', 'late']);
  expect(outcomes.map(({ status }) => status)).toEqual(['failed', 'delivered', 'failed']);
});

test('it keeps the contract of a destination: aborts reject, and so does a single event outside an array', async () => {
  const destination = createFakeDestination();
  await expect(destination.deliver([1], { signal: AbortSignal.abort('over') })).rejects.toBe('over');
  const single: unknown = identify();
  // @ts-expect-error JavaScript callers pass a single event by mistake.
  await expect(destination.deliver(single)).rejects.toThrow(TypeError);
  expect(destination.deliveries).toEqual([]);
});

test('a host can be tested with it', async () => {
  const destination = createFakeDestination({ outcomes: ['delivered', 'retryable'] });
  const handler = createSqsHandler(destination);
  const record = (messageId: string) => ({ messageId, body: JSON.stringify(identify()) });
  const answer = await handler({ Records: [record('r1'), record('r2')] });
  expect(answer.batchItemFailures).toEqual([{ itemIdentifier: 'r2' }]);
});

test.each<[string, unknown]>([
  ['an unknown status', 'x'],
  ['an object with an unknown status', { status: 'x' }],
  ['an outcome without its fields', { status: 'delivered' }],
  ['a skipped outcome without a reason', { status: 'skipped', applied: [], dropped: [], warnings: [] }],
  ['a failed outcome without an error', { status: 'failed', applied: [], dropped: [], warnings: [] }],
])('it refuses %s', async (_, outcome) => {
  const create = (outcomes: unknown) => Reflect.apply(createFakeDestination, undefined, [{ outcomes }]);
  const message =
    "must be 'delivered', 'skipped', 'retryable', 'failed' or an outcome with all its fields, as deliver returns it.";
  const refused = { name: 'ConfigurationError', option: 'outcomes.1', message: `"outcomes.1" ${message}` };
  expect(() => create(['delivered', outcome])).toThrow(expect.objectContaining(refused));
  const choosing = create((_event: unknown, index: number) => (index === 1 ? outcome : undefined));
  await expect(choosing.deliver([identify(), identify()])).rejects.toThrow(expect.objectContaining(refused));
});

test('it refuses outcomes that are neither an array nor a function', () => {
  const create = () => Reflect.apply(createFakeDestination, undefined, [{ outcomes: 'failed' }]);
  const message = '"outcomes" must be an array of outcomes or a function.';
  expect(create).toThrow(expect.objectContaining({ name: 'ConfigurationError', option: 'outcomes', message }));
});
