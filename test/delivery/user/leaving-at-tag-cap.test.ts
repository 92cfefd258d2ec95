import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { MappingOptions, OneSignalRequest } from '../../../src/index.js';
import { at, identify } from '../events.js';
import { createInMemory, settled } from '../in-memory.js';
import { tagsOf } from '../wire.js';

// Two calls for one user are merged: one sets tags, `last` after all others, and the other removes `last` later. A
// request is answered with 503, and the caller of the removal leaves before the retry.

beforeEach(() => void vi.useFakeTimers({ now: Date.parse('2026-03-01T12:00:00.000Z') }));
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const tagLimit = 3;
const dropped = (...keys: string[]) => keys.map((key) => ({ path: `traits.${key}`, reason: 'tag_limit' }));

function create(mapping?: MappingOptions, missingUser: 'skip' | 'create' = 'skip') {
  return createInMemory({ tagLimit }, { mapping, delivery: { missingUser } });
}

const hasTwoTags = (request: OneSignalRequest) => Object.keys(tagsOf({ request }) ?? {}).length === 2;
const isPost = ({ method }: OneSignalRequest) => method === 'POST';

/** Leaves once the first such request has failed. Resolves with the outcomes of the call that stays. */
async function leaveAfterFailure(
  { sandbox, destination, attempts }: ReturnType<typeof create>,
  isSuch: (request: OneSignalRequest) => boolean,
  traits: Record<string, unknown>,
  context: Record<string, unknown> = {},
) {
  sandbox.fail({ status: 503, times: 1, when: isSuch });
  const controller = new AbortController();
  const removal = identify('u1', { last: null }, { timestamp: at(3) });
  const leaving = destination.deliver([removal], { signal: controller.signal });
  const staying = destination.deliver([
    identify('u1', traits, { timestamp: at(1), messageId: 'm1', context }),
    identify('u1', { last: 1 }, { timestamp: at(2), messageId: 'm2' }),
  ]);
  while (!attempts.some(({ status }) => status === 503)) await vi.advanceTimersToNextTimerAsync();
  controller.abort();
  await expect(leaving).rejects.toThrow();
  return settled(staying);
}

const lastIsDropped = [
  { status: 'delivered', dropped: [] },
  { status: 'delivered', dropped: dropped('last') },
];

test('in the retry of removals, the tag takes no room from those before it', async () => {
  const made = create();
  made.sandbox.addUser({ externalId: 'u1', tags: { t0: 'x' } });
  const outcomes = await leaveAfterFailure(made, hasTwoTags, { t0: null, a: 1, b: 1, c: 1 });
  expect(made.sandbox.user('u1')?.tags).toEqual({ a: '1', b: '1', c: '1' });
  expect(outcomes).toMatchObject(lastIsDropped);
});

test('in the retry of changes that make room, the tag takes no room from those before it', async () => {
  const made = create({ tagLimit });
  made.sandbox.addUser({ externalId: 'u1', tags: { t0: 'x', t1: 'x', t2: 'x' } });
  await settled(made.destination.deliver([identify('u1', { a: 1 })]));
  await settled(made.destination.deliver([identify('u1', { t2: null }, { messageId: 'm0' })]));
  const outcomes = await leaveAfterFailure(made, hasTwoTags, { t0: null, a: 1, b: 1 });
  expect(made.sandbox.user('u1')?.tags).toEqual({ t1: 'x', a: '1', b: '1' });
  expect(outcomes).toMatchObject(lastIsDropped);
});

test('in the retry that creates the user, the tags are fitted again, and the subscription goes with them', async () => {
  const made = create({ tagLimit, subscriptions: { email: true } }, 'create');
  const outcomes = await leaveAfterFailure(made, isPost, { a: 1, b: 1, c: 1, email: 'ada@example.com' });
  expect(made.sandbox.user('u1')).toMatchObject({
    tags: { a: '1', b: '1', c: '1' },
    subscriptions: [{ type: 'Email', token: 'ada@example.com' }],
  });
  expect(outcomes).toMatchObject(lastIsDropped);
});

test('in the retry of a part that is sent again without its profile, every tag is written or reported', async () => {
  const made = create({ profile: ['language'] });
  made.sandbox.addUser({ externalId: 'u1', tags: { t0: 'x' } });
  const speaks = ({ body }: OneSignalRequest) => JSON.stringify(body ?? null).includes('"language"');
  made.sandbox.fail({ status: 400, body: {}, when: (request) => hasTwoTags(request) && speaks(request) });
  const isAnew = (request: OneSignalRequest) => hasTwoTags(request) && !speaks(request);
  const outcomes = await leaveAfterFailure(made, isAnew, { t0: null, a: 1, b: 1, c: 1 }, { locale: 'de' });
  const written = Object.keys(made.sandbox.user('u1')?.tags ?? {});
  const reported = outcomes.flatMap((outcome) => outcome.dropped.map(({ path }) => path.replace('traits.', '')));
  expect([...written, ...reported].sort()).toEqual(['a', 'b', 'c', 'last']);
});
