import { countText, durationText, numberText } from '../print/words.js';
import type { Terminal } from '../terminal/terminal.js';
import { settledOf, sumOf, type Tally } from './tally.js';

/** Shows how a run comes along. */
export interface Progress {
  /** Prints a line above the progress. */
  note(text: string): void;
  /** Prints the last state and ends. */
  stop(): void;
}

/** What progress is shown of. */
export interface ProgressOptions {
  readonly tally: Tally;
  /** What is done, from 0 to 1. `undefined` if nobody knows. */
  readonly done: () => number | undefined;
  /** Events that wait for a redelivery. */
  readonly waiting: () => number;
  /** What is going on besides delivery. */
  readonly step: () => string | undefined;
}

const [redrawMs, plainLineMs] = [200, 10_000];
const clearLine = '\r\u001b[2K';

/** One line that is drawn again and again, or a plain line every 10 seconds if no person watches. */
export function startProgress(terminal: Terminal, options: ProgressOptions): Progress {
  const { stderr, isInteractive, style } = terminal;
  const startedAt = Date.now();
  const doneAtStart = options.done() ?? 0;
  const draw = (): void => {
    const text = describe(options, Date.now() - startedAt, doneAtStart);
    stderr.write(isInteractive ? `${clearLine}${style.dim(text.slice(0, terminal.columns - 1))}` : `${text}\n`);
  };
  const timer = setInterval(draw, isInteractive ? redrawMs : plainLineMs);
  return {
    note(text) {
      stderr.write(isInteractive ? `${clearLine}${text}\n` : `${text}\n`);
    },
    stop() {
      clearInterval(timer);
      if (isInteractive) stderr.write(clearLine);
    },
  };
}

/** `42% · 412,000 events · 1,850/s · 96,120 requests · 12 waiting · 3 failed · 4 min left`. */
export function describe(options: ProgressOptions, elapsedMs: number, doneAtStart: number): string {
  const { tally } = options;
  const done = options.done();
  const events = settledOf(tally);
  const failed = sumOf(tally.failed) + sumOf(tally.exhausted);
  const waiting = options.waiting();
  const parts = [
    options.step(),
    done === undefined ? undefined : `${Math.floor(done * 100)}%`,
    countText(events, 'event'),
    elapsedMs < 1000 ? undefined : `${numberText(Math.round((events / elapsedMs) * 1000))}/s`,
    countText(tally.requests, 'request'),
    waiting > 0 ? `${numberText(waiting)} waiting to be sent again` : undefined,
    failed > 0 ? `${numberText(failed)} failed` : undefined,
    done === undefined || done <= doneAtStart || done >= 1 || elapsedMs < 2000
      ? undefined
      : `${durationText((elapsedMs * (1 - done)) / (done - doneAtStart) / 1000)} left`,
  ];
  return parts.filter((part) => part !== undefined).join(' · ');
}
