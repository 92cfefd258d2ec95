import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { ArchiveFile } from '../archive/list-files.js';
import { CommandError } from '../command-error.js';
import type { Settings } from '../settings/settings.js';
import type { Terminal } from '../terminal/terminal.js';
import { type Checkpoint, openCheckpoint, removeBeside } from './checkpoint.js';
import { createFailedFile, type FailedFile } from './failed-file.js';
import type { SendFlags } from './flags.js';
import { type Journal, openJournal } from './journal.js';

/** What a run keeps on disk, besides the parts of `--compact`. */
export interface RunState<Mark> {
  readonly checkpoint: Checkpoint<Mark> | undefined;
  readonly failed: FailedFile;
  /** Only with a checkpoint: without one, delivery's own memory does. */
  readonly journal: Journal | undefined;
  /** Ends the run. */
  close(isFinished: boolean): void;
}

/**
 * Opens the files of a run.
 *
 * @throws `CommandError` if a file belongs to something else.
 */
export function openRunState<Mark>(
  run: {
    readonly files: readonly ArchiveFile[];
    readonly flags: SendFlags;
    readonly settings: Settings;
    readonly terminal: Terminal;
  },
  isMark: (value: unknown) => value is Mark,
): RunState<Mark> {
  const { files, flags, settings, terminal } = run;
  requireFolder('--failed', flags.failed, terminal);
  requireFolder('--checkpoint', flags.checkpoint, terminal);
  if (flags.checkpoint === undefined) {
    const failed = createFailedFile(failedPath(flags, terminal), undefined);
    return { checkpoint: undefined, failed, journal: undefined, close: failed.close };
  }
  if (files.some(({ bytes }) => bytes === undefined))
    throw new CommandError('--checkpoint needs files: standard input cannot be read again.');
  const path = resolve(terminal.cwd, flags.checkpoint);
  const checkpoint = openCheckpoint(path, subjectOf(files, flags, settings), isMark);
  const { saved } = checkpoint;
  const journalPath = `${path}.journal`;
  const failed = createFailedFile(saved?.failed?.path ?? failedPath(flags, terminal), saved?.failed?.bytes);
  if (saved === undefined) removeBeside(journalPath);
  const journal = saved?.isFinished === true ? undefined : openJournal(journalPath);
  return {
    checkpoint,
    failed,
    journal,
    close(isFinished) {
      failed.close();
      journal?.close();
      if (isFinished) removeBeside(journalPath);
    },
  };
}

/** The file of failed events is not opened before one fails, which may be hours later. */
function requireFolder(flag: string, file: string | undefined, { cwd }: Terminal): void {
  const folder = file === undefined ? undefined : dirname(resolve(cwd, file));
  if (folder !== undefined && !existsSync(folder))
    throw new CommandError(`${flag} names a file in ${folder}, which does not exist. Create the folder first.`);
}

function subjectOf(files: readonly ArchiveFile[], flags: SendFlags, settings: Settings) {
  const { since, until, user, event, type, compact, tagsOnly } = flags;
  return {
    inputs: files,
    filters: { since, until, user, event, type },
    '--compact and --tags-only': { compact, tagsOnly },
    app: [settings.appId, settings.baseUrl],
  };
}

/** Named after the time, so that a run never mixes with an earlier one. */
function failedPath({ failed, checkpoint }: SendFlags, { cwd }: Terminal): string {
  const time = new Date()
    .toISOString()
    .replace(/\.\d+Z$/, '')
    .replaceAll(':', '')
    .replaceAll('-', '');
  return resolve(cwd, failed ?? (checkpoint === undefined ? `failed-${time}.ndjson` : `${checkpoint}.failed.ndjson`));
}
