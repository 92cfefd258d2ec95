import { createHash, randomUUID } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { CommandError } from '../command-error.js';
import { exitCodes } from '../exit-codes.js';

/** What a run is about, by name: `{ inputs: …, filters: … }`. Kept as digests, because filters name users. */
export type Subject = Readonly<Record<string, unknown>>;

/** A run's state at some point. */
export interface Saved<Mark> {
  /** Everything up to here is done. */
  readonly mark?: Mark | undefined;
  readonly failed?: { readonly path: string; readonly bytes: number } | undefined;
  /** Lines that could not be read and events that failed, up to the mark. */
  readonly problems: number;
  readonly isFinished: boolean;
}

/** A file that a run can be resumed from. */
export interface Checkpoint<Mark> {
  /** What the file had when it was opened. */
  readonly saved: Saved<Mark> | undefined;
  /**
   * Replaces the file at once: a process that dies leaves the old one or the new one.
   *
   * @throws `CommandError` if another run has saved to it since. The later one goes on: unlike a lock, this leaves
   *   nothing behind that a killed run would have to remove.
   */
  save(saved: Saved<Mark>): void;
}

/**
 * Opens a checkpoint, or prepares one that is written by `save`.
 *
 * @throws `CommandError` if the file belongs to another subject, or is not a checkpoint.
 */
export function openCheckpoint<Mark>(
  path: string,
  subject: Subject,
  isMark: (value: unknown) => value is Mark,
): Checkpoint<Mark> {
  const digests = Object.fromEntries(Object.entries(subject).map(([name, value]) => [name, digestOf(value)]));
  const run = randomUUID();
  let isOurs = false;
  return {
    saved: existsSync(path) ? readSaved(path, digests, isMark) : undefined,
    save(saved) {
      if (isOurs && existsSync(path) && parse(path).run !== run)
        throw new CommandError(`Another run continues from ${path}, so this one stopped.`, exitCodes.failed);
      isOurs = true;
      const file = openSync(`${path}.new`, 'w', 0o600);
      writeSync(file, `${JSON.stringify({ version: 1, run, subject: digests, ...saved }, undefined, 2)}\n`);
      fsyncSync(file);
      closeSync(file);
      renameSync(`${path}.new`, path);
    },
  };
}

/** Removes what a run keeps beside its checkpoint. */
export function removeBeside(...paths: readonly string[]): void {
  for (const path of paths) rmSync(path, { recursive: true, force: true });
}

function readSaved<Mark>(
  path: string,
  digests: Readonly<Record<string, string>>,
  isMark: (value: unknown) => value is Mark,
): Saved<Mark> {
  const { version, subject, mark, failed, problems, isFinished } = parse(path);
  const notOurs = `${path} is not a checkpoint of this version. Name another file with --checkpoint.`;
  if (version !== 1 || typeof subject !== 'object') throw new CommandError(notOurs);
  const other = Object.entries(digests).filter(([name, digest]) => Object(subject)[name] !== digest);
  if (other.length > 0)
    throw new CommandError(
      `${path} belongs to a run with other ${other.map(([name]) => name).join(', ')}. ` +
        'Repeat that command as it was, or name another file with --checkpoint.',
    );
  if ((mark !== undefined && !isMark(mark)) || (failed !== undefined && !isFailed(failed)))
    throw new CommandError(notOurs);
  return { mark, failed, problems: Number(problems ?? 0), isFinished: isFinished === true };
}

function isFailed(value: unknown): value is NonNullable<Saved<unknown>['failed']> {
  const { path, bytes } = Object(value);
  return typeof path === 'string' && Number.isSafeInteger(bytes) && bytes >= 0;
}

function parse(path: string) {
  try {
    return Object(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    throw new CommandError(`${path} is not a checkpoint. Name another file with --checkpoint.`);
  }
}

function digestOf(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(value) ?? '')
    .digest('hex')
    .slice(0, 16);
}
