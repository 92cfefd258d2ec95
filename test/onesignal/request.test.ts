import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EnsureSegment, Operation, Subscription, TagFilter } from '../../src/onesignal/operation.js';
import {
  segmentId,
  toRequest,
  upsertUserRequest,
  viewSegmentRequest,
  viewUserRequest,
} from '../../src/onesignal/request.js';
import { openapiPath, validateRequests } from '../openapi.js';
import { operations } from './arbitrary-plans.js';
import { nodeUuidV5 } from './uuid.js';

const appId = '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a';
const app = `/apps/${appId}`;
const user = { label: 'external_id', id: 'u1' };
const filter = (key: string): TagFilter => ({ field: 'tag', key, relation: '=', value: 'true' });
const segment = (name: string, ...filters: TagFilter[]): EnsureSegment => ({ type: 'ensure_segment', name, filters });

describe('each operation is one request', () => {
  test('update_user changes tags and profile of a user', () => {
    const tags = { plan: 'pro', city: '' };
    expect(toRequest({ type: 'update_user', user, tags }, appId)).toStrictEqual({
      method: 'PATCH',
      path: `${app}/users/by/external_id/u1`,
      body: { properties: { tags } },
    });
    expect(toRequest({ type: 'update_user', user, tags, profile: { language: 'de', lat: 47.07 } }, appId).body).toEqual(
      {
        properties: { tags, language: 'de', lat: 47.07 },
      },
    );
  });

  test('update_user without tags sends none', () => {
    expect(toRequest({ type: 'update_user', user, tags: {}, profile: { country: 'AT' } }, appId).body).toStrictEqual({
      properties: { country: 'AT' },
    });
  });

  test('ensure_segment creates a segment with an id derived from the filters', () => {
    expect(toRequest(segment('VIPs', filter('vip')), appId)).toStrictEqual({
      method: 'POST',
      path: `${app}/segments`,
      body: {
        id: nodeUuidV5('[{"field":"tag","key":"vip","relation":"=","value":"true"}]', appId),
        name: 'VIPs',
        filters: [filter('vip')],
      },
    });
  });

  test('send_custom_events sends the events unchanged', () => {
    const events = [{ name: 'Bought', external_id: 'u1', properties: { price: 9.99, size: null } }];
    expect(toRequest({ type: 'send_custom_events', events }, appId)).toStrictEqual({
      method: 'POST',
      path: `${app}/custom_events`,
      body: { events },
    });
  });

  test('add_subscription gives a user a channel', () => {
    const subscription = { type: 'Email', token: 'jane@example.org' } as const;
    expect(toRequest({ type: 'add_subscription', user, subscription }, appId)).toStrictEqual({
      method: 'POST',
      path: `${app}/users/by/external_id/u1/subscriptions`,
      body: { subscription },
    });
  });

  test('add_alias gives a user another alias', () => {
    expect(toRequest({ type: 'add_alias', user, alias: { label: 'crm', id: '7' } }, appId)).toStrictEqual({
      method: 'PATCH',
      path: `${app}/users/by/external_id/u1/identity`,
      body: { identity: { crm: '7' } },
    });
  });

  test('add_purchases adds to the purchases of a user', () => {
    const purchases = [{ sku: 'hat', amount: '9.99', iso: 'EUR', count: 2 }];
    expect(toRequest({ type: 'add_purchases', user, purchases }, appId)).toStrictEqual({
      method: 'PATCH',
      path: `${app}/users/by/external_id/u1`,
      body: { deltas: { purchases } },
    });
  });

  test('delete_user is a DELETE without a body', () => {
    expect(toRequest({ type: 'delete_user', user }, appId)).toStrictEqual({
      method: 'DELETE',
      path: `${app}/users/by/external_id/u1`,
    });
  });
});

describe('creating or updating a user in one request', () => {
  const update = {
    type: 'update_user',
    user,
    tags: { plan: 'pro', city: '' },
    profile: { language: 'de' },
  } as const;
  const email = { type: 'Email', token: 'jane@example.org' } as const;
  const push = { type: 'AndroidPush', token: 'cafe', enabled: false, notification_types: -31 } as const;
  const add = (subscription: Subscription): Operation => ({ type: 'add_subscription', user, subscription });

  test('sends the tags that are set, the profile and all subscriptions', () => {
    expect(upsertUserRequest([update, add(email), add(push)], appId)).toStrictEqual({
      method: 'POST',
      path: `${app}/users`,
      body: {
        identity: { external_id: 'u1' },
        properties: { tags: { plan: 'pro' }, language: 'de' },
        subscriptions: [email, push],
      },
    });
  });

  test('sends no subscriptions if there are none', () => {
    expect(upsertUserRequest([update], appId).body).toStrictEqual({
      identity: { external_id: 'u1' },
      properties: { tags: { plan: 'pro' }, language: 'de' },
    });
  });

  test('sends no properties if there is no update', () => {
    expect(upsertUserRequest([add(email)], appId).body).toStrictEqual({
      identity: { external_id: 'u1' },
      subscriptions: [email],
    });
  });

  test('sends no tags if all are removals, because a new user has none to remove', () => {
    expect(upsertUserRequest([{ type: 'update_user', user, tags: { city: '' } }], appId).body).toStrictEqual({
      identity: { external_id: 'u1' },
      properties: {},
    });
  });

  test('merges several updates, and the later value wins', () => {
    const later: Operation = {
      type: 'update_user',
      user,
      tags: { plan: '', city: 'Graz' },
      profile: { country: 'AT' },
    };
    expect(upsertUserRequest([update, later], appId).body).toStrictEqual({
      identity: { external_id: 'u1' },
      properties: { tags: { city: 'Graz' }, language: 'de', country: 'AT' },
    });
  });

  test('leaves out other operations, and names no user if they have none', () => {
    const purchases: Operation = { type: 'add_purchases', user, purchases: [{ sku: 'a', amount: '1', iso: 'EUR' }] };
    expect(upsertUserRequest([segment('VIPs', filter('vip')), purchases], appId).body).toStrictEqual({
      identity: { external_id: 'u1' },
    });
    expect(upsertUserRequest([segment('VIPs', filter('vip'))], appId).body).toStrictEqual({ identity: {} });
  });
});

test('viewing a segment is a GET that asks for its details', () => {
  expect(viewSegmentRequest('a b', appId)).toStrictEqual({
    method: 'GET',
    path: `${app}/segments/a%20b?include-segment-detail=true`,
  });
});

test('viewing a user is a GET without a body', () => {
  expect(viewUserRequest(user, appId)).toStrictEqual({ method: 'GET', path: `${app}/users/by/external_id/u1` });
});

describe('ids in a path', () => {
  const pathOf = (id: string, label = 'external_id') =>
    toRequest({ type: 'update_user', user: { label, id }, tags: {} }, appId).path;

  test.each([
    ['a/b', 'a%2Fb'],
    ['jane@example.org', 'jane%40example.org'],
    ['50%', '50%25'],
    ['%2e%2e', '%252e%252e'],
    ['a b?c#d&e', 'a%20b%3Fc%23d%26e'],
    ['Jürgen', 'J%C3%BCrgen'],
    ['猫😀', '%E7%8C%AB%F0%9F%98%80'],
    ['line\nend', 'line%0Aend'],
    ['...', '...'],
  ])('%j is encoded as %s', (id, encoded) => {
    expect(pathOf(id)).toBe(`${app}/users/by/external_id/${encoded}`);
    expect(decodeURIComponent(pathOf(id)).slice(`${app}/users/by/external_id/`.length)).toBe(id);
  });

  test.each([['\ud800'], ['a\udc00b'], [''], ['.'], ['..']])('%j is not allowed there and is replaced', (id) => {
    expect(pathOf(id)).toContain('%EF%BF%BD');
  });

  test('labels are encoded too', () => {
    expect(pathOf('7', 'a/b')).toBe(`${app}/users/by/a%2Fb/7`);
  });

  test('an app id that is not a UUID cannot lead elsewhere', () => {
    expect(toRequest({ type: 'delete_user', user }, '../x').path).toBe('/apps/..%2Fx/users/by/external_id/u1');
    expect(() => toRequest(segment('VIPs', filter('vip')), 'no uuid')).not.toThrow();
  });

  test('no id and no label leads to a path other than its own', () => {
    const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('.', '..', '', '/', '\\', '%2e', '?', '#'));
    fc.assert(
      fc.property(anyText, anyText, (label, id) => {
        const { pathname, search, hash } = new URL(`https://api.onesignal.com${pathOf(id, label)}`);
        expect(pathname.split('/')).toHaveLength(7);
        expect(pathname.startsWith(`${app}/users/by/`)).toBe(true);
        expect(search + hash).toBe('');
      }),
    );
  });
});

describe('the id of a segment', () => {
  const idOf = (operation: EnsureSegment, id = appId): unknown =>
    Reflect.get(Object(toRequest(operation, id).body), 'id');

  test('is the UUID v5 of the app and the canonical JSON of the filters, for any key', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.uuid(), (key, id) => {
        const canonical = `[{"field":"tag","key":${JSON.stringify(key)},"relation":"=","value":"true"}]`;
        expect(idOf(segment('VIPs', filter(key)), id)).toBe(nodeUuidV5(canonical, id));
      }),
    );
  });

  test('does not depend on the name, the order of keys and other fields of a filter', () => {
    const reordered = { value: 'true', relation: '=', key: 'vip', field: 'tag', note: 'x' } as const;
    expect(idOf(segment('B', reordered))).toBe(idOf(segment('A', filter('vip'))));
  });

  test('differs between filters and between apps', () => {
    const ids = [
      idOf(segment('VIPs', filter('vip'))),
      idOf(segment('VIPs', filter('Vip'))),
      idOf(segment('VIPs', filter('vip'), filter('buyer'))),
      idOf(segment('VIPs', filter('vip')), '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6b'),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });
});

test('the operation is not modified, and the same operation gives the same request', () => {
  fc.assert(
    fc.property(operations, (operation: Operation) => {
      const before = structuredClone(operation);
      const request = toRequest(operation, appId);
      expect(operation).toStrictEqual(before);
      expect(toRequest(before, appId)).toStrictEqual(request);
    }),
  );
});

test.skipIf(openapiPath === undefined)("every request is one that OneSignal's API description allows", () => {
  fc.assert(
    fc.property(operations, (operation: Operation) => {
      expect(validateRequests([toRequest(operation, appId)])).toEqual([]);
      if (operation.type === 'update_user')
        expect(validateRequests([viewUserRequest(operation.user, appId)])).toEqual([]);
      if (operation.type === 'ensure_segment')
        expect(validateRequests([viewSegmentRequest(segmentId(operation.filters, appId), appId)])).toEqual([]);
    }),
  );
  fc.assert(
    fc.property(fc.array(operations, { maxLength: 4 }), (several: Operation[]) => {
      expect(validateRequests([upsertUserRequest(several, appId)])).toEqual([]);
    }),
  );
});

test.each<[string, unknown]>([
  ['a plan', { status: 'planned', operations: [], dropped: [] }],
  ['a Segment event', { type: 'identify', userId: 'u1' }],
  ['nothing', undefined],
])('toRequest says what to pass instead of %s', (_, given) => {
  const message = 'Expected an operation. Pass each of plan.operations, or of the operations that coalesce returns.';
  expect(() => Reflect.apply(toRequest, undefined, [given, appId])).toThrow(new TypeError(message));
});
