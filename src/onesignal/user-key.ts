import type { Alias } from './operation.js';

/**
 * The key of a user in a map. The length of the label keeps `['a b', 'c']` and `['a', 'b c']` apart.
 *
 * @internal
 */
export function userKey({ label, id }: Alias): string {
  return `${label.length} ${label} ${id}`;
}
