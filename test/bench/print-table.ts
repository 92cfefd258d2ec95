import type { JudgedFigure } from './figure.js';

export function printTable(figures: readonly (JudgedFigure & { group: string })[]): void {
  const rows = figures.map(({ group, what, value, unit, bar, met, detail = '' }) => [
    group,
    what,
    `${rounded(value)} ${unit}`,
    bar === undefined ? '' : 'atMost' in bar ? `≤ ${bar.atMost}` : `≥ ${bar.atLeast}`,
    met === undefined ? '' : met ? 'met' : 'MISSED',
    detail,
  ]);
  const table = [['group', 'measurement', 'figure', 'target', '', 'details'], ...rows];
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
