import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { happenedAt, readTime, timeOfDate } from '../../src/segment/timestamp.js';

const iso = (value: unknown) => {
  const time = readTime(value);
  return time === undefined ? undefined : new Date(time).toISOString();
};

describe('readTime', () => {
  test.each([
    ['2019-06-21T17:39:06.142Z', '2019-06-21T17:39:06.142Z'],
    ['2022-12-20T06:15:48.929272685Z', '2022-12-20T06:15:48.929Z'],
    ['2022-12-20T06:15:48.9Z', '2022-12-20T06:15:48.900Z'],
    ['2022-12-20T06:15:48,929Z', '2022-12-20T06:15:48.929Z'],
    ['2022-12-20T06:15:48Z', '2022-12-20T06:15:48.000Z'],
    ['2022-12-20T06:15Z', '2022-12-20T06:15:00.000Z'],
    ['2022-12-20T06:15:48.929+02:00', '2022-12-20T04:15:48.929Z'],
    ['2022-12-20T22:15:48-0330', '2022-12-21T01:45:48.000Z'],
    ['2022-12-20T22:15:48+01', '2022-12-20T21:15:48.000Z'],
    ['2024-02-29T00:00:00.000Z', '2024-02-29T00:00:00.000Z'],
    ['2000-02-29T00:00:00Z', '2000-02-29T00:00:00.000Z'],
    ['0050-01-01T00:00:00Z', '0050-01-01T00:00:00.000Z'],
    ['1631210063', '2021-09-09T17:54:23.000Z'],
    ['1631210063123', '2021-09-09T17:54:23.123Z'],
    [1631210063, '2021-09-09T17:54:23.000Z'],
    [1631210063123, '2021-09-09T17:54:23.123Z'],
    [new Date('2024-05-06T07:08:09.123Z'), '2024-05-06T07:08:09.123Z'],
  ])('reads %s', (value, expected) => {
    expect(iso(value)).toBe(expected);
  });

  test.each([
    ['2017'],
    ['2015-2-02T22:28:55.111Z'],
    ['2020-05-09 23:54:49.209808489 +0000 UTC m=+70366.298768264'],
    ['2020-05-09'],
    ['2020-05-09T23:54:49'],
    ['2020-05-09 23:54:49Z'],
    ['20200509T235449Z'],
    ['2020-05-09T23:54.5Z'],
    ['2020-05-09T23Z'],
    ['2020-05-09T23:54:49.Z'],
    ['2020-05-09T23:54:49+1'],
    ['2020-05-09T23:54:49+02:'],
    ['2020-05-09T23:54:49+24:00'],
    ['2020-05-09T23:54:49+02:60'],
    ['2023-02-30T00:00:00Z'],
    ['2023-02-29T00:00:00.000Z'],
    ['1900-02-29T00:00:00Z'],
    ['2023-04-31T00:00:00Z'],
    ['2023-13-01T00:00:00Z'],
    ['2023-00-01T00:00:00Z'],
    ['2023-01-00T00:00:00Z'],
    ['2023-01-01T24:00:00Z'],
    ['2023-01-01T25:00:00Z'],
    ['2023-01-01T00:60:00Z'],
    ['2023-01-01T00:00:60Z'],
    [' 2023-01-01T00:00:00Z'],
    ['2023-01-01T00:00:00Z\n'],
    ['Tue, 01 Jan 2019 00:00:00 GMT'],
    ['163121006'],
    ['16312100631'],
    ['1631210063.5'],
    ['-1631210063'],
    [''],
    [1631210063.5],
    [-1631210063],
    [1e21],
    [Number.NaN],
    [0],
    [new Date(Number.NaN)],
    [null],
    [undefined],
    [true],
    [{}],
    [[1631210063]],
    [1631210063n],
  ])('cannot read %s', (value) => {
    expect(readTime(value)).toBeUndefined();
  });

  test('reads every time in the form that happenedAt returns', () => {
    fc.assert(
      fc.property(
        fc.date({
          min: new Date('0000-01-01T00:00:00Z'),
          max: new Date('9999-12-31T23:59:59.999Z'),
          noInvalidDate: true,
        }),
        (date) => {
          expect(readTime(date.toISOString())).toBe(date.getTime());
          expect(happenedAt({ timestamp: date.toISOString(), receivedAt: date.toISOString() })).toBe(
            date.toISOString(),
          );
        },
      ),
    );
  });

  test('never throws', () => {
    fc.assert(fc.property(fc.anything(), (value) => void readTime(value)));
  });
});

describe('happenedAt', () => {
  const timestamp = '2024-05-06T07:08:09.123Z';

  test('returns ISO 8601 in UTC with milliseconds', () => {
    expect(happenedAt({ timestamp })).toBe(timestamp);
    expect(happenedAt({ timestamp: '2024-05-06T07:08:09.123456789+02:00' })).toBe('2024-05-06T05:08:09.123Z');
    expect(happenedAt({ timestamp: 1631210063 })).toBe('2021-09-09T17:54:23.000Z');
    expect(happenedAt({ timestamp: '2024-02-29T00:00:00.000Z' })).toBe('2024-02-29T00:00:00.000Z');
  });

  test('is never later than a readable receivedAt', () => {
    expect(happenedAt({ timestamp, receivedAt: '2024-05-06T07:08:09.122Z' })).toBe('2024-05-06T07:08:09.122Z');
    expect(happenedAt({ timestamp, receivedAt: '2024-05-06T07:08:09.124Z' })).toBe(timestamp);
    expect(happenedAt({ timestamp, receivedAt: '2024-05-06T09:08:08+02:00' })).toBe('2024-05-06T07:08:08.000Z');
    expect(happenedAt({ timestamp, receivedAt: '2017' })).toBe(timestamp);
    expect(happenedAt({ timestamp, receivedAt: null })).toBe(timestamp);
  });

  test('is absent if the timestamp cannot be read, even if receivedAt can', () => {
    expect(happenedAt({ receivedAt: timestamp })).toBeUndefined();
    expect(happenedAt({ timestamp: '2023-02-30T00:00:00.000Z', receivedAt: timestamp })).toBeUndefined();
  });

  test('is absent for years that ISO 8601 writes with a sign', () => {
    expect(happenedAt({ timestamp: new Date(8.64e15) })).toBeUndefined();
    expect(happenedAt({ timestamp: '0000-01-01T00:00:00+01:00' })).toBeUndefined();
  });

  test('returns the same time on the fast path for the usual form as on the slow one', () => {
    const part = (max: number) => fc.integer({ min: 0, max }).map((value) => String(value).padStart(2, '0'));
    const text = fc
      .tuple(fc.constantFrom('2023', '2024', '1900', '2000'), part(13), part(32), part(25), part(61), part(61))
      .map(([year, month, day, hour, minute, second]) => `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`);
    fc.assert(
      fc.property(text, (value) => {
        const time = readTime(value);
        expect(happenedAt({ timestamp: value })).toBe(time === undefined ? undefined : value);
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('timeOfDate', () => {
  test('recognizes a Date of another realm', () => {
    expect(timeOfDate(runInNewContext('new Date(5)'))).toBe(5);
  });

  test('is not fooled by an object that only has its name', () => {
    expect(timeOfDate({ [Symbol.toStringTag]: 'Date' })).toBeUndefined();
    expect(timeOfDate(Object.create(Date.prototype))).toBeUndefined();
  });

  test('returns NaN for an invalid Date', () => {
    expect(timeOfDate(new Date(Number.NaN))).toBeNaN();
  });
});
