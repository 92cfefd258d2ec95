import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { identify } from '../events.js';
import { createInMemory, settled } from '../in-memory.js';

beforeEach(() => void vi.useFakeTimers({ now: Date.parse('2026-03-01T12:00:00.000Z') }));
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const title = 'The provided language value is not a supported ISO 639-1 value';
function refusingLanguages() {
  const made = createInMemory({ unknownUsers: 'known' }, { mapping: { profile: ['language'] } });
  made.sandbox.fail({
    status: 400,
    body: { errors: [{ code: 'invalid', title }] },
    when: ({ body }) => JSON.stringify(body).includes('"language":"uk"'),
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

test('a profile that is all there is fails alone', async () => {
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
