/** A bug to plant in the library: the string to find, which occurs once in `src`, and its replacement. */
export interface Bug {
  readonly name: string;
  readonly find: string;
  readonly replace: string;
}

/** Bugs that the model must find. */
export const bugs: readonly Bug[] = [
  {
    name: 'claims of other users never block',
    find: 'other.user !== claim.user && comesFirst(claim, other)',
    replace: 'false',
  },
  { name: 'deleted users come back', find: 'if (isOlderThan(deletedKey)) {', replace: 'if (false) {' },
  {
    name: 'requests are repeated for callers who have left',
    find: 'this.#parts = wantedOf(this.#wanted);',
    replace: 'this.#parts = wantedOf(this.#wanted) && this.#wanted;',
  },
  { name: 'older values overwrite newer ones', find: '.filter(isOlderThan));', replace: '.filter(() => false));' },
  {
    name: 'half an interval between two writes to a user',
    find: 'Math.max(start + intervalMs - now, 0)',
    replace: 'Math.max(start + intervalMs / 2 - now, 0)',
  },
  {
    name: 'redeliveries start over',
    find: 'if (accepted.length === 0) return;',
    replace: 'if (accepted.length >= 0) return;',
  },
  {
    name: 'a learned tag limit is one too low',
    find: 'refused === undefined ? Number.POSITIVE_INFINITY : refused - 1',
    replace: 'refused === undefined ? Number.POSITIVE_INFINITY : refused - 2',
  },
  {
    name: 'removed tags still count toward the limit',
    find: "if (value === '') keys.delete(key);",
    replace: "if (value === '') {}",
  },
  {
    name: 'names have no precedence when tags run out',
    find: "if (key === 'first_name' || key === 'last_name') return tagRank.name;",
    replace: '',
  },
  { name: 'reads of users are not paced', find: 'nextAt = clock.now() + intervalMs;', replace: '' },
  {
    name: 'half a second counts as a second',
    find: 'if (at > now - secondMs && at <= now) break;',
    replace: 'if (at > now - secondMs / 2 && at <= now) break;',
  },
  {
    name: 'an unchanged value after a different one of the same batch is left out',
    find: ' && !changed.has(key);',
    replace: ';',
  },
  {
    name: 'an unchanged value does not count as written',
    find: 'for (const part of unchanged) await orderGuard.record(part, [input]);',
    replace: '',
  },
];
