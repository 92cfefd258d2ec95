import type { OrderStore } from './options.js';

/** Two generations of so many tags are kept, about 30 MB at the most. */
const maxTags = 100_000;

type Times = Readonly<Record<string, number>>;

/**
 * The order guard's memory within one process: the last 100,000 tags at least, whoever's they are.
 *
 * Two generations, not one list in order of use: the older one goes as a whole, so that forgetting costs nothing per write.
 *
 * @internal
 */
export function createMemoryOrderStore(): OrderStore {
  let young = new Map<string, Times>();
  let old = new Map<string, Times>();
  let size = 0;

  return {
    newest(user, tags) {
      const known = young.get(user) ?? old.get(user);
      return known === undefined ? [] : tags.map((tag) => timeOf(known, tag));
    },
    record(user, written) {
      const inYoung = young.get(user);
      const known = inYoung ?? old.get(user);
      const times = known === undefined ? written : latest(known, written);
      young.set(user, times);
      size += sizeOf(times) - (inYoung === undefined ? 0 : sizeOf(inYoung));
      if (size < maxTags) return;
      old = young;
      young = new Map();
      size = 0;
    },
    forget(user) {
      const inYoung = young.get(user);
      if (inYoung !== undefined) size -= sizeOf(inYoung);
      young.delete(user);
      old.delete(user);
    },
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

function sizeOf(times: Times): number {
  return Object.keys(times).length;
}
