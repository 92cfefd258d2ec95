import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { MappingOptions } from '../../../src/index.js';
import type { SandboxOptions } from '../../../src/sandbox/index.js';
import { identify } from '../events.js';
import { createInMemory, settled } from '../in-memory.js';

beforeEach(() => void vi.useFakeTimers({ now: Date.parse('2026-03-01T12:00:00.000Z') }));
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const title = 'The provided language value is not a supported ISO 639-1 value';
function refusingLanguages(options: SandboxOptions = {}, mapping: MappingOptions = {}) {
  const made = createInMemory(
    { unknownUsers: 'known', ...options },
    { mapping: { profile: ['language'], ...mapping } },
  );
  made.sandbox.fail({
    status: 400,
    body: { errors: [{ code: 'invalid', title }] },
    when: ({ body }) => JSON.stringify(body ?? null).includes('"language":"uk"'),
  });
  return made;
}
const speaks = (userId: string, locale: string, traits: Record<string, unknown>) =>
  identify(userId, traits, { context: { locale } });

test('a language that OneSignal does not support does not cost the tags, and a warning says so', async () => {
  const { sandbox, destination, log } = refusingLanguages();
  const [outcome] = await settled(destination.deliver([speaks('u1', 'uk', { plan: 'pro' })]));
  expect(outcome).toMatchObject({
    status: 'delivered',
    applied: ['update_user'],
    warnings: [{ code: 'profile_refused' }],
  });
  expect(outcome.warnings[0]?.message).toContain(title);
  expect(sandbox.user('u1')?.tags).toEqual({ plan: 'pro' });
  expect(log()).toEqual(['PATCH 400', 'PATCH 202']);
});

test('an event with nothing but a refused profile fails', async () => {
  const { destination } = refusingLanguages();
  expect(await settled(destination.deliver([speaks('u1', 'uk', {})]))).toMatchObject([
    { status: 'failed', error: { code: 'invalid_request' } },
  ]);
});

test('an update whose tags are refused too fails, and its neighbours keep theirs', async () => {
  const { sandbox, destination } = refusingLanguages();
  sandbox.fail({ status: 400, body: {}, when: ({ body }) => JSON.stringify(body).includes('"bad"') });
  const outcomes = await settled(
    destination.deliver([
      speaks('u1', 'uk', { plan: 'pro' }),
      speaks('u1', 'de', { bad: 1 }),
      identify('u1', { city: 'Graz' }),
    ]),
  );
  expect(outcomes.map(({ status }) => status)).toEqual(['delivered', 'failed', 'delivered']);
  expect(sandbox.user('u1')?.tags).toEqual({ plan: 'pro', city: 'Graz' });
});

describe('an update that was cut to the room for tags is refused for its profile', () => {
  test.each([
    { kind: 'a removal that makes room', tagLimit: undefined, traits: { t0: null, a: 1, b: 1, c: 1 } },
    { kind: 'a removal that makes room, with a known limit', tagLimit: 3, traits: { t0: null, a: 1, b: 1, c: 1 } },
    { kind: 'as many new tags as fit', tagLimit: 3, traits: { a: 1, b: 1, c: 1 } },
  ])('$kind: the rest is still written or reported', async ({ tagLimit, traits }) => {
    const { sandbox, destination } = refusingLanguages({ tagLimit: 3 }, { tagLimit });
    sandbox.addUser({ externalId: 'u1', tags: { t0: 'x', t1: 'x', t2: 'x' } });
    await settled(destination.deliver([identify('u1', { a: 1 }, { messageId: 'm1' })]));
    await settled(destination.deliver([identify('u1', { t2: null }, { messageId: 'm2' })]));
    const [outcome] = await settled(destination.deliver([speaks('u1', 'uk', traits)]));
    expect(outcome).toMatchObject({ status: 'delivered', warnings: [{ code: 'profile_refused' }] });
    const written = Object.keys(sandbox.user('u1')?.tags ?? {}).map((key) => `traits.${key}`);
    expect(written).toHaveLength(3);
    for (const key of ['a', 'b', 'c'])
      expect([...written, ...outcome.dropped.map(({ path }) => path)]).toContain(`traits.${key}`);
  });
});
