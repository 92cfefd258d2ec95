import type { Alias } from './operation.js';

/**
 * One string per user, for maps. The label's length keeps `['a b', 'c']` and `['a', 'b c']` apart.
 *
 * @internal
 */
export function userKey({ label, id }: Alias): string {
  return `${label.length} ${label} ${id}`;
}
