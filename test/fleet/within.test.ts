import { expect, onTestFinished, test, vi } from 'vitest';
import { within } from '../../src/fleet/within.js';

const never = new Promise<void>(() => {});

test('a time limit is named in whole milliseconds', async () => {
  await expect(within(10 / 3, never)).rejects.toThrow('Redis did not answer within 3 ms.');
});

test('a time limit does not keep a process alive whose connection is closed', async () => {
  const timeout = vi.spyOn(globalThis, 'setTimeout');
  onTestFinished(() => timeout.mockRestore());
  const waiting = within(20, never);
  expect(timeout.mock.results.map(({ value }) => value.hasRef())).toEqual([false]);
  await expect(waiting).rejects.toThrow();
});
