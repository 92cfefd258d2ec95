import { expect, test } from 'vitest';
import { OwnedPartitions } from '../../src/fleet/owned-partitions.js';

const claims = [0, 1, 2, 3].map((partition) => [partition, 0] as const);

test('partitions beyond the share are no longer read, and are given away once their events are settled', () => {
  const partitions = new OwnedPartitions();
  partitions.take({ share: 2, claims });
  partitions.leaveExtra();
  expect(partitions.readable(0)).toEqual([2, 3]);
  expect(partitions.left).toEqual([]);
  partitions.settled(0);
  expect(partitions.left).toEqual([0]);
  partitions.forget(0);
  expect(partitions.all).toEqual([1, 2, 3]);
});

test('a partition that was given away and has come back is kept', () => {
  const partitions = new OwnedPartitions();
  partitions.take({ share: 3, claims });
  partitions.leaveExtra();
  partitions.settled(0);
  partitions.forget(0);
  partitions.take({ share: 4, claims });
  // An exchange that began earlier reports this late.
  partitions.settled(0);
  expect(partitions.left).toEqual([]);
  expect(partitions.readable(0)).toEqual([1, 2, 3, 0]);
});

test('a partition is read after its waiting time', () => {
  const partitions = new OwnedPartitions();
  partitions.take({
    share: 64,
    claims: [
      [5, 60_000],
      [6, 0],
    ],
  });
  expect(partitions.readable(0)).toEqual([6]);
});

test('each turn begins with a different partition', () => {
  const partitions = new OwnedPartitions();
  partitions.take({ share: 64, claims });
  expect([0, 1, 5].map((turn) => partitions.readable(turn)[0])).toEqual([0, 1, 1]);
});
