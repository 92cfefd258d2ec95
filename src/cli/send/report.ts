import { countText, durationText, numberText } from '../print/words.js';
import type { Terminal } from '../terminal/terminal.js';
import type { FailedFile } from './failed-file.js';
import { settledOf, sumOf, type Tally } from './tally.js';

/** What a run's summary is made of. */
export interface Report {
  readonly tally: Tally;
  readonly failed: Pick<FailedFile, 'path' | 'bytes'>;
  readonly durationMs: number;
  /** Users, if their events were folded. */
  readonly users: number | undefined;
  readonly isDryRun: boolean;
}

/** Prints what became of the events. */
export function printReport({ stdout, style }: Terminal, { tally, failed, durationMs, users, isDryRun }: Report): void {
  const failures = sumOf(tally.failed) + sumOf(tally.exhausted);
  const lines = [
    ...(isDryRun ? [style.bold('Dry run: nothing was sent.')] : []),
    `${countText(settledOf(tally), 'event')} in ${durationText(durationMs / 1000)}: ${[
      style.good(`${numberText(tally.delivered)} ${isDryRun ? 'to deliver' : 'delivered'}`),
      `${numberText(sumOf(tally.skipped))} skipped`,
      failures > 0 ? style.bad(`${numberText(failures)} failed`) : '0 failed',
    ].join(', ')}`,
    `${countText(tally.requests, 'request')}${users === undefined ? '' : ` for ${countText(users, 'user')}`}${
      tally.retries > 0 ? `, ${countText(tally.retries, 'event')} sent again` : ''
    }`,
    ...listed('Skipped', tally.skipped),
    ...listed('Failed', tally.failed),
    ...listed('Given up', tally.exhausted),
    ...listed('Dropped fields', tally.dropped),
    ...listed('Warnings', tally.warnings),
    ...(tally.broken > 0 ? [style.bad(`${countText(tally.broken, 'line')} could not be read`)] : []),
    ...(failed.bytes() > 0
      ? [
          `To send the ${failures > 0 ? 'failed events' : 'events that failed before'} again: segment-onesignal send ${failed.path}`,
        ]
      : []),
  ];
  stdout.write(`${lines.join('\n')}\n`);
}

/** `Skipped: 12 no_user_id, 3 empty`, or nothing if there are none. */
export function listed(title: string, counts: ReadonlyMap<string, number>): string[] {
  return counts.size === 0 ? [] : [`${title}: ${listCounts(counts)}`];
}

/** `12 no_user_id, 3 empty`, the most frequent first. */
function listCounts(counts: ReadonlyMap<string, number>): string {
  return [...counts]
    .toSorted(([, one], [, other]) => other - one)
    .map(([name, count]) => `${numberText(count)} ${name}`)
    .join(', ');
}
