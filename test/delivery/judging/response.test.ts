import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readJson, readRetryAfter } from '../../../src/delivery/judging/response.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-03-01T10:00:00.000Z') });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('Retry-After', () => {
  test.each([
    ['seconds', '2', 2_000],
    ['no seconds', '0', 0],
    ['a fraction of a second, which must not be rounded down', '1.0001', 1_001],
    ['white space around it', ' 2\t', 2_000],
    ['a date', 'Sun, 01 Mar 2026 10:00:05 GMT', 5_000],
    ['a date in the past', 'Sun, 01 Mar 2026 09:59:00 GMT', 0],
    ['more than a day', '86401', 86_401_000],
    ['an absurd number, a year', '9'.repeat(400), 31_536_000_000],
    ['an absurd date, a year', 'Fri, 31 Dec 9999 23:59:59 GMT', 31_536_000_000],
    ['several numbers, the largest', '2, 9,5', 9_000],
    ['a number and a date, the later', '2, Sun, 01 Mar 2026 10:00:05 GMT', 5_000],
  ])('as %s', (_, text, ms) => {
    expect(readRetryAfter({ 'retry-after': text })).toBe(ms);
  });

  test('is read from its own header only, and only as a string or number', () => {
    expect(readRetryAfter({ 'x-ratelimit-limit': '900', 'Retry-After': '2' })).toBe(2_000);
    expect(readRetryAfter({ 'x-ratelimit-limit': '900' })).toBeUndefined();
    expect(readRetryAfter(new Map<string, unknown>([['retry-after', { toString: () => '900' }]]) as never)).toBe(
      undefined,
    );
  });

  test.each([
    [''],
    [' '],
    ['-1'],
    ['-5'],
    ['soon'],
    ['1e3'],
    ['2,'],
    ['2, soon'],
    ['2 s'],
    ['Infinity'],
    ['NaN'],
    ['0x10'],
    ['2026-03-01'],
    ['Sun, 99 Xyz 2026 10:00:05 GMT'],
  ])('with the value %j counts as absent', (text) => {
    expect(readRetryAfter({ 'retry-after': text })).toBeUndefined();
  });

  test.each<[string, unknown]>([
    ['Headers', new Headers({ 'Retry-After': '2' })],
    ['a Map', new Map([['Retry-After', '2']])],
    [
      'pairs',
      [
        ['x', '1'],
        ['RETRY-AFTER', '2'],
      ],
    ],
    ['a record', { 'Retry-After': '2' }],
    ['a record of arrays, as Node has them', { 'retry-after': ['1', '2'] }],
    ['a number', { 'Retry-After': 2 }],
    [
      'an iterable of another class',
      {
        *[Symbol.iterator]() {
          yield ['retry-after', '2'];
        },
      },
    ],
  ])('is found in %s', (_, headers) => {
    expect(Reflect.apply(readRetryAfter, undefined, [headers])).toBe(2_000);
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a string', 'retry-after: 2'],
    ['a flat array', ['retry-after', '2']],
    ['an array of undefined and null', [undefined, null]],
    ['a value that is not a string', { 'retry-after': { seconds: 2 } }],
    ['an empty array', { 'retry-after': [] }],
    [
      'a getter that throws',
      {
        get 'retry-after'() {
          throw new Error('mine');
        },
      },
    ],
    [
      'an iterator that throws',
      {
        [Symbol.iterator]() {
          throw new Error('mine');
        },
      },
    ],
  ])('is absent in %s', (_, headers) => {
    expect(Reflect.apply(readRetryAfter, undefined, [headers])).toBeUndefined();
  });

  test('is never negative, never more than a year, and never throws, for any value', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.anything()), (value) => {
        const ms: unknown = Reflect.apply(readRetryAfter, undefined, [{ 'Retry-After': value }]);
        if (ms === undefined) return;
        expect(ms).toBeGreaterThanOrEqual(0);
        expect(ms).toBeLessThanOrEqual(31_536_000_000);
      }),
    );
  });
});

describe('a body', () => {
  test.each([[undefined], [null], [''], [' \n']])('%j is empty', (body) => {
    expect(readJson(body)).toEqual({ kind: 'empty' });
  });
  test.each([[{ a: 1 }], [[1]], [{}]])('%j is JSON, parsed or as a string', (value) => {
    expect(readJson(value)).toEqual({ kind: 'json', value });
    expect(readJson(JSON.stringify(value))).toEqual({ kind: 'json', value });
  });
  test.each([
    ['<html>'],
    ['"text"'],
    ['1'],
    ['true'],
    ['null '],
    [1],
    [true],
    [new Uint8Array(1)],
    [new Map()],
    [() => {}],
  ])('%s is something else', (body) => {
    expect(readJson(body)).toEqual({ kind: 'other' });
  });
});
