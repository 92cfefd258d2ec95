import { readFileSync } from 'node:fs';
import { readCodes } from '../../codes.js';
import { root } from '../../places.js';
import type { Reason } from './reason.js';

/** The reasons and codes that have a row in `docs/errors.md`, by their anchor. */
export function readReasons(): Record<string, Reason> {
  const rows = readFileSync(`${root}docs/errors.md`, 'utf8').split('\n');
  const entries = readCodes().map(({ anchor }): [string, Reason] => {
    const row = rows.find((line) => line.startsWith(`| <a id="${anchor}"></a>`)) ?? '';
    const [, when, advice, ...more] = row.split(' | ').map((cell) => plain(cell.replace(/ \|$/, '')));
    // An error has a row for each of its messages.
    const isError = when === undefined || advice === undefined || more.length > 0;
    return [anchor, isError ? { anchor } : { anchor, text: { when, advice } }];
  });
  return Object.fromEntries(entries);
}

function plain(markdown: string): string {
  return markdown.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1');
}
