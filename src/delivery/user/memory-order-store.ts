import type { OrderStore } from '../options.js';

/** About 30 MB at most. The users that have gone longest without a write are forgotten first. */
const maxTags = 200_000;
/** Room is made for many writes at once: each scan steps over everything that was deleted at the front. */
const tagsAfterMakingRoom = 180_000;

type Times = Readonly<Record<string, number>>;

/** The order guard's memory within one process. @internal */
export function createMemoryOrderStore(): OrderStore {
  const users = new Map<string, Times>();
  let size = 0;

  const forget = (user: string): void => {
    size -= sizeOf(users.get(user));
    users.delete(user);
  };
  const makeRoom = (user: string): void => {
    if (size <= maxTags) return;
    // A new iterator each time: one that is kept would retain every earlier table of the map.
    for (const oldest of users.keys()) {
      // The user written to last stays, even with more tags than there is room for.
      if (size <= tagsAfterMakingRoom || oldest === user) return;
      forget(oldest);
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

/** `hasOwn`, since a tag may be called `constructor`. */
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
