import { expect, test } from 'vitest';
import { differenceOf } from '../../src/testing/difference.js';

test('values that are equal as JSON have no difference, in any order of keys', () => {
  expect(differenceOf({ a: 1, b: [2] }, { b: [2], a: 1 })).toBeUndefined();
});

test('a key that comes last leaves the line before it as it is', () => {
  expect(differenceOf({ plan: 'gold' }, { plan: 'gold', seats: '12' })?.split('\n')).toEqual([
    '  {',
    '    "plan": "gold"',
    '+   "seats": "12"',
    '  }',
  ]);
});
