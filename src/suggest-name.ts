/**
 * What to do about an unknown name: `Did you mean "mapping"?`, or the known names if none is close.
 *
 * @internal
 */
export function suggestName(name: string, known: readonly string[]): string {
  const closest = closestName(name, known);
  return closest === undefined ? `Known options: ${known.join(', ')}.` : `Did you mean "${closest}"?`;
}

/**
 * The known name that was probably meant; `undefined` if none is close.
 *
 * @internal
 */
export function closestName(name: string, known: readonly string[]): string | undefined {
  const [closest] = known
    .map((candidate) => ({ candidate, edits: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((one, other) => one.edits - other.edits);
  // A third of the letters, as in the Rust compiler: further away, the suggestion would be a guess.
  const isClose = closest !== undefined && closest.edits <= Math.max(1, Math.floor(name.length / 3));
  return isClose ? closest.candidate : undefined;
}

/** The letters to insert, delete or replace, and the neighbors to swap, as in `onyl`. */
function editDistance(from: string, to: string): number {
  let [before, row]: number[][] = [[], Array.from({ length: to.length + 1 }, (_, column) => column)];
  for (let index = 1; index <= from.length; index++) {
    const next = [index];
    for (let column = 1; column <= to.length; column++) {
      const replaced = at(row, column - 1) + (from[index - 1] === to[column - 1] ? 0 : 1);
      const isSwap = from[index - 1] === to[column - 2] && from[index - 2] === to[column - 1];
      const swapped = isSwap ? at(before, column - 2) + 1 : replaced;
      next.push(Math.min(replaced, swapped, at(row, column) + 1, at(next, column - 1) + 1));
    }
    [before, row] = [row, next];
  }
  return at(row, to.length);
}

function at(row: readonly number[] | undefined, column: number): number {
  return row?.[column] ?? 0;
}
