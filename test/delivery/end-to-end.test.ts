import { expect, test } from 'vitest';
import { startSandbox } from '../sandbox-server.js';
import { destinationAt } from './destinations.js';
import { at, audience, identify, track } from './events.js';

async function start(...users: string[]) {
  const { sandbox, url } = await startSandbox();
  for (const externalId of users) sandbox.addUser({ externalId });
  return { sandbox, url, destination: destinationAt(url) };
}
const computed = {
  context: { personas: { computation_class: 'computed_trait', computation_key: 'total_spent' } },
};

test('an identify becomes tags, and traits that are left out are reported', async () => {
  const { sandbox, destination } = await start('u1');
  const outcomes = await destination.deliver([
    identify('u1', { plan: 'pro', age: 42, address: { city: 'Graz' }, email: 'jane@example.org' }),
  ]);
  expect(outcomes).toStrictEqual([
    {
      status: 'delivered',
      messageId: 'm-u1',
      applied: ['update_user'],
      dropped: [
        { path: 'traits.address', reason: 'nested' },
        { path: 'traits.email', reason: 'identifier' },
      ],
      warnings: [],
    },
  ]);
  expect(sandbox.user('u1')?.tags).toEqual({ plan: 'pro', age: '42' });
});

test('a track becomes tags; null removes one', async () => {
  const { sandbox, destination } = await start('u1');
  await destination.deliver([track('u1', { brand: 'Acme', coupon: 'SPRING' })]);
  await destination.deliver([track('u1', { coupon: null })]);
  expect(sandbox.user('u1')?.tags).toEqual({ brand: 'Acme' });
});

test.each([
  ['track', audience],
  [
    'identify',
    (userId: string, isMember: boolean) =>
      identify(
        userId,
        { vips: isMember },
        { context: { personas: { computation_class: 'audience', computation_key: 'vips' } } },
      ),
  ],
])('an audience by %s: a user who enters is a member of its segment, and one who exits is not', async (_, event) => {
  const { sandbox, destination } = await start('u1', 'u2');
  const entered = await destination.deliver([event('u1', true), event('u2', true)]);
  for (const { status, applied } of entered) {
    expect(status).toBe('delivered');
    expect(applied).toEqual(['update_user', 'ensure_segment']);
  }
  expect(sandbox.segments().map(({ members }) => members)).toEqual([['u1', 'u2']]);

  expect(await destination.deliver([event('u1', false)])).toMatchObject([{ status: 'delivered' }]);
  expect(sandbox.segments().map(({ members }) => members)).toEqual([['u2']]);
});

test.each([
  ['identify', identify('u1', { total_spent: 99.5 }, computed)],
  ['track', track('u1', { total_spent: 99.5, trait_key: 'total_spent' }, computed)],
])('a computed trait by %s becomes a tag', async (_, event) => {
  const { sandbox, destination } = await start('u1');
  expect(await destination.deliver([event])).toMatchObject([{ status: 'delivered' }]);
  expect(sandbox.user('u1')?.tags).toEqual({ total_spent: '99.5' });
});

test('each input of a mixed batch has its own outcome, in its place', async () => {
  const { sandbox, destination } = await start('u1', 'u3');
  const outcomes = await destination.deliver([
    identify('u1', { plan: 'pro' }),
    { type: 'page', messageId: 'page', userId: 'u1' },
    null,
    identify('u2', { plan: 'pro' }),
    { type: 'identify', messageId: 'nobody', anonymousId: 'a' },
    { type: 'identify', messageId: 'odd', userId: 'u1', traits: 'pro' },
    audience('u3', true),
  ]);
  expect(outcomes.map((outcome) => [outcome.status, 'reason' in outcome ? outcome.reason : outcome.messageId])).toEqual(
    [
      ['delivered', 'm-u1'],
      ['skipped', 'unsupported_type'],
      ['failed', undefined],
      ['skipped', 'user_not_found'],
      ['skipped', 'no_user_id'],
      ['failed', 'odd'],
      ['delivered', 'm-u3'],
    ],
  );
  expect(sandbox.users().map(({ externalId }) => externalId)).toEqual(['u1', 'u3']);
});

test('events of one user become one request, and the newest value wins in any order', async () => {
  const { sandbox, destination } = await start('u1');
  const outcomes = await destination.deliver([
    identify('u1', { plan: 'new', a: 1 }, { timestamp: at(3) }),
    track('u1', { plan: 'old', b: 2 }, { timestamp: at(1) }),
    track('u1', { plan: 'newer' }, { timestamp: at(4) }),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(['delivered', 'delivered', 'delivered']);
  expect(sandbox.requests()).toHaveLength(1);
  expect(sandbox.user('u1')?.tags).toEqual({ plan: 'newer', a: '1', b: '2' });
});

test('users are reached even if their ids need encoding', async () => {
  const ids = ['a/b', 'jane@example.org', '50%', 'Jürgen 猫😀', '?#&', '...'];
  const { sandbox, destination } = await start(...ids);
  await destination.deliver(ids.map((id) => identify(id, { plan: 'pro' })));
  expect(sandbox.users().map(({ externalId, tags }) => [externalId, tags])).toEqual(
    ids.map((id) => [id, { plan: 'pro' }]),
  );
});

test('more than 100 tags of one event all arrive', async () => {
  const { sandbox, destination } = await start('u1');
  const traits = Object.fromEntries(Array.from({ length: 250 }, (_, index) => [`t${index}`, index]));
  expect(await destination.deliver([identify('u1', traits)])).toMatchObject([{ status: 'delivered', dropped: [] }]);
  expect(Object.keys(sandbox.user('u1')?.tags ?? {})).toHaveLength(250);
  expect(sandbox.requests()).toHaveLength(3);
});

test('delivering again changes nothing', async () => {
  const { sandbox, destination } = await start('u1');
  const events = [identify('u1', { plan: 'pro' }, { timestamp: at(1) }), audience('u1', true, { timestamp: at(2) })];
  await destination.deliver(events);
  const before = { users: sandbox.users(), segments: sandbox.segments() };
  expect((await destination.deliver(events)).map(({ status }) => status)).toEqual(['delivered', 'delivered']);
  expect({ users: sandbox.users(), segments: sandbox.segments() }).toEqual(before);
});
