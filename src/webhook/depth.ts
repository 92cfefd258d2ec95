/**
 * Whether arrays and objects nest deeper than so many levels. Looks no deeper than that, so that no depth can exhaust the stack.
 *
 * @internal
 */
export function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(levels - 1, inner));
}
