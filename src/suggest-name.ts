/**
 * What to do about an unknown name: `Did you mean "mapping"?`, or the known names if none is close.
 *
 * @internal
 */
export function suggestName(name: string, known: readonly string[]): string {
  const [closest] = known
    .map((candidate) => ({ candidate, edits: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((one, other) => one.edits - other.edits);
  // A third of the letters, as in the Rust compiler: further away, the suggestion would be a guess.
  const isClose = closest !== undefined && closest.edits <= Math.max(1, Math.floor(name.length / 3));
  return isClose ? `Did you mean "${closest.candidate}"?` : `Known options: ${known.join(', ')}.`;
}

/** Levenshtein distance: the letters to insert, delete or replace. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let index = 1; index <= from.length; index++) {
    const next = [index];
    for (let column = 1; column <= to.length; column++) {
      const replaced = (row[column - 1] ?? 0) + (from[index - 1] === to[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
