import type { OrderStore } from './options.js';

/** About 30 MB at the most; the users longest not written to are forgotten first. */
const maxTags = 200_000;

type Times = Readonly<Record<string, number>>;

/**
 * The order guard's memory within one process.
 *
 * @internal
 */
export function createMemoryOrderStore(): OrderStore {
  const users = new Map<string, Times>();
  // One that goes on where it stopped: a new one would have to step over all that was deleted in front.
  let longestNotWritten = users.keys();
  let size = 0;

  const forget = (user: string): void => {
    size -= sizeOf(users.get(user));
    users.delete(user);
  };
  const makeRoom = (user: string): void => {
    // Whoever was written to last stays, even with more tags than there is room for.
    while (size > maxTags && users.size > 1) {
      const { done, value } = longestNotWritten.next();
      if (done) longestNotWritten = users.keys();
      else if (value !== user) forget(value);
    }
  };
  return {
    newest(user, tags) {
      const known = users.get(user);
      return known === undefined ? [] : tags.map((tag) => timeOf(known, tag));
    },
    record(user, written) {
      const known = users.get(user);
      const times = known === undefined ? written : latest(known, written);
      size += sizeOf(times) - sizeOf(known);
      // Insertion order is the order of the last write.
      users.delete(user);
      users.set(user, times);
      makeRoom(user);
    },
    forget,
  };
}

/** A tag may be called `constructor`. */
function timeOf(times: Times, tag: string): number | undefined {
  return Object.hasOwn(times, tag) ? times[tag] : undefined;
}

function latest(known: Times, written: Times): Times {
  const later = Object.entries(written).map(
    ([tag, time]) => [tag, Math.max(timeOf(known, tag) ?? time, time)] as const,
  );
  return { ...known, ...Object.fromEntries(later) };
}

function sizeOf(times: Times | undefined): number {
  return times === undefined ? 0 : Object.keys(times).length;
}
