import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import type { OrderStore, SeenStore } from 'segment-onesignal';

/** What delivery has to remember for a resumed run to end as an unbroken one would. */
export interface Journal {
  readonly order: OrderStore;
  readonly seen: SeenStore;
  close(): void;
}

/** As many as delivery's own memory keeps. */
const maxTags = 200_000;
const maxSeen = 100_000;
/** About as much as the memory takes. The file is written anew when it is larger. */
const maxFileBytes = 64_000_000;

type Entry =
  | readonly ['tags', string, Readonly<Record<string, number>>]
  | readonly ['forget', string]
  | readonly ['seen', string];

/**
 * Keeps the times of the order guard (D9) and the events whose purchases were counted (D10) in a file. Each is written
 * before delivery goes on, so that nothing is lost when the process is killed.
 *
 * The file has ids of users and names of tags, but no values.
 */
export function openJournal(path: string): Journal {
  const users = new Map<string, Map<string, number>>();
  const seen = new Set<string>();
  let tags = 0;

  const apply = (entry: Entry): void => {
    const [kind, name] = entry;
    if (kind === 'seen') {
      seen.add(name);
      for (const oldest of seen.size > maxSeen ? seen : []) {
        seen.delete(oldest);
        break;
      }
      return;
    }
    const known = users.get(name);
    users.delete(name);
    if (kind === 'forget') {
      tags -= known?.size ?? 0;
      return;
    }
    // Put back at the end: the users that have gone longest without a write are forgotten first.
    const times = known ?? new Map<string, number>();
    tags -= times.size;
    for (const [tag, time] of Object.entries(entry[2])) times.set(tag, Math.max(time, times.get(tag) ?? time));
    tags += times.size;
    users.set(name, times);
    for (const [oldest, { size }] of users) {
      if (tags <= maxTags || users.size === 1) break;
      users.delete(oldest);
      tags -= size;
    }
  };
  for (const entry of entriesOf(path)) apply(entry);

  const snapshot = (): string => {
    const entries: Entry[] = [...users].map(([user, times]) => ['tags', user, Object.fromEntries(times)]);
    for (const key of seen) entries.push(['seen', key]);
    return entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
  };
  const file = createRewritableFile(path, snapshot);
  const append = (entry: Entry): void => {
    apply(entry);
    file.append(`${JSON.stringify(entry)}\n`);
  };
  return {
    order: {
      newest: (user, names) => names.map((name) => users.get(user)?.get(name)),
      record: (user, written) => append(['tags', user, written]),
      forget: (user) => append(['forget', user]),
    },
    seen: { has: (key) => seen.has(key), add: (key) => append(['seen', key]) },
    close: file.close,
  };
}

/** A file that is appended to, and replaced by a snapshot when it is opened and when it has grown too large. */
function createRewritableFile(path: string, snapshot: () => string) {
  const rewrite = () => {
    const text = snapshot();
    writeFileSync(`${path}.new`, text, { mode: 0o600 });
    renameSync(`${path}.new`, path);
    return { file: openSync(path, 'a'), bytes: Buffer.byteLength(text) };
  };
  let current = rewrite();
  return {
    append(line: string): void {
      current.bytes += writeSync(current.file, line);
      if (current.bytes < maxFileBytes) return;
      closeSync(current.file);
      current = rewrite();
    },
    close(): void {
      fsyncSync(current.file);
      closeSync(current.file);
    },
  };
}

function entriesOf(path: string): Entry[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8').split('\n').flatMap(entryOf);
}

/** The last line may have been cut off. */
function entryOf(line: string): Entry[] {
  try {
    const entry: unknown = JSON.parse(line);
    return isEntry(entry) ? [entry] : [];
  } catch {
    return [];
  }
}

function isEntry(value: unknown): value is Entry {
  if (!Array.isArray(value) || typeof value[1] !== 'string') return false;
  return value[0] === 'tags' ? isTimes(value[2]) : value[0] === 'forget' || value[0] === 'seen';
}

function isTimes(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.values(value).every(Number.isFinite);
}
