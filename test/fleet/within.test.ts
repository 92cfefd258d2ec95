import { expect, test } from 'vitest';
import { within } from '../../src/fleet/within.js';

test('a time limit is named in whole milliseconds', async () => {
  const never = new Promise<void>(() => {});
  await expect(within(10 / 3, never)).rejects.toThrow('Redis did not answer within 3 ms.');
});
