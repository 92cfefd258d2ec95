import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { placeOf } from '../archive/read-archive.js';
import { requireEvents } from '../command.js';
import { CommandError } from '../command-error.js';
import { bucketsIn } from '../compact/buckets.js';
import { readGroups } from '../compact/read-groups.js';
import { sortArchive, sortedFolders } from '../compact/sort-archive.js';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { countText } from '../print/words.js';
import { createFilter, type FilterFlags, whyNoEvents } from '../send/filter.js';
import { startProgress } from '../send/progress.js';
import { createCounter } from '../send/tally.js';
import type { SettingsFlags } from '../settings/flags.js';
import { readSettings } from '../settings/settings.js';
import { type Terminal, warn } from '../terminal/terminal.js';
import { createCsvFiles, importLimits } from './csv-files.js';
import { type FoldedUser, failedEvents, foldUsers, type LeaveOut } from './fold-users.js';
import { type ExportReport, printExport } from './print-export.js';
import { toJsonRow, toTagRow, userColumns } from './rows.js';

/** The flags of `export`, as commander reads them. */
export interface ExportFlags extends SettingsFlags, FilterFlags {
  readonly csv: string;
  readonly columns?: boolean | undefined;
  readonly tempDir?: string | undefined;
}

/** Columns of tags that the importer takes. */
const maxTagColumns = 1_000;

/** Writes the state that an archive leads to as files for OneSignal's import. */
export async function runExport(
  inputs: readonly string[],
  flags: ExportFlags,
  terminal: Terminal,
  limits = importLimits,
): Promise<ExitCode> {
  requireEvents(inputs, flags, 'export events.ndjson --csv import', terminal);
  const { mapping } = await readSettings(flags, terminal);
  const folder = await openFolder(resolve(terminal.cwd, flags.csv), flags.csv);
  const sorted = await mkdtemp(join(resolve(terminal.cwd, flags.tempDir ?? tmpdir()), 'segment-onesignal-'));
  try {
    const tally = createCounter();
    await sort(inputs, sorted, { flags, terminal, mapping, tally });
    const users = (leaveOut: LeaveOut, onSegment: (name: string) => void) =>
      foldedUsers(sorted, (events) => foldUsers(events, mapping, leaveOut, onSegment), terminal.signal);
    const tags = flags.columns === true ? await readTagKeys(users(ignore, ignore)) : ['tags'];
    const columns = [...userColumns(mapping), ...tags];
    const report: ExportReport = { users: 0, files: [], leftOut: new Map(), segments: new Set(), tally };
    const leaveOut: LeaveOut = (what, count = 1) => report.leftOut.set(what, (report.leftOut.get(what) ?? 0) + count);
    const files = createCsvFiles(folder, columns, limits);
    const toRow = flags.columns === true ? toTagRow : toJsonRow;
    try {
      for await (const user of users(leaveOut, (name) => report.segments.add(name))) {
        const row = toRow(user, leaveOut);
        if (row === undefined) continue;
        files.add(row);
        report.users++;
      }
      report.files = files.close();
    } catch (thrown) {
      files.remove();
      throw thrown;
    }
    printExport(terminal, report, flags.columns === true);
    if (report.users === 0 && tally.broken === 0)
      warn(
        terminal,
        `No file was written: ${whyNoEvents(tally, flags) ?? 'no event sets anything that the import takes'}.`,
      );
    return tally.broken > 0 || report.leftOut.has(failedEvents) ? exitCodes.failed : exitCodes.ok;
  } finally {
    await rm(sorted, { recursive: true, force: true });
  }
}

async function openFolder(folder: string, named: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const files = (await readdir(folder)).filter((name) => /^users-\d+\.csv$/.test(name));
  if (files.length > 0)
    throw new CommandError(
      `${named} has ${countText(files.length, 'file')} of an earlier export. Name another folder.`,
    );
  return folder;
}

async function sort(
  inputs: readonly string[],
  sorted: string,
  {
    flags,
    terminal,
    mapping,
    tally,
  }: Pick<Parameters<typeof sortArchive>[1], 'mapping'> & {
    readonly flags: ExportFlags;
    readonly terminal: Terminal;
    readonly tally: ReturnType<typeof createCounter>;
  },
): Promise<void> {
  let done: number | undefined;
  const options = { tally, done: () => done, waiting: () => 0, step: () => 'Sorting by user' };
  const progress = startProgress(terminal, options);
  try {
    await sortArchive(sorted, {
      inputs,
      mapping,
      isTagsOnly: false,
      cwd: terminal.cwd,
      stdin: terminal.stdin,
      signal: terminal.signal,
      filter: createFilter(flags, tally.rejectEvent),
      onSkipped: tally.skip,
      onBroken({ error, ...place }) {
        tally.breakLine();
        progress.note(`${placeOf(place)}: ${error}`);
      },
      onProgress({ bytesRead, bytesTotal }) {
        done = bytesTotal === undefined ? undefined : bytesRead / bytesTotal;
      },
    });
  } finally {
    progress.stop();
  }
}

async function* foldedUsers(
  sorted: string,
  fold: (events: Parameters<typeof foldUsers>[0]) => FoldedUser[],
  signal: AbortSignal,
): AsyncGenerator<FoldedUser> {
  for (const path of sortedFolders(sorted).flatMap(bucketsIn)) {
    signal.throwIfAborted();
    for await (const { events } of readGroups(path)) yield* fold(events);
  }
}

async function readTagKeys(users: AsyncIterable<FoldedUser>): Promise<string[]> {
  const keys = new Set<string>();
  for await (const user of users) {
    const { external_id, email, phone_number, language, country, timezone_id, ...tags } = toTagRow(user, ignore) ?? {};
    for (const key of Object.keys(tags)) keys.add(key);
  }
  if (keys.size > maxTagColumns)
    throw new CommandError(
      `The users have ${countText(keys.size, 'tag')}, and the import takes ${countText(maxTagColumns, 'column')} of tags. Omit --columns.`,
    );
  return [...keys].toSorted();
}

function ignore(): void {}
