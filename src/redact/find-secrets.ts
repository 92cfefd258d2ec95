import type { Needles } from './needles.js';
import type { Range } from './redaction.js';
import type { TextIndex } from './text-index.js';
import { originOf, type View, viewsOf, withoutSeparators } from './views.js';

/** Where the secrets are in the words. */
export function rangesOf({ anywhere, alone, digits }: Needles, words: string): Range[] {
  const views = viewsOf(words);
  return [
    ...views.flatMap((view) => search(view, anywhere, () => true)),
    ...views.flatMap((view) => search(view, alone, standsAlone)),
    ...views.map(withoutSeparators).flatMap((view) => search(view, digits, () => true)),
  ];
}

function search(
  { text, origins }: View,
  needles: TextIndex,
  counts: (text: string, from: number, to: number) => boolean,
): Range[] {
  const ranges: Range[] = [];
  for (let at = 0; at < text.length && !needles.isEmpty; at++)
    for (const length of needles.lengthsAt(text, at))
      if (counts(text, at, at + length)) ranges.push(originOf(origins, at, at + length));
  return ranges;
}

function standsAlone(text: string, from: number, to: number): boolean {
  return (
    !/[\p{L}\p{N}]$/u.test(text.slice(Math.max(0, from - 2), from)) && !/^[\p{L}\p{N}]/u.test(text.slice(to, to + 2))
  );
}
