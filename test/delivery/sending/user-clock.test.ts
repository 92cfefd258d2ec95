import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { systemClock } from '../../../src/clock.js';
import { createUserClock } from '../../../src/delivery/sending/user-clock.js';

const start = Date.UTC(2026, 0, 1);
beforeEach(() => vi.useFakeTimers({ now: start }));
afterEach(() => vi.useRealTimers());

test('a user waits for the rest of the interval, whatever others do meanwhile', () => {
  const clock = createUserClock(1000, systemClock);
  for (let ms = 0; ms < 5000; ms += 100) {
    vi.setSystemTime(start + ms);
    const waited = clock.waitMs('u1');
    expect(waited).toBe(ms % 1000 === 0 ? 0 : 1000 - (ms % 1000));
    if (waited === 0) clock.start('u1', Date.now());
    clock.start(`other-${ms}`, Date.now());
  }
});

test('nobody waits for a clock that was set back to catch up', () => {
  const clock = createUserClock(1000, systemClock);
  clock.start('u1', Date.now());
  vi.setSystemTime(start - 3_600_000);
  expect(clock.waitMs('u1')).toBe(0);
  clock.start('u1', Date.now());
  expect(clock.waitMs('u1')).toBe(1000);
});

test('without an interval nobody waits', () => {
  const clock = createUserClock(0, systemClock);
  clock.start('u1', Date.now());
  expect(clock.waitMs('u1')).toBe(0);
});
