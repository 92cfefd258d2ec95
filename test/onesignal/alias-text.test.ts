import { expect, test } from 'vitest';
import { isAliasText } from '../../src/onesignal/alias-text.js';

test.each(['', '.', '..', 'a..b', 'a b', 'a/b', 'a?b', 'a#b', 'a&b', 'a=b', 'a\tb', 'x'.repeat(129), '\ud800'])(
  '%j can be neither the label nor the id of an alias',
  (text) => {
    expect(isAliasText(text)).toBe(false);
  },
);

test.each(['a', 'a.b', 'customer_id', 'ada@example.com', 'x'.repeat(128), '猫'])('%j can be either', (text) => {
  expect(isAliasText(text)).toBe(true);
});
