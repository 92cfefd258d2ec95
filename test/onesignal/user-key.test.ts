import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isAliasText } from '../../src/onesignal/alias-text.js';
import { storeKey, userKey, userOfCustomEvent } from '../../src/onesignal/user-key.js';

const text = fc.oneof(
  fc.constantFrom('u1', 'c1', 'user', 'user/customer_id/c1', 'user/external_id/u1', 'a b', 'b', 'alias/x'),
  fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom('a', ' ', '/', 'user', '1') }),
);
const label = fc.oneof(
  fc.constantFrom('external_id', 'onesignal_id', 'customer_id', 'user', 'a'),
  text.filter(isAliasText),
);
const user = fc.record({ label, id: text });

describe.each([
  ['userKey', userKey],
  ['storeKey', storeKey],
])('%s', (_, keyOf) => {
  test('is the same for two users only if their labels and ids are', () => {
    fc.assert(
      fc.property(user, user, (one, other) => {
        const isSame = one.label === other.label && one.id === other.id;
        expect(keyOf(one) === keyOf(other)).toBe(isSame);
      }),
      { numRuns: 20_000 },
    );
  });

  test('distinguishes two labels with the same id', () => {
    fc.assert(
      fc.property(label, label, text, (one, other, id) => {
        fc.pre(one !== other);
        expect(keyOf({ label: one, id })).not.toBe(keyOf({ label: other, id }));
      }),
    );
  });
});

test('storeKey of an External ID is the id itself, unless another entry of the store could have that name', () => {
  expect(storeKey({ label: 'external_id', id: 'u1' })).toBe('u1');
  expect(storeKey({ label: 'customer_id', id: 'c1' })).toBe('user/customer_id/c1');
  for (const id of ['user/customer_id/c1', 'subscription/s1', 'alias/a1'])
    expect(storeKey({ label: 'external_id', id })).toBe(`user/external_id/${id}`);
});

test('the user of a custom event is named by External ID or by OneSignal ID', () => {
  const event = { name: 'Bought', properties: {} };
  expect(userOfCustomEvent({ ...event, external_id: 'u1' })).toEqual({ label: 'external_id', id: 'u1' });
  expect(userOfCustomEvent({ ...event, onesignal_id: 'o1' })).toEqual({ label: 'onesignal_id', id: 'o1' });
  expect(userOfCustomEvent(event)).toEqual({ label: 'onesignal_id', id: '' });
});
