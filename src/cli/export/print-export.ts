import { basename } from 'node:path';
import { countText, numberText, printable } from '../print/words.js';
import { listed } from '../send/report.js';
import type { Tally } from '../send/tally.js';
import type { Terminal } from '../terminal/terminal.js';

/** What an export did. */
export interface ExportReport {
  users: number;
  files: readonly string[];
  /** What the importer cannot take, with its count. */
  readonly leftOut: Map<string, number>;
  /** Names of the segments that audiences need. */
  readonly segments: Set<string>;
  readonly tally: Tally;
}

const shownSegments = 20;

/** Prints what was written, what was left out and what to do next. */
export function printExport({ stdout, style }: Terminal, report: ExportReport, isColumns: boolean): void {
  const { users, files, leftOut, segments, tally } = report;
  const lines = [
    style.good(
      `${countText(users, 'user')} in ${countText(files.length, 'file')}${files.length === 0 ? '' : ': '}${files.map((path) => basename(path)).join(', ')}`,
    ),
    ...(tally.broken > 0 ? [style.bad(`${countText(tally.broken, 'line')} could not be read`)] : []),
    ...listed('Skipped', tally.skipped),
    ...(leftOut.size > 0 ? ['Not in the files, because the import does not take them:'] : []),
    ...[...leftOut].map(([what, count]) => `  ${what}: ${numberText(count)}`),
    ...(segments.size > 0
      ? [`Audiences need these segments, each with the filter on its tag: ${segmentNames(segments)}`]
      : []),
    ...(files.length > 0 ? adviceOnImport(isColumns) : []),
  ];
  stdout.write(`${lines.join('\n')}\n`);
}

function adviceOnImport(isColumns: boolean): string[] {
  return [
    'Import each file in OneSignal under Audience > Subscriptions > Update/Import Users.',
    isColumns
      ? 'Leave "Delete tags with blank values" off: a blank cell is a tag that no event mentions.'
      : 'Turn "Delete tags with blank values" on: a blank tag is one that was removed.',
    'OneSignal imports only users that it knows.',
  ];
}

function segmentNames(segments: ReadonlySet<string>): string {
  const names = [...segments].slice(0, shownSegments).map(printable).join(', ');
  return segments.size > shownSegments ? `${names} and ${numberText(segments.size - shownSegments)} more` : names;
}
