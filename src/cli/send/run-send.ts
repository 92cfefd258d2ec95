import { listArchive } from '../archive/list-files.js';
import { CommandError } from '../command-error.js';
import { createCompactSource, isCompactMark } from '../compact/compact-source.js';
import { openPartsFolder } from '../compact/parts-folder.js';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { readSettings, requireAccess, type Settings } from '../settings/settings.js';
import type { Terminal } from '../terminal/terminal.js';
import { createCountingDestination } from './counting-destination.js';
import { deliverWorks, type RunEnd } from './deliver-works.js';
import { createFilter } from './filter.js';
import type { SendFlags } from './flags.js';
import { createPlainSource, isArchivePosition } from './plain-source.js';
import { type Progress, startProgress } from './progress.js';
import { printReport } from './report.js';
import { openRunState, type RunState } from './run-state.js';
import { createSaver } from './saver.js';
import type { Source, SourceOptions } from './source.js';
import { type Counter, createCounter, problemsOf } from './tally.js';

/** As many events under way as OneSignal takes in this time. */
const windowMs = 3_000;
const [leastWindowEvents, mostWindowEvents] = [200, 5_000];
/** A call ends when all of its events are done. Those of a busy user, or of an app with a low limit, take their time. */
const deadlineMs = 600_000;
const longestBrokenList = 20;

/** Delivers an archive. */
export async function runSend(inputs: readonly string[], flags: SendFlags, terminal: Terminal): Promise<ExitCode> {
  const settings = await readSettings(flags, terminal);
  requireAccess(settings);
  const files = await listArchive(inputs, terminal.cwd);
  const run = { inputs, flags, settings, terminal };
  if (flags.compact !== true) {
    const state = openRunState({ ...run, files }, isArchivePosition);
    return runOf({ ...run, state, open: (options) => createPlainSource(options, state.checkpoint?.saved?.mark) });
  }
  const state = openRunState({ ...run, files }, isCompactMark);
  const folder = await openPartsFolder(flags, terminal, state.checkpoint?.saved !== undefined);
  const compact = {
    mapping: settings.mapping,
    isTagsOnly: flags.tagsOnly === true,
    folder,
    isKept: state.checkpoint !== undefined,
    after: state.checkpoint?.saved?.mark,
  };
  return runOf({ ...run, state, open: (options) => createCompactSource({ ...options, ...compact }) });
}

interface Run<Mark> {
  readonly inputs: readonly string[];
  readonly flags: SendFlags;
  readonly settings: Settings;
  readonly terminal: Terminal;
  readonly state: RunState<Mark>;
  readonly open: (options: SourceOptions) => Source<Mark>;
}

async function runOf<Mark>(run: Run<Mark>): Promise<ExitCode> {
  const { flags, terminal, state } = run;
  const saved = state.checkpoint?.saved;
  if (saved?.isFinished === true) {
    terminal.stdout.write(`Everything was sent before. Remove ${flags.checkpoint} to send it again.\n`);
    return saved.problems > 0 ? exitCodes.failed : exitCodes.ok;
  }
  const counter = createCounter();
  const startedAt = Date.now();
  const { end, source } = await deliver(run, counter);
  const isFinished = end.isComplete;
  source.close(isFinished);
  state.close(isFinished);
  const problems = problemsOf(counter) + (saved?.problems ?? 0);
  printReport(terminal, {
    tally: counter,
    failed: state.failed,
    durationMs: Date.now() - startedAt,
    users: source.users(),
  });
  if (end.refusal !== undefined)
    throw new CommandError(`Stopped, because OneSignal refuses the key: ${end.refusal.message} ${howToGoOn(flags)}`);
  if (!isFinished) {
    terminal.stdout.write(`Stopped. ${howToGoOn(flags)}\n`);
    return terminal.signal.reason;
  }
  return problems > 0 ? exitCodes.failed : exitCodes.ok;
}

async function deliver<Mark>(run: Run<Mark>, counter: Counter): Promise<{ end: RunEnd; source: Source<Mark> }> {
  const { inputs, flags, terminal, state } = run;
  let waiting = 0;
  let progress: Progress | undefined;
  const source = run.open({
    inputs,
    cwd: terminal.cwd,
    stdin: terminal.stdin,
    signal: terminal.signal,
    filter: createFilter(flags),
    onSkipped: counter.skip,
    onBroken({ file, line, error }) {
      counter.breakLine();
      if (counter.broken <= longestBrokenList) progress?.note(`${file}:${line}: ${error}`);
    },
  });
  const saver = createSaver(state, counter);
  // Says whose run it is, in case that it dies before anything is done.
  saver.save(false);
  progress = startProgress(terminal, { tally: counter, done: source.done, waiting: () => waiting, step: source.step });
  const announceStop = (): void => progress?.note('Finishing what is in flight. Press Ctrl-C again to stop at once.');
  terminal.signal.addEventListener('abort', announceStop);
  const again = new Set<object>();
  try {
    const end = await deliverWorks(source.works(), {
      destination: createCountingDestination(run.settings, flags, state.journal, counter.request),
      windowEvents: windowOf(run),
      attempts: flags.attempts,
      deadlineMs: run.settings.delivery?.deadlineMs ?? deadlineMs,
      signal: terminal.signal,
      onReached: saver.reach,
      onRetry(event) {
        counter.retry();
        again.add(event);
        waiting = again.size;
      },
      onSettled(event, outcome) {
        counter.settle(outcome);
        if (outcome.status === 'failed' || outcome.status === 'retryable') state.failed.add(event, outcome.error);
        again.delete(event);
        waiting = again.size;
      },
    });
    saver.save(end.isComplete);
    return { end, source };
  } finally {
    saver.stop();
    progress.stop();
    terminal.signal.removeEventListener('abort', announceStop);
  }
}

function windowOf<Mark>({ settings, flags }: Run<Mark>): number {
  const perSecond = flags.requestsPerSecond ?? settings.delivery?.requestsPerSecond ?? mostWindowEvents;
  return Math.min(Math.max((perSecond * windowMs) / 1000, leastWindowEvents), mostWindowEvents);
}

function howToGoOn({ checkpoint }: SendFlags): string {
  return checkpoint === undefined
    ? 'The same command begins anew: use --checkpoint to go on where it stopped.'
    : `Run the same command again to go on: ${checkpoint} knows where.`;
}
