import { expect, test } from 'vitest';
import { differenceOf } from '../../src/testing/difference.js';

test('values that are equal as JSON have no difference, in any order of keys', () => {
  expect(differenceOf({ a: 1, b: [2] }, { b: [2], a: 1 })).toBeUndefined();
});

test('an added last key does not change the line before it', () => {
  expect(differenceOf({ plan: 'gold' }, { plan: 'gold', seats: '12' })?.split('\n')).toEqual([
    '  {',
    '    "plan": "gold"',
    '+   "seats": "12"',
    '  }',
  ]);
});
