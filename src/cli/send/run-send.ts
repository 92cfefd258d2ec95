import { listArchive } from '../archive/list-files.js';
import type { ArchivePosition } from '../archive/read-archive.js';
import { requireEvents } from '../command.js';
import { CommandError } from '../command-error.js';
import { type CompactMark, createCompactSource, isCompactMark } from '../compact/compact-source.js';
import { openPartsFolder } from '../compact/parts-folder.js';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { readSettings, requireAccess } from '../settings/settings.js';
import { type Terminal, warn } from '../terminal/terminal.js';
import { deliverArchive, type Run } from './deliver-archive.js';
import { createDryState } from './dry-run.js';
import { whyNoEvents } from './filter.js';
import type { SendFlags } from './flags.js';
import { createPlainSource, isArchivePosition } from './plain-source.js';
import { printReport } from './report.js';
import { openRunState } from './run-state.js';
import { createCounter, problemsOf } from './tally.js';

/** Delivers an archive. */
export async function runSend(inputs: readonly string[], flags: SendFlags, terminal: Terminal): Promise<ExitCode> {
  requireEvents(inputs, flags, 'send events.ndjson', terminal);
  if (flags.tempDir !== undefined && flags.compact !== true) throw new CommandError('--temp-dir needs --compact.');
  const settings = await readSettings(flags, terminal);
  if (flags.dryRun !== true) requireAccess(settings);
  const files = await listArchive(inputs, terminal.cwd);
  const run = { inputs, flags, settings, terminal };
  if (flags.compact !== true) {
    const state =
      flags.dryRun === true ? createDryState<ArchivePosition>() : openRunState({ ...run, files }, isArchivePosition);
    return runOf({ ...run, state, open: (options) => createPlainSource(options, state.checkpoint?.saved?.mark) });
  }
  const state = flags.dryRun === true ? createDryState<CompactMark>() : openRunState({ ...run, files }, isCompactMark);
  const folder = await openPartsFolder(
    { ...flags, checkpoint: flags.dryRun === true ? undefined : flags.checkpoint },
    terminal,
    state.checkpoint?.saved !== undefined,
  );
  const compact = {
    mapping: settings.mapping,
    isTagsOnly: flags.tagsOnly === true,
    folder,
    isKept: state.checkpoint !== undefined,
    after: state.checkpoint?.saved?.mark,
  };
  return runOf({ ...run, state, open: (options) => createCompactSource({ ...options, ...compact }) });
}

async function runOf<Mark>(run: Run<Mark>): Promise<ExitCode> {
  const { flags, terminal, state } = run;
  const saved = state.checkpoint?.saved;
  if (saved?.isFinished === true) {
    terminal.stdout.write(`Everything was already sent. Remove ${flags.checkpoint} to send it again.\n`);
    return saved.problems > 0 ? exitCodes.failed : exitCodes.ok;
  }
  const counter = createCounter();
  const startedAt = Date.now();
  const { end, source } = await deliverArchive(run, counter);
  const isFinished = end.isComplete;
  source.close(isFinished);
  state.close(isFinished);
  const problems = problemsOf(counter) + (saved?.problems ?? 0);
  printReport(terminal, {
    tally: counter,
    failed: state.failed,
    durationMs: Date.now() - startedAt,
    users: source.users(),
    isDryRun: flags.dryRun === true,
  });
  // A run that goes on may have nothing left to send.
  const reason = isFinished && saved === undefined ? whyNoEvents(counter, flags) : undefined;
  if (reason !== undefined) warn(terminal, `Nothing was sent: ${reason}.`);
  if (end.refusal !== undefined)
    throw new CommandError(
      `Stopped, because OneSignal refuses the key: ${end.refusal.message} ${howToContinue(flags)}`,
      exitCodes.failed,
    );
  if (!isFinished) {
    terminal.stdout.write(`Stopped. ${howToContinue(flags)}\n`);
    return terminal.signal.reason;
  }
  return problems > 0 ? exitCodes.failed : exitCodes.ok;
}

function howToContinue({ checkpoint }: SendFlags): string {
  return checkpoint === undefined
    ? 'The same command starts over: use --checkpoint to continue where it stopped.'
    : `Run the same command again to continue: ${checkpoint} records the position.`;
}
