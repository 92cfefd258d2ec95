import { describe, expect, test } from 'vitest';
import { openapiPath, validateRequests, validateResponses } from './openapi.js';

const app = '/apps/11111111-2222-4333-8444-555555555555';
const tag = { field: 'tag', key: 'plan', relation: '=', value: 'pro' };

describe.skipIf(openapiPath === undefined)(
  'OneSignal’s API description (skipped unless ONESIGNAL_OPENAPI names it, because we may not ship it)',
  () => {
    test('accepts valid requests', () => {
      expect(
        validateRequests([
          { method: 'PATCH', path: `${app}/users/by/external_id/a%2Fb`, body: { properties: { tags: { a: '1' } } } },
          { method: 'POST', path: `${app}/segments`, body: { name: 'n', filters: [tag, { operator: 'OR' }, tag] } },
          { method: 'GET', path: `${app}/segments?offset=0&limit=10` },
          { method: 'POST', path: `${app}/custom_events`, body: { events: [{ name: 'a', external_id: 'u1' }] } },
          { method: 'DELETE', path: `${app}/users/by/external_id/u1` },
        ]),
      ).toEqual([]);
    });

    test.each([
      ['an unknown path', { method: 'GET', path: `${app}/players` }, /no such operation/],
      ['a method that the path does not have', { method: 'DELETE', path: `${app}/custom_events` }, /no such operation/],
      [
        'a body of a request that has none',
        { method: 'DELETE', path: `${app}/users/by/external_id/u1`, body: {} },
        /takes no body/,
      ],
      ['a missing body', { method: 'POST', path: `${app}/segments` }, /must be object/],
      [
        'tags that are not an object',
        { method: 'PATCH', path: `${app}/users/by/a/b`, body: { properties: { tags: 'a' } } },
        /\/properties\/tags must be object/,
      ],
      [
        'milliseconds instead of seconds',
        { method: 'PATCH', path: `${app}/users/by/a/b`, body: { properties: { last_active: 1_700_000_000_000 } } },
        /last_active must match format/,
      ],
      [
        'a segment without filters',
        { method: 'POST', path: `${app}/segments`, body: { name: 'n' } },
        /must have required property 'filters'/,
      ],
      [
        'a filter value that is not a string',
        {
          method: 'POST',
          path: `${app}/segments`,
          body: { name: 'n', filters: [{ ...tag, value: 1 }, { operator: 'XOR' }] },
        },
        /operator must be equal to one of/,
      ],
      [
        'a subscription of an unknown type',
        {
          method: 'POST',
          path: `${app}/users/by/a/b/subscriptions`,
          body: { subscription: { type: 'Fax', token: '1' } },
        },
        /type must be equal to one of/,
      ],
      [
        'an event without a name',
        { method: 'POST', path: `${app}/custom_events`, body: { events: [{}] } },
        /must have required property 'name'/,
      ],
      ['an unknown query parameter', { method: 'GET', path: `${app}/segments?name=a` }, /no parameter name/],
      ['a limit that is not an integer', { method: 'GET', path: `${app}/segments?limit=many` }, /must be integer/],
    ])('refuses %s', (_what, request, complaint) => {
      expect(validateRequests([request])).toEqual(expect.arrayContaining([expect.stringMatching(complaint)]));
    });

    test('validates answers with documented statuses, and ignores others', () => {
      const answer = { method: 'POST', path: `${app}/segments`, body: { errors: [{}] } };
      expect(validateResponses([{ ...answer, status: 422 }])).toEqual([
        'POST /apps/{app_id}/segments 422: /errors/0 must be string',
      ]);
      expect(validateResponses([{ ...answer, status: 409 }])).toEqual([]);
    });
  },
);
