import { describe, expect, test } from 'vitest';
import { rankOfKey, splitTags } from '../../src/onesignal/tag-order.js';

const tags = (count: number, value: string) =>
  Array.from({ length: count }, (_, index) => ({ key: `${value}${index}`, value }));
const split = <Tag extends { value: string }>(given: readonly Tag[], taken: number) => splitTags(given, taken, () => 0);
const sizes = (parts: readonly unknown[][]) => parts.map((part) => part.length);

describe('splitTags', () => {
  test('fills requests of 100, and the first may have less room', () => {
    expect(sizes(split(tags(250, 'a'), 0))).toEqual([100, 100, 50]);
    expect(sizes(split(tags(250, 'a'), 7))).toEqual([93, 100, 57]);
    expect(sizes(split(tags(100, 'a'), 0))).toEqual([100]);
  });

  test('returns one empty part if there are no tags', () => {
    expect(split([], 3)).toEqual([[]]);
  });

  test('puts removals first, then the lowest rank, and keeps the order of equals', () => {
    const mixed = [
      { key: 'a', value: '1', rank: 3 },
      { key: 'b', value: '', rank: 3 },
      { key: 'c', value: '1', rank: 1 },
      { key: 'd', value: '', rank: 1 },
      { key: 'e', value: '1', rank: 1 },
    ];
    const keysOf = (parts: { key: string }[][]) => parts.map((part) => part.map(({ key }) => key).join(''));
    expect(keysOf(splitTags(mixed, 0, ({ rank }) => rank))).toEqual(['bdcea']);
    expect(keysOf(split(mixed, 97))).toEqual(['bda', 'ce']);
  });

  test('does not modify the tags', () => {
    const given = Object.freeze([...tags(60, 'a'), ...tags(60, '')]);
    expect(split(given, 0).flat()).toHaveLength(120);
    expect(given[0]?.value).toBe('a');
  });
});

test('names rank before memberships, and memberships before all other keys', () => {
  const ranks = [
    rankOfKey('first_name', false),
    rankOfKey('last_name', true),
    rankOfKey('vips', true),
    rankOfKey('plan', false),
  ];
  expect(ranks).toEqual([...ranks].sort());
  expect(new Set(ranks).size).toBe(3);
  expect(rankOfKey('last_name', false)).toBe(rankOfKey('first_name', false));
});
