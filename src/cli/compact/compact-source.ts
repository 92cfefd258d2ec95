import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MappingOptions } from 'segment-onesignal';
import type { Source, SourceOptions } from '../send/source.js';
import type { Work } from '../send/work.js';
import { bucketsIn } from './buckets.js';
import { readGroups } from './read-groups.js';
import { sortArchive, sortedFolders } from './sort-archive.js';

/** How many files are done, and how many groups of the next one. */
export interface CompactMark {
  readonly bucket: number;
  readonly group: number;
}

/** Options of {@link createCompactSource}. */
export interface CompactOptions extends SourceOptions {
  readonly mapping: MappingOptions | undefined;
  /** Whether custom events and purchases are left out. */
  readonly isTagsOnly: boolean;
  /** Where the sorted events are kept while the run lasts. */
  readonly folder: string;
  /** Whether the folder is kept when the run stops, and used when it is resumed. */
  readonly isKept: boolean;
  readonly after: CompactMark | undefined;
}

interface State {
  done: number;
  users: number;
  step: string | undefined;
}

/** Reads an archive and hands out all events of a user together. */
export function createCompactSource(options: CompactOptions): Source<CompactMark> {
  const state: State = { done: 0, users: 0, step: undefined };
  return {
    works: () => compactWorks(options, state),
    done: () => state.done,
    step: () => state.step,
    users: () => state.users,
    close(isFinished) {
      if (isFinished || !options.isKept) rmSync(options.folder, { recursive: true, force: true });
    },
  };
}

async function* compactWorks(options: CompactOptions, state: State): AsyncGenerator<Work<CompactMark>> {
  const { folder, signal, after = { bucket: 0, group: 0 } } = options;
  await sort(options, state);
  const buckets = sortedFolders(folder).flatMap(bucketsIn);
  for (const [bucket, path] of buckets.entries()) {
    state.done = bucket / buckets.length;
    if (bucket < after.bucket) continue;
    let group = 0;
    for await (const { events } of readGroups(path)) {
      signal.throwIfAborted();
      group++;
      if (bucket === after.bucket && group <= after.group) continue;
      state.users++;
      yield { events, mark: { bucket, group } };
    }
  }
}

/** Sorts the archive, unless an earlier run did. */
async function sort(options: CompactOptions, state: State): Promise<void> {
  const sorted = join(options.folder, 'sorted');
  if (options.isKept && existsSync(sorted)) return;
  state.step = 'Sorting by user';
  await sortArchive(options.folder, {
    ...options,
    onProgress({ bytesRead, bytesTotal }) {
      state.done = bytesTotal === undefined ? 0 : bytesRead / bytesTotal;
    },
  });
  writeFileSync(sorted, '');
  state.step = undefined;
}

export function isCompactMark(value: unknown): value is CompactMark {
  const { bucket, group } = Object(value);
  return Number.isSafeInteger(bucket) && Number.isSafeInteger(group);
}
