import type { Deliverer } from 'segment-onesignal';
import { placeOf } from '../archive/read-archive.js';
import type { Settings } from '../settings/settings.js';
import type { Terminal } from '../terminal/terminal.js';
import { createCountingDestination } from './counting-destination.js';
import { deliverWorks, type RunEnd } from './deliver-works.js';
import { createDryRun } from './dry-run.js';
import { createFilter } from './filter.js';
import type { SendFlags } from './flags.js';
import { type Progress, startProgress } from './progress.js';
import type { RunState } from './run-state.js';
import { createSaver } from './saver.js';
import type { Source, SourceOptions } from './source.js';
import type { Counter } from './tally.js';

/** As many events under way as OneSignal takes in this time. */
const windowMs = 3_000;
const [leastWindowEvents, mostWindowEvents] = [200, 5_000];
/** A call ends when all of its events are done. Those of a busy user, or of an app with a low limit, take their time. */
const deadlineMs = 600_000;
const longestBrokenList = 20;

/** A run of `send`. */
export interface Run<Mark> {
  readonly inputs: readonly string[];
  readonly flags: SendFlags;
  readonly settings: Settings;
  readonly terminal: Terminal;
  readonly state: RunState<Mark>;
  readonly open: (options: SourceOptions) => Source<Mark>;
}

/** Delivers what the run's source reads, and shows how it comes along. */
export async function deliverArchive<Mark>(
  run: Run<Mark>,
  counter: Counter,
): Promise<{ end: RunEnd; source: Source<Mark> }> {
  const { inputs, flags, terminal, state } = run;
  let waiting = 0;
  let progress: Progress | undefined;
  const source = run.open({
    inputs,
    cwd: terminal.cwd,
    stdin: terminal.stdin,
    signal: terminal.signal,
    filter: createFilter(flags, counter.rejectEvent),
    onSkipped: counter.skip,
    onBroken({ error, ...place }) {
      counter.breakLine();
      if (counter.broken <= longestBrokenList) progress?.note(`${placeOf(place)}: ${error}`);
    },
  });
  const halt = new AbortController();
  const saver = createSaver(state, counter, (thrown) => halt.abort(thrown));
  // Says whose run it is, in case that it dies before anything is done.
  saver.save(false);
  progress = startProgress(terminal, { tally: counter, done: source.done, waiting: () => waiting, step: source.step });
  const announceStop = (): void =>
    progress?.note('Finishing the requests in flight. Press Ctrl-C again to stop at once.');
  terminal.signal.addEventListener('abort', announceStop);
  const again = new Set<object>();
  try {
    const end = await deliverWorks(source.works(), {
      destination: destinationOf(run, counter),
      windowEvents: windowOf(run),
      attempts: flags.attempts,
      deadlineMs: run.settings.delivery?.deadlineMs ?? deadlineMs,
      signal: AbortSignal.any([terminal.signal, halt.signal]),
      onReached: saver.reach,
      onRetry(event) {
        counter.retry();
        again.add(event);
        waiting = again.size;
      },
      onSettled(event, outcome) {
        for (const { code, message } of outcome.warnings)
          if (!counter.warnings.has(code)) progress?.note(`${terminal.style.warn('Warning:')} ${message}`);
        counter.settle(outcome);
        if (outcome.status === 'failed' || outcome.status === 'retryable') state.failed.add(event, outcome.error);
        again.delete(event);
        waiting = again.size;
      },
    });
    halt.signal.throwIfAborted();
    saver.save(end.isComplete);
    return { end, source };
  } catch (thrown) {
    source.close(false);
    state.close(false);
    throw thrown;
  } finally {
    saver.stop();
    progress.stop();
    terminal.signal.removeEventListener('abort', announceStop);
  }
}

function destinationOf<Mark>({ flags, settings, state }: Run<Mark>, counter: Counter): Deliverer {
  return flags.dryRun === true
    ? createDryRun(settings, flags.tagsOnly === true, counter.request)
    : createCountingDestination(settings, flags, state.journal, counter.request);
}

function windowOf<Mark>({ settings, flags }: Run<Mark>): number {
  const perSecond = flags.requestsPerSecond ?? settings.delivery?.requestsPerSecond ?? mostWindowEvents;
  return Math.min(Math.max((perSecond * windowMs) / 1000, leastWindowEvents), mostWindowEvents);
}
