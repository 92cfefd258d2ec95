import { afterEach, describe, expect, test, vi } from 'vitest';
import { mapEvent } from '../../src/mapping/map-event.js';
import { createTimeZoneCheck } from '../../src/mapping/opt-ins/time-zone.js';

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('the check of time zones', () => {
  test.each([
    'Europe/Vienna',
    'America/Argentina/Buenos_Aires',
    'America/Port-au-Prince',
    'Etc/GMT+5',
    'UTC',
    'Asia/Kolkata',
    'Asia/Calcutta',
  ])('%s exists', (name) => {
    expect(createTimeZoneCheck()(name)).toBe(true);
  });

  test.each([
    'Europe/Gotham',
    'Pacific Standard Time',
    '+02:00',
    '',
    'Europe/',
    7,
    null,
    `Europe/${'x'.repeat(5_000)}`,
  ])('%j does not exist', (name) => {
    expect(createTimeZoneCheck()(name)).toBe(false);
  });

  test('asks Intl once per name', () => {
    const asked = vi.spyOn(Intl, 'DateTimeFormat');
    const isTimeZone = createTimeZoneCheck();
    for (const name of ['Europe/Vienna', 'Europe/Gotham', 'Europe/Vienna', 'Europe/Gotham']) isTimeZone(name);
    expect(asked).toHaveBeenCalledTimes(2);
    asked.mockRestore();
  });

  test('answers the same after more names than it remembers', () => {
    const isTimeZone = createTimeZoneCheck();
    expect(isTimeZone('Europe/Vienna')).toBe(true);
    for (let index = 0; index < 1_100; index++) expect(isTimeZone(`Nowhere/Place${index}`)).toBe(false);
    expect(isTimeZone('Europe/Vienna')).toBe(true);
  });

  test('accepts every name of the right form if there is no Intl', () => {
    vi.stubGlobal('Intl', undefined);
    const isTimeZone = createTimeZoneCheck();
    expect(isTimeZone('Europe/Gotham')).toBe(true);
    expect(isTimeZone('Pacific Standard Time')).toBe(false);
  });
});

test('an event in a time zone that does not exist keeps its tags', () => {
  const event = {
    type: 'identify',
    userId: 'u1',
    traits: { plan: 'pro' },
    context: { timezone: 'Mars/Olympus' },
  } as const;
  expect(mapEvent(event, { profile: true })).toMatchObject({
    operations: [{ tags: { plan: 'pro' } }],
    dropped: [{ path: 'context.timezone', reason: 'invalid_value' }],
  });
});
