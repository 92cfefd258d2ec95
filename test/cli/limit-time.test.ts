import { expect, test } from 'vitest';
import { limitTime } from '../../src/cli/limit-time.js';

test('a signal that has aborted already leaves no time', () => {
  const signal = limitTime(AbortSignal.abort('stopped'), 10_000);
  expect([signal.aborted, signal.reason]).toEqual([true, 'stopped']);
});

test('a signal that aborts later passes its reason on', () => {
  const controller = new AbortController();
  const signal = limitTime(controller.signal, 10_000);
  expect(signal.aborted).toBe(false);
  controller.abort('stopped');
  expect([signal.aborted, signal.reason]).toEqual([true, 'stopped']);
});
