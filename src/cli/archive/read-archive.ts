import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { printable } from '../print/words.js';
import { reasonOf } from '../system-error.js';
import { type ArchiveFile, listArchive, standardInput } from './list-files.js';
import { readBytes } from './read-bytes.js';
import type { ArchiveRecord } from './record.js';
import { createRecordSplitter } from './split-records.js';
import { stoppable } from './stoppable.js';
import { unwrapFailed } from './unwrap-failed.js';

/** Where an archive was read to. */
export interface ArchivePosition {
  readonly file: string;
  /** Number of records of the file that have been read, broken ones included. */
  readonly record: number;
}

interface Place {
  /** Path of the file. `-` is standard input. */
  readonly file: string;
  /** Line on which the event begins, from 1. 0 if the file itself could not be read. */
  readonly line: number;
  /** Pass it as `after` to go on with the next record. */
  readonly position: ArchivePosition;
}
/** An event of an archive, not parsed further than JSON, or why a part of the archive cannot be read. */
export type ArchiveLine =
  | (Place & { readonly event: unknown; readonly error?: undefined })
  | (Place & { readonly event?: undefined; readonly error: string });

/** Where a line stands, to print it: `events.ndjson:12`, or the file alone if its data is damaged. */
export function placeOf({ file, line }: Pick<ArchiveLine, 'file' | 'line'>): string {
  const path = file === standardInput ? 'stdin' : printable(file);
  return line === 0 ? path : `${path}:${line}`;
}

/** How much of an archive has been read, in bytes on disk. */
export interface ArchiveProgress {
  readonly bytesRead: number;
  /** `undefined` if an input is standard input or a pipe. */
  readonly bytesTotal: number | undefined;
}

/** Options of {@link readArchive}. */
export interface ReadArchiveOptions {
  /** Folder that relative inputs start in. Default: the working directory of the process. */
  readonly cwd?: string | undefined;
  /** Where the input `-` is read from. */
  readonly stdin?: AsyncIterable<Uint8Array> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** The records up to here are skipped. */
  readonly after?: ArchivePosition | undefined;
  /** Called after each chunk of about 64 KB. */
  readonly onProgress?: ((progress: ArchiveProgress) => void) | undefined;
}

/**
 * Reads events from NDJSON or JSON arrays, plain or gzip.
 *
 * A record that cannot be read is reported in its place and does not stop the rest. Memory does not depend on the size
 * of the archive: about a chunk and a record are held at a time.
 *
 * @param inputs - Files, folders, globs, and `-` for standard input. None at all means standard input.
 * @throws `CommandError` if an input does not exist, and the signal's reason if it aborts.
 */
export async function* readArchive(
  inputs: readonly string[],
  options: ReadArchiveOptions = {},
): AsyncGenerator<ArchiveLine, void, undefined> {
  const files = await listArchive(inputs, options.cwd);
  const { after, onProgress } = options;
  const first = after === undefined ? 0 : files.findIndex(({ path }) => path === after.file);
  const bytesTotal = files.every(({ bytes }) => bytes !== undefined) ? sizeOf(files) : undefined;
  let bytesRead = sizeOf(files.slice(0, Math.max(first, 0)));
  const count = (bytes: number): void => {
    bytesRead += bytes;
    onProgress?.({ bytesRead, bytesTotal });
  };
  for (const [index, file] of files.slice(Math.max(first, 0)).entries())
    yield* linesOf(file.path, index === 0 && after !== undefined ? after.record : 0, count, options);
}

function sizeOf(files: readonly ArchiveFile[]): number {
  return files.reduce((sum, { bytes = 0 }) => sum + bytes, 0);
}

async function* linesOf(
  file: string,
  skipped: number,
  count: (bytes: number) => void,
  options: ReadArchiveOptions,
): AsyncGenerator<ArchiveLine, void, undefined> {
  let record = 0;
  try {
    for await (const found of recordsOf(file, count, options)) {
      if (++record > skipped) yield lineOf(file, found, { file, record });
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    yield { file, line: 0, position: { file, record: record + 1 }, error: problemOf(error) };
  }
}

async function* recordsOf(file: string, count: (bytes: number) => void, options: ReadArchiveOptions) {
  const source =
    file === standardInput ? (options.stdin ?? process.stdin) : createReadStream(resolve(options.cwd ?? '', file));
  const splitter = createRecordSplitter();
  for await (const chunk of readBytes(counted(stoppable(source, options.signal), count))) yield* splitter.push(chunk);
  yield* splitter.end();
}

async function* counted(source: AsyncIterable<Uint8Array>, count: (bytes: number) => void) {
  for await (const chunk of source) {
    count(chunk.length);
    yield chunk;
  }
}

function lineOf(file: string, { line, bytes, problem }: ArchiveRecord, position: ArchivePosition): ArchiveLine {
  if (problem === 'too_long') return { file, line, position, error: 'Longer than 1 MB' };
  if (problem === 'cut_off') return { file, line, position, error: 'The file ends in the middle of this event' };
  try {
    const event = unwrapFailed(JSON.parse(Buffer.from(bytes ?? []).toString()));
    return { file, line, position, event };
  } catch {
    // The parser's message repeats a part of the event.
    return { file, line, position, error: 'Not JSON' };
  }
}

function problemOf(error: unknown): string {
  const { code } = Object(error);
  if (typeof code !== 'string') return 'Cannot be read';
  return code.startsWith('Z_') ? 'The gzip data is damaged or truncated' : `Cannot be read: ${reasonOf(error)}`;
}
