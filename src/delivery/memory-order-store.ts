import type { OrderStore } from './options.js';

/** About 30 MB at the most; the users longest not written to are forgotten first. */
const maxTags = 200_000;

/**
 * The order guard's memory within one process.
 *
 * @internal
 */
export function createMemoryOrderStore(): OrderStore {
  const users = new Map<string, Map<string, number>>();
  let size = 0;

  const forget = (user: string): void => {
    size -= users.get(user)?.size ?? 0;
    users.delete(user);
  };
  return {
    newest(user, tags) {
      const known = users.get(user);
      return known === undefined ? [] : tags.map((tag) => known.get(tag));
    },
    record(user, written) {
      const known = users.get(user) ?? new Map<string, number>();
      size -= known.size;
      for (const [tag, time] of Object.entries(written)) known.set(tag, Math.max(known.get(tag) ?? time, time));
      size += known.size;
      // Insertion order is the order of the last write.
      users.delete(user);
      users.set(user, known);
      for (const oldest of users.keys()) {
        if (size <= maxTags || oldest === user) break;
        forget(oldest);
      }
    },
    forget,
  };
}
