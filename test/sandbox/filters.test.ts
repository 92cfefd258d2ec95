import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createSandbox } from '../../src/sandbox/index.js';
import { apiOf, app } from './api.js';

type Tags = Record<string, string>;
const now = 1_750_000_000;

afterEach(() => {
  vi.useRealTimers();
});

/** Whether the endpoints say that a user with these tags is in a segment with these filters. */
async function matches(tags: Tags, filters: object[], update: object = {}): Promise<boolean> {
  const sandbox = createSandbox();
  sandbox.addUser({ externalId: 'u1', tags });
  const call = apiOf(sandbox);
  const updated = await call('PATCH', `${app}/users/by/external_id/u1`, update);
  const created = await call('POST', `${app}/segments`, { name: 's', filters });
  expect([updated.status, created]).toMatchObject([202, { status: 201 }]);
  return sandbox.segments()[0]?.members.includes('u1') === true;
}

const tag = (relation: string, value?: string) => ({
  field: 'tag',
  key: 'k',
  relation,
  ...(value === undefined ? {} : { value }),
});

test.each<[string | undefined, string, string | undefined, boolean]>([
  ['a', '=', 'a', true],
  ['a', '=', 'b', false],
  ['42', '=', '42.0', false],
  [undefined, '=', '', false],
  ['a', '!=', 'b', true],
  ['a', '!=', 'a', false],
  [undefined, '!=', 'a', true],
  ['10', '>', '9', true],
  ['9', '>', '10', false],
  ['10', '>', '10', false],
  ['-1.5', '<', '-1', true],
  ['10', '<', '9', false],
  ['b', '>', 'a', false],
  ['b', '<', 'a', false],
  ['0x10', '>', '1', false],
  [undefined, '>', '-1', false],
  [undefined, '<', '1', false],
  ['a', 'exists', undefined, true],
  [undefined, 'exists', undefined, false],
  ['a', 'not_exists', undefined, false],
  [undefined, 'not_exists', undefined, true],
  ['b', 'in_array', 'a,b', true],
  ['b', 'in_array', 'a, b', true],
  ['c', 'in_array', 'a,b', false],
  [undefined, 'in_array', 'a,b', false],
  ['c', 'not_in_array', 'a,b', true],
  ['b', 'not_in_array', 'a,b', false],
  [undefined, 'not_in_array', 'a,b', true],
  [String(now - 100), 'time_elapsed_gt', '99', true],
  [String(now - 100), 'time_elapsed_gt', '101', false],
  [String(now - 100), 'time_elapsed_lt', '101', true],
  [String(now - 100), 'time_elapsed_lt', '99', false],
  [String(now + 100), 'time_elapsed_gt', '-101', true],
  [String(now + 100), 'time_elapsed_lt', '-99', true],
  ['2025-06-15', 'time_elapsed_gt', '0', false],
  [undefined, 'time_elapsed_lt', '0', false],
])('a tag of %j %s %j: %j', async (value, relation, wanted, expected) => {
  vi.useFakeTimers({ toFake: ['Date'], now: now * 1000 });
  expect(await matches(value === undefined ? {} : { k: value }, [tag(relation, wanted)])).toBe(expected);
});

describe('AND binds tighter than OR, and is implied between two filters', () => {
  const yes = { field: 'tag', key: 'yes', relation: 'exists' };
  const no = { field: 'tag', key: 'no', relation: 'exists' };
  const and = { operator: 'AND' };
  const or = { operator: 'OR' };
  test.each<[string, object[], boolean]>([
    ['yes', [yes], true],
    ['yes no', [yes, no], false],
    ['yes AND no', [yes, and, no], false],
    ['yes OR no', [yes, or, no], true],
    ['no OR yes', [no, or, yes], true],
    ['yes OR yes AND no', [yes, or, yes, and, no], true],
    ['yes OR yes no', [yes, or, yes, no], true],
    ['no AND yes OR yes', [no, and, yes, or, yes], true],
    ['no AND yes OR yes no', [no, and, yes, or, yes, no], false],
    ['no OR no OR yes', [no, or, no, or, yes], true],
  ])('%s', async (_what, filters, expected) => {
    expect(await matches({ yes: '1' }, filters)).toBe(expected);
  });
});

const at = (hoursAgo: number) => ({
  properties: { last_active: now - hoursAgo * 3600, first_active: now - hoursAgo * 3600 },
});

test.each<[string, object, object, boolean]>([
  ['language', { properties: { language: 'de' } }, { field: 'language', relation: '=', value: 'de' }, true],
  ['another language', { properties: { language: 'de' } }, { field: 'language', relation: '!=', value: 'de' }, false],
  ['country', { properties: { country: 'AT' } }, { field: 'country', relation: '=', value: 'AT' }, true],
  ['no country', {}, { field: 'country', relation: '=', value: 'AT' }, false],
  ['session count', { deltas: { session_count: 3 } }, { field: 'session_count', relation: '>', value: '2' }, true],
  ['session time', { deltas: { session_time: 3 } }, { field: 'session_time', relation: '<', value: '3' }, false],
  ['a late last session', at(3), { field: 'last_session', relation: '>', hours_ago: '2.5' }, true],
  ['an early last session', at(3), { field: 'last_session', relation: '<', hours_ago: '2.5' }, false],
  ['first session', at(3), { field: 'first_session', relation: '<', hours_ago: '4' }, true],
  [
    'a place nearby',
    { properties: { lat: 48.2, long: 16.37 } },
    { field: 'location', radius: '5000', lat: '48.21', long: '16.4' },
    true,
  ],
  [
    'a place far away',
    { properties: { lat: 48.2, long: 16.37 } },
    { field: 'location', radius: 1000, lat: 48.21, long: 16.4 },
    false,
  ],
  [
    'a place across the date line',
    { properties: { lat: 0, long: 179.999 } },
    { field: 'location', radius: '1000', lat: '0', long: '-179.999' },
    true,
  ],
  ['no place', {}, { field: 'location', radius: '1000', lat: '0', long: '0' }, false],
])('fields other than tags count too: %s', async (_what, update, filter, expected) => {
  vi.useFakeTimers({ toFake: ['Date'], now: now * 1000 });
  expect(await matches({}, [filter], update)).toBe(expected);
});

test('versions are compared numerically', async () => {
  const sandbox = createSandbox();
  const call = apiOf(sandbox);
  await call('POST', `${app}/users`, {
    identity: { external_id: 'u1' },
    subscriptions: [{ type: 'AndroidPush', token: 't', app_version: '1.10.0' }],
  });
  for (const [relation, value] of [
    ['>', '1.9.0'],
    ['<', '1.9.0'],
    ['=', '1.10.0'],
  ])
    await call('POST', `${app}/segments`, { name: relation, filters: [{ field: 'app_version', relation, value }] });
  expect(sandbox.segments().map(({ members }) => members)).toEqual([['u1'], [], ['u1']]);
});

test('any filters over any tags match as in a model that works on text instead of a tree', async () => {
  const keys = ['a', 'b', '__proto__'];
  const values = ['1', '2', '10', 'x'];
  const condition = fc.record({
    key: fc.constantFrom(...keys),
    relation: fc.constantFrom('=', '!=', '>', '<', 'exists', 'not_exists', 'in_array', 'not_in_array'),
    value: fc.constantFrom(...values),
  });
  const joined = fc.array(fc.tuple(condition, fc.constantFrom('AND', 'OR', '')), { minLength: 1, maxLength: 12 });
  const someTags = fc
    .array(fc.tuple(fc.constantFrom(...keys), fc.constantFrom(...values)), { maxLength: 3 })
    .map((entries): Tags => Object.fromEntries(entries));

  await fc.assert(
    fc.asyncProperty(someTags, joined, async (tags, list) => {
      const filters = list.flatMap(([{ key, relation, value }, operator], index) => [
        { field: 'tag', key, relation, value },
        ...(operator === '' || index === list.length - 1 ? [] : [{ operator }]),
      ]);
      const truth = list
        .map(
          ([filter, operator], index) =>
            `${model(tags, filter)}${index === list.length - 1 ? '' : ` ${operator || 'AND'} `}`,
        )
        .join('');
      const expected = truth.split(' OR ').some((part) => !part.split(' AND ').includes('false'));
      expect(await matches(tags, filters)).toBe(expected);
    }),
    { numRuns: 300 },
  );
});

function model(tags: Tags, { key, relation, value }: { key: string; relation: string; value: string }): boolean {
  const [, tagValue] = Object.entries(tags).find(([name]) => name === key) ?? [];
  if (relation === 'exists' || relation === 'not_exists') return (tagValue !== undefined) === (relation === 'exists');
  if (relation === '=' || relation === 'in_array') return tagValue === value;
  if (relation === '!=' || relation === 'not_in_array') return tagValue !== value;
  if (tagValue === undefined || tagValue === 'x' || value === 'x') return false;
  const difference = Number.parseInt(tagValue, 10) - Number.parseInt(value, 10);
  return relation === '>' ? difference > 0 : difference < 0;
}
