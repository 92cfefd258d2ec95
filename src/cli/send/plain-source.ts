import { type ArchivePosition, readArchive } from '../archive/read-archive.js';
import type { Source, SourceOptions } from './source.js';
import type { Work } from './work.js';

/** Reads an archive in order, one event a work. */
export function createPlainSource(options: SourceOptions, after: ArchivePosition | undefined): Source<ArchivePosition> {
  let done: number | undefined;
  return {
    works: () =>
      plainWorks({ ...options, after }, (share) => {
        done = share;
      }),
    done: () => done,
    step: () => undefined,
    users: () => undefined,
    close: () => {},
  };
}

async function* plainWorks(
  options: SourceOptions & { readonly after: ArchivePosition | undefined },
  onDone: (share: number | undefined) => void,
): AsyncGenerator<Work<ArchivePosition>> {
  const lines = readArchive(options.inputs, {
    ...options,
    onProgress: ({ bytesRead, bytesTotal }) => onDone(bytesTotal === undefined ? undefined : bytesRead / bytesTotal),
  });
  for await (const { file, line, position, event, error } of lines) {
    if (error !== undefined) options.onBroken({ file, line, error });
    yield {
      events: error === undefined && options.filter(event) ? [{ event, file, line }] : [],
      mark: position,
    };
  }
}

export function isArchivePosition(value: unknown): value is ArchivePosition {
  const { file, record } = Object(value);
  return typeof file === 'string' && Number.isSafeInteger(record);
}
