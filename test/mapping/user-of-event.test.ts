import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { createMapper, mapEvent } from '../../src/mapping/map-event.js';
import type { MappingOptions } from '../../src/mapping/options.js';
import type { EventUser } from '../../src/mapping/tag-options.js';
import { recordOf } from '../../src/record.js';
import type { DeleteEvent, IdentifyEvent, SegmentEvent, TrackEvent } from '../../src/segment/event.js';

const identify: IdentifyEvent = { type: 'identify', userId: 'u1', traits: { plan: 'pro', customer_id: 'c1' } };
const track: TrackEvent = { type: 'track', userId: 'u1', event: 'Signed Up', properties: { plan: 'pro' } };

const customerOf = (event: SegmentEvent): EventUser | undefined => {
  if (event.type !== 'identify') return undefined;
  const id = recordOf(event.traits).customer_id;
  return typeof id === 'string' || typeof id === 'number' ? { label: 'customer_id', id } : undefined;
};
/** The plan for a user function that returns this. */
const planWith = (answer: unknown, event: SegmentEvent = identify) =>
  mapEvent(event, { user: () => answer as EventUser | undefined });
const failure = (message: string) => ({
  status: 'failed',
  error: { code: 'hook_failed', message },
  operations: [],
  dropped: [],
});

describe('the user function', () => {
  test('names the user of each event', () => {
    expect(mapEvent(identify, { user: customerOf }).operations).toEqual([
      { type: 'update_user', user: { label: 'customer_id', id: 'c1' }, tags: { plan: 'pro', customer_id: 'c1' } },
    ]);
  });

  test('can give every event a different label', () => {
    const user = ({ userId, anonymousId }: SegmentEvent): EventUser =>
      userId === undefined || userId === null
        ? { label: 'device_id', id: anonymousId }
        : { label: 'external_id', id: userId };
    const usersOf = (event: SegmentEvent) =>
      mapEvent(event, { user }).operations.map((one) => ('user' in one ? one.user : undefined));
    expect(usersOf(identify)).toEqual([{ label: 'external_id', id: 'u1' }]);
    expect(usersOf({ ...identify, userId: null, anonymousId: 'a1' })).toEqual([{ label: 'device_id', id: 'a1' }]);
  });

  test('is called once for each event that is mapped', () => {
    const seen: SegmentEvent[] = [];
    const mapper = createMapper({
      user(event) {
        seen.push(event);
        return { label: 'customer_id', id: 'c1' };
      },
      customEvents: true,
    });
    for (const event of [identify, track]) mapper.map(event).tagPaths();
    expect(seen).toEqual([identify, track]);
  });

  test.each<[string, SegmentEvent, MappingOptions]>([
    ['of a type that is not mapped', { type: 'page', userId: 'u1' }, {}],
    ['that Segment turns off', { ...identify, integrations: { All: false } }, { integrations: 'respect' }],
    ['that OneSignal sent', { ...track, event: 'Push Clicked', properties: { subscription_id: 's1' } }, {}],
  ])('is not called for an event %s', (_, event, mapping) => {
    const user = () => {
      throw new Error('called');
    };
    expect(mapEvent(event, { ...mapping, user })).toMatchObject({ status: 'skipped' });
  });

  test('is called for deletions, which have no traits', () => {
    const deletion: DeleteEvent = { type: 'delete', userId: 'u1' };
    const user = ({ userId }: SegmentEvent): EventUser => ({ label: 'customer_id', id: `c-${userId}` });
    expect(mapEvent(deletion, { user, deleteUsers: true }).operations).toEqual([
      { type: 'delete_user', user: { label: 'customer_id', id: 'c-u1' } },
    ]);
    expect(mapEvent(deletion, { user: customerOf, deleteUsers: true })).toMatchObject({
      status: 'skipped',
      reason: 'no_user_id',
    });
  });

  test('can come from another realm', () => {
    const user: MappingOptions['user'] = runInNewContext("({ userId }) => ({ label: 'customer_id', id: userId })");
    expect(mapEvent(identify, { user }).operations).toMatchObject([{ user: { label: 'customer_id', id: 'u1' } }]);
  });

  test.each<[string, unknown]>([
    ['undefined', undefined],
    ['an id of undefined', { label: 'customer_id', id: undefined }],
    ['an id of null', { label: 'customer_id', id: null }],
    ['a blank id', { label: 'customer_id', id: ' ' }],
    ['an id that is not finite', { label: 'customer_id', id: Number.NaN }],
  ])('with %s, the event has no user', (_, answer) => {
    expect(planWith(answer)).toStrictEqual({ status: 'skipped', reason: 'no_user_id', operations: [], dropped: [] });
  });

  test.each<[string, EventUser]>([
    ['a placeholder', { label: 'customer_id', id: 'null' }],
    ['the number of a placeholder', { label: 'customer_id', id: 0 }],
    ['an External ID that is too long', { label: 'external_id', id: 'x'.repeat(513) }],
    ['an id that is too long for an alias', { label: 'customer_id', id: 'x'.repeat(129) }],
    ['an id that OneSignal does not accept for an alias', { label: 'customer_id', id: 'a/b' }],
    ['a OneSignal ID that is not a UUID', { label: 'onesignal_id', id: 'c1' }],
  ])('with %s, the event is skipped as blocked_user_id', (_, answer) => {
    expect(planWith(answer)).toMatchObject({ status: 'skipped', reason: 'blocked_user_id' });
  });

  test('that throws fails the plan with its error, without the values of the event', () => {
    const user = (): never => {
      throw new TypeError('no customer c1 of u1');
    };
    const plan = mapEvent(identify, { user });
    expect(plan).toMatchObject(failure('The "user" hook threw an error (see "cause").'));
    expect(plan).toMatchObject({ error: { cause: { name: 'TypeError' } } });
    expect(JSON.stringify(plan)).not.toMatch(/u1/);
  });

  test.each<[string, unknown]>([
    ['null', null],
    ['a string', 'c1'],
    ['an array', ['customer_id', 'c1']],
    ['an object without an id', { label: 'customer_id' }],
    ['an object without a label', { id: 'c1' }],
    ['a promise', Promise.resolve({ label: 'customer_id', id: 'c1' })],
    ...['', 'customer id', 'a/b', '..', 'x'.repeat(129), undefined, 7].map((label): [string, unknown] => [
      `the label ${JSON.stringify(label)}`,
      { label, id: 'c1' },
    ]),
    ...[{}, ['c1'], true, 7n].map((id): [string, unknown] => [
      `an id of type ${typeof id}`,
      { label: 'customer_id', id },
    ]),
  ])('that returns %s fails the plan', (_, answer) => {
    const label = "a label at most 128 characters long, without white space, '..' or any of /?#&=";
    const expected = `undefined or { label, id }, with a string or number as the id and ${label}`;
    const message = `The "user" hook must return ${expected}. It returned a value of type ${typeof answer}.`;
    expect(planWith(answer)).toMatchObject(failure(message));
  });

  test('returns a label that is compared with that of an alias', () => {
    const alias = { type: 'alias', userId: 'u1', previousId: 'u0' } as const;
    const mapping: MappingOptions = {
      alias: { label: 'legacy_id' },
      user: ({ userId }) => ({ label: 'legacy_id', id: userId }),
    };
    expect(mapEvent(alias, mapping)).toMatchObject({
      status: 'skipped',
      reason: 'empty',
      dropped: [{ path: 'previousId', reason: 'reserved_key' }],
    });
  });
});

test('the same id as an External ID and as a OneSignal ID gives custom events different idempotency keys', () => {
  const id = '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a';
  const keyUnder = (label: string, event: TrackEvent) =>
    mapEvent({ ...event, userId: id }, { user: { label }, customEvents: true }).operations.flatMap((one) =>
      one.type === 'send_custom_events' ? one.events.map(({ idempotency_key }) => idempotency_key) : [],
    );
  for (const event of [track, { ...track, messageId: 'm1' }]) {
    const keys = ['external_id', 'onesignal_id'].flatMap((label) => keyUnder(label, event));
    expect(new Set(keys).size).toBe(2);
  }
});

test('a property that is undefined is not reported as lost with a custom event', () => {
  const mapping = { user: { label: 'customer_id' }, customEvents: { tags: 'replace' } } as const;
  expect(mapEvent({ ...track, properties: { plan: 'pro', absent: undefined } }, mapping).dropped).toEqual([
    { path: 'event', reason: 'unsupported_label' },
    { path: 'properties.plan', reason: 'unsupported_label' },
  ]);
});
