import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createWatermark } from '../../../src/cli/send/watermark.js';

test('a mark is reached only when all work before it is done, and the last mark is reached in the end', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3_000 }), fc.integer(), (count, seed) => {
      const reached: number[] = [];
      const isDone = Array.from({ length: count }, () => false);
      const watermark = createWatermark<number>((mark) => {
        expect(isDone.slice(0, mark + 1)).not.toContain(false);
        reached.push(mark);
      });
      const finish = isDone.map((_, mark) => watermark.open(mark));
      // Close to each other, as work in flight is.
      const order = isDone.map((_, mark) => ({ mark, at: mark + ((mark * 7919 + Math.abs(seed)) % 50) }));
      for (const { mark } of order.sort((one, other) => one.at - other.at)) {
        isDone[mark] = true;
        finish[mark]?.();
      }
      expect(reached).toEqual([...reached].sort((one, other) => one - other));
      expect(reached.at(-1)).toBe(count - 1);
    }),
    { numRuns: 50 },
  );
});
