import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Results } from './figure.js';
import { drawRequests } from './picture.js';
import { columns, rowsOf } from './print-table.js';

const docs = fileURLToPath(new URL('../../docs/', import.meta.url));
const page = `${docs}performance.md`;
const picture = `${docs}drawings/requests.svg`;

/**
 * Writes the results into the table in docs/performance.md and draws its picture. Rows of groups that were not measured
 * stay. The scaling group is left out: its rows only matter if one of them fails.
 */
export function writePage(results: Results, groupOrder: readonly string[]): void {
  if (results.smoke) throw new Error('The figures of --smoke mean nothing. Run without it.');
  const measured = rowsOf(results.figures.filter(({ group }) => group !== 'scaling')).map(
    ([group = '', what = '', ...rest]) => [group, `\`${what}\``, ...rest],
  );
  const text = readFileSync(page, 'utf8');
  const header = `${line(columns)}\n${line(columns.map(() => '---'))}\n`;
  const start = text.indexOf(header);
  if (start === -1) throw new Error(`${page} has no table with the columns ${columns.join(', ')}`);
  const from = start + header.length;
  const end = text.indexOf('\n\n', from);
  const groupsMeasured = new Set(measured.map(([group]) => group));
  const kept = text
    .slice(from, end)
    .split('\n')
    .map((row) => row.slice(2, -2).split(' | '))
    .filter(([group]) => !groupsMeasured.has(group));
  const rows = groupOrder.flatMap((name) => [...kept, ...measured].filter(([group]) => group === name));
  writeFileSync(page, text.slice(0, from) + rows.map(line).join('\n') + text.slice(end));

  const drawn = results.figures.filter(({ eventsPerSecond }) => eventsPerSecond !== undefined);
  if (drawn.length > 0)
    writeFileSync(picture, drawRequests(drawn, readFileSync(`${docs}drawings/pipeline.svg`, 'utf8')));
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
