import Table from 'cli-table3';
import type { Terminal } from '../terminal/terminal.js';
import { printable } from './words.js';

/** How to align a column. */
export type Align = 'left' | 'right';

const noLines = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '  ',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** A table without lines, such as `ls -l` prints. Wide characters and colors keep the columns straight. */
export function renderTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { style }: Pick<Terminal, 'style'>,
  aligns: readonly Align[] = [],
): string {
  const table = new Table({
    head: head.map((title) => style.dim(title)),
    chars: noLines,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colAligns: head.map((_, column) => aligns[column] ?? 'left'),
  });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** Shortens text to a number of characters, on one line. */
export function shorten(text: string, characters: number): string {
  const line = printable(text).replace(/\s+/g, ' ');
  return line.length <= characters ? line : `${line.slice(0, characters - 1)}…`;
}

/** Shortens a path or place at its start, because its end tells more. */
export function shortenStart(text: string, characters: number): string {
  const line = printable(text);
  return line.length <= characters ? line : `…${line.slice(line.length - characters + 1)}`;
}
