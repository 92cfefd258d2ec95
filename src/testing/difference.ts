/**
 * The difference between two values as lines: `- ` is expected and missing, `+ ` is there and not expected, and lines
 * that are equal keep two spaces. Returns `undefined` if the values are equal as JSON, in any order of their keys.
 *
 * @internal
 */
export function differenceOf(expected: unknown, actual: unknown): string | undefined {
  const [before, after] = [linesOf(expected), linesOf(actual)];
  if (before.join('\n') === after.join('\n')) return undefined;
  return diffLines(before, after).join('\n');
}

function linesOf(value: unknown): string[] {
  return (JSON.stringify(sorted(value), null, 2) ?? 'undefined').split('\n');
}

/** Sorts the keys of objects, because their order means nothing. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, own]) => [key, sorted(own)]));
}

/** Above this, the table of the algorithm takes more memory than a test is worth. */
const maxCells = 4_000_000;

/** The comma after a line only says that another one follows. */
function isSame(line: string | undefined, other: string | undefined): boolean {
  return line?.replace(/,$/, '') === other?.replace(/,$/, '');
}

/** By the longest common subsequence of lines. */
function diffLines(before: readonly string[], after: readonly string[]): string[] {
  if (before.length * after.length > maxCells)
    return [...before.map((line) => `- ${line}`), ...after.map((line) => `+ ${line}`)];
  const width = after.length + 1;
  const common = new Uint32Array((before.length + 1) * width);
  const at = (row: number, column: number): number => common[row * width + column] ?? 0;
  for (let row = before.length - 1; row >= 0; row--)
    for (let column = after.length - 1; column >= 0; column--)
      common[row * width + column] = isSame(before[row], after[column])
        ? at(row + 1, column + 1) + 1
        : Math.max(at(row + 1, column), at(row, column + 1));

  const lines: string[] = [];
  let [row, column] = [0, 0];
  while (row < before.length || column < after.length) {
    if (row < before.length && column < after.length && isSame(before[row], after[column])) {
      lines.push(`  ${before[row]}`);
      row++;
      column++;
    } else if (row < before.length && (column >= after.length || at(row + 1, column) >= at(row, column + 1)))
      lines.push(`- ${before[row++]}`);
    else lines.push(`+ ${after[column++]}`);
  }
  return lines;
}
