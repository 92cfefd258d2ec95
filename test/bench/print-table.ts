import type { Results } from './figure.js';

export const columns = ['group', 'measurement', 'figure', 'target', '', 'details'];

/** The cells of the table, with one row per figure. */
export function rowsOf(figures: Results['figures']): string[][] {
  return figures.map(({ group, what, value, unit, bar, met, detail = '' }) => [
    group,
    what,
    `${rounded(value)} ${unit}`,
    bar === undefined ? '' : 'atMost' in bar ? `≤ ${bar.atMost}` : `≥ ${bar.atLeast}`,
    met === undefined ? '' : met ? 'met' : 'MISSED',
    detail,
  ]);
}

export function printTable(figures: Results['figures']): void {
  const table = [columns, ...rowsOf(figures)];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  for (const row of table)
    process.stdout.write(
      `${row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()}\n`,
    );
}

function rounded(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(value < 0.1 ? 3 : 2);
}
