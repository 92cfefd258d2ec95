import { afterEach, beforeEach, expect, vi } from 'vitest';

/** When each test begins, in Unix milliseconds. */
export const now = Date.parse('2026-03-01T12:00:00.000Z');

/** Stops time at {@link now} in each test of the file, and checks that no timer is left behind. */
export function useFakeTime(): void {
  beforeEach(() => void vi.useFakeTimers({ now }));
  afterEach(() => {
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });
}

/** An event's time, in seconds before the test began. */
export function ago(seconds: number): { timestamp: string } {
  return { timestamp: new Date(now - seconds * 1_000).toISOString() };
}
