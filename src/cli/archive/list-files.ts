import { readdir } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { escapePath, glob, isDynamicPattern } from 'tinyglobby';
import { CommandError } from '../command-error.js';
import { isDenied, reasonOf } from '../system-error.js';

/** A file of an archive. */
export interface ArchiveFile {
  /** Path as given, or as found in a folder. `-` is standard input. */
  readonly path: string;
  /** Size on disk. `undefined` for standard input and pipes. */
  readonly bytes: number | undefined;
}

/** Standard input, as an input and as the `file` of its lines. */
export const standardInput = '-';

const endings = ['.json', '.jsonl', '.ndjson', '.gz'];

/**
 * Lists the files of an archive in the order in which they are read.
 *
 * Inputs stay in their order. The files of a folder or glob are sorted by path. In Segment's layout
 * (`segment-logs/{source}/{day}/*.gz`), they are sorted by day and name, so that days of several sources follow each
 * other. A file that several inputs or links lead to is read once. A folder that cannot be listed takes the place of its
 * files, so that reading it says why.
 *
 * @param inputs - Files, folders, globs, and `-` for standard input. None at all means standard input.
 * @param cwd - Folder that relative inputs start in.
 * @throws `CommandError` if an input does not exist or cannot be read, or a folder or glob has no file.
 * @see {@link https://segment.com/docs/connections/storage/catalog/aws-s3/ | Segment: AWS S3 destination}
 */
export async function listArchive(inputs: readonly string[], cwd = process.cwd()): Promise<ArchiveFile[]> {
  const files = new Map<string, ArchiveFile>();
  for (const input of inputs.length === 0 ? [standardInput] : inputs) {
    for (const file of await filesOf(input, cwd)) {
      const path = file.path === standardInput ? standardInput : await realPathOf(resolve(cwd, file.path));
      if (!files.has(path)) files.set(path, file);
    }
  }
  return [...files.values()];
}

async function filesOf(input: string, cwd: string): Promise<ArchiveFile[]> {
  if (input === standardInput) return [{ path: standardInput, bytes: undefined }];
  const found = await stat(resolve(cwd, input)).catch((thrown: unknown) => {
    // It may well exist.
    if (isDenied(thrown)) throw new CommandError(`Cannot read "${input}": ${reasonOf(thrown)}.`);
  });
  if (found?.isDirectory()) {
    const files = await filesLike(`${escapePath(toSlashes(input)).replace(/\/$/, '')}/**/*{${endings.join(',')}}`, cwd);
    if (files.length === 0)
      throw new CommandError(
        `The folder "${input}" contains no ${new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(endings)} files.`,
      );
    return files;
  }
  if (found !== undefined) return [{ path: input, bytes: found.isFile() ? found.size : undefined }];
  if (!isDynamicPattern(input)) throw new CommandError(`There is no file or folder "${input}".`);
  const files = await filesLike(toSlashes(input), cwd);
  if (files.length === 0) throw new CommandError(`No file matches "${input}".`);
  return files;
}

async function filesLike(pattern: string, cwd: string): Promise<ArchiveFile[]> {
  const refused = new Map<string, ArchiveFile>();
  const paths = await glob(pattern, {
    cwd,
    fs: {
      // glob skips folders that it cannot list, so their events would be missing silently.
      readdir: reportingErrors(readdir, (folder) => {
        const path = toSlashes(relative(cwd, folder));
        refused.set(path, { path, bytes: 0 });
      }),
    },
  });
  const files: ArchiveFile[] = [...refused.values()];
  for (const path of paths) {
    const found = await statOf(resolve(cwd, path));
    // A link may lead to a device, which has no end.
    if (found === undefined || found.isFile()) files.push({ path, bytes: found?.size });
  }
  return files.sort((one, other) => byDayAndName(one.path, other.path));
}

/** The same function of `node:fs`, which also reports the paths that it fails for. */
function reportingErrors<Read extends typeof readdir>(read: Read, report: (path: string) => void): Read {
  return new Proxy(read, {
    apply(target, self, [path, options, done]) {
      const finish = (thrown: unknown, entries: unknown): void => {
        if (thrown) report(path);
        done(thrown, entries);
      };
      return Reflect.apply(target, self, [path, options, finish]);
    },
  });
}

async function statOf(path: string) {
  try {
    return await stat(path);
  } catch {
    return undefined;
  }
}

async function realPathOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    // Reading it says what is wrong.
    return path;
  }
}

function byDayAndName(one: string, other: string): number {
  const [first, second] = [sortKey(one), sortKey(other)];
  return first.day - second.day || compare(first.name, second.name) || compare(one, other);
}

/** Segment names a day's folder by its Unix milliseconds. Files that are not in one come first, by path. */
function sortKey(path: string): { day: number; name: string } {
  const folder = basename(dirname(path));
  return /^\d{10,13}$/.test(folder) ? { day: Number(folder), name: basename(path) } : { day: 0, name: '' };
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

function toSlashes(path: string): string {
  return join(path).replaceAll('\\', '/');
}
