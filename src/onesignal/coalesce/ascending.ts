/**
 * Indexes of plans without repeats, ascending: the time decides in which order plans are merged, their place in which order they are named.
 *
 * @internal
 */
export function ascending(inputs: Iterable<number>): number[] {
  return [...new Set(inputs)].sort((a, b) => a - b);
}
