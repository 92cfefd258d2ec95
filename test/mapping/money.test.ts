import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { currencyOf, moneyOf } from '../../src/mapping/opt-ins/money.js';

describe('an amount of money', () => {
  test('of whole cents keeps its value, however floating point represents it', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000_000), (cents) => {
        expect(Math.round(Number(moneyOf(cents / 100, 'USD')) * 100)).toBe(cents);
      }),
    );
  });

  test('that is a sum of cents is the exact sum', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(100_000), { maxLength: 30 }), (prices) => {
        const sum = prices.reduce((total, cents) => total + cents / 100, 0);
        const exact = prices.reduce((total, cents) => total + cents, 0);
        expect(Number(moneyOf(sum, 'EUR')).toFixed(2)).toBe((exact / 100).toFixed(2));
      }),
    );
  });

  test('has at most the decimals of its currency, and is off by at most half of the last one', () => {
    const decimals = { JPY: 0, KRW: 0, USD: 2, EUR: 2, KWD: 3, TND: 3, CLF: 4 } as const;
    const iso = fc.constantFrom(...Object.keys(decimals)) as fc.Arbitrary<keyof typeof decimals>;
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), iso, (value, currency) => {
        const money = moneyOf(value, currency) ?? '';
        expect(money).toMatch(/^\d+(?:\.\d+)?$/);
        expect((money.split('.')[1] ?? '').length).toBeLessThanOrEqual(decimals[currency]);
        expect(Math.abs(Number(money) - value)).toBeLessThanOrEqual(
          0.5 * 10 ** -decimals[currency] * (1 + 1e-6) + 1e-6,
        );
      }),
    );
  });

  test.each([
    [19.98, 'USD', '19.98'],
    ['19.98', 'USD', '19.98'],
    ['$25.00', 'USD', '25.00'],
    [' $ 25 ', 'USD', '25'],
    [0, 'USD', '0'],
    ['0.005', 'USD', '0.01'],
    ['0.004999', 'USD', '0.00'],
    [1.2100000000000002, 'USD', '1.21'],
    ['999.995', 'USD', '1000.00'],
    [0.5, 'JPY', '1'],
    [0.4999, 'JPY', '0'],
    [1.0005, 'BHD', '1.001'],
    [12.345, 'XXX', '12.35'],
  ])('%j in %s is %s', (value, iso, expected) => {
    expect(moneyOf(value, iso)).toBe(expected);
  });

  test.each([-1, '-1', '1.234,50', '1,234.50', '1e3', 1e21, Number.NaN, Number.POSITIVE_INFINITY, '', null, {}, true])(
    '%j is not one',
    (value) => {
      expect(moneyOf(value, 'USD')).toBeUndefined();
    },
  );

  test('of absurd length is not one', () => {
    expect(moneyOf('1'.repeat(1_000_000), 'USD')).toBeUndefined();
    expect(moneyOf(`1.${'1'.repeat(1_000_000)}`, 'USD')).toBeUndefined();
  });
});

test.each([
  [undefined, 'USD'],
  [null, 'USD'],
  ['', 'USD'],
  [' eur ', 'EUR'],
  ['Euro', undefined],
  ['€', undefined],
  [978, undefined],
])('the currency %j is %s', (value, expected) => {
  expect(currencyOf(value)).toBe(expected);
});
