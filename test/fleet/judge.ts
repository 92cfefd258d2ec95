import type { Write } from './processes/onesignal.js';
import { endingOf, type StoryEvent } from './story.js';

/** What OneSignal's record says about a run. */
export interface Findings {
  events: number;
  writes: number;
  /** Events whose own tag never arrived. */
  lost: number;
  /** Tags whose final value is not the newest. */
  wrong: string[];
  /** Pairs of writes to one user with less than a second between them. */
  gaps: string[];
  shortestGapMs: number;
  /** The most writes in any second. */
  mostPerSecond: number;
}

export function judge(story: readonly StoryEvent[], writes: readonly Write[]): Findings {
  const tags = new Map<string, Record<string, string>>();
  const last = new Map<string, Write>();
  const gaps: string[] = [];
  let shortestGapMs = Number.POSITIVE_INFINITY;
  for (const write of writes) {
    const [at, user, written, worker] = write;
    tags.set(user, { ...tags.get(user), ...written });
    const before = last.get(user);
    last.set(user, write);
    if (before === undefined) continue;
    const gapMs = at - before[0];
    if (gapMs < 1_000) gaps.push(`${user} at ${new Date(at).toISOString()}: ${gapMs} ms, ${before[3]} then ${worker}`);
    shortestGapMs = Math.min(shortestGapMs, gapMs);
  }
  let lost = 0;
  const wrong: string[] = [];
  for (const [user, ending] of endingOf(story)) {
    const own = tags.get(user) ?? {};
    for (const [key, value] of Object.entries(ending)) {
      if (key.startsWith('step_')) lost += own[key] === value ? 0 : 1;
      else if ((own[key] ?? '') !== value) wrong.push(`${user} ${key}: ${own[key]} in place of ${value}`);
    }
  }
  const times = writes.map(([at]) => at).sort((one, other) => one - other);
  let from = 0;
  let mostPerSecond = 0;
  for (const [index, at] of times.entries()) {
    while ((times[from] ?? at) <= at - 1_000) from++;
    mostPerSecond = Math.max(mostPerSecond, index - from + 1);
  }
  return { events: story.length, writes: writes.length, lost, wrong, gaps, shortestGapMs, mostPerSecond };
}
