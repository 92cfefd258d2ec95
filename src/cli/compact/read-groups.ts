import { mkdirSync, rmSync, statSync } from 'node:fs';
import type { SourcedEvent } from '../send/work.js';
import { bucketsIn, createBuckets } from './buckets.js';
import { type BucketRecord, eventOf, readRecords } from './records.js';

/** All events of a user, in the order of the archive. */
export interface Group {
  readonly key: string;
  readonly events: readonly SourcedEvent[];
}

/** Text of a bucket to hold at a time. */
const maxBucketBytes = 32_000_000;
/** One user's events cannot be spread further. */
const maxDepth = 3;

/**
 * Reads the groups of a bucket. One that is too large to be held is spread over smaller ones first. What is still too
 * large, such as a user with 100,000 events, comes in several groups.
 *
 * @param limits - Other limits, for tests.
 */
export async function* readGroups(path: string, maxBytes = maxBucketBytes, depth = 1): AsyncGenerator<Group> {
  if (statSync(path).size > maxBytes && depth < maxDepth) {
    const folder = `${path}.${depth}`;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    const buckets = createBuckets(folder, depth);
    for await (const { key, text } of readRecords(path)) buckets.add(key, text);
    buckets.close();
    for (const smaller of bucketsIn(folder)) yield* readGroups(smaller, maxBytes, depth + 1);
    rmSync(folder, { recursive: true });
    return;
  }
  let groups = new Map<string, BucketRecord[]>();
  let bytes = 0;
  for await (const record of readRecords(path)) {
    const group = groups.get(record.key);
    if (group === undefined) groups.set(record.key, [record]);
    else group.push(record);
    bytes += record.text.length;
    if (bytes < maxBytes * 1.5) continue;
    yield* sorted(groups);
    groups = new Map();
    bytes = 0;
  }
  yield* sorted(groups);
}

function* sorted(groups: ReadonlyMap<string, readonly BucketRecord[]>): Generator<Group> {
  for (const [key, records] of groups) {
    const inOrder = records.toSorted((one, other) => one.number - other.number);
    yield { key, events: inOrder.map(eventOf) };
  }
}
