import type { Write } from './processes/onesignal.js';
import { endingOf, type StoryEvent } from './story.js';

/** What OneSignal's record says about a run. */
export interface Findings {
  events: number;
  writes: number;
  /** Events whose own tag never arrived. */
  lost: number;
  /** Tags with a value in the end that is not the newest. */
  wrong: string[];
  /** Pairs of writes to one user with less than a second between them. */
  gaps: number;
  shortestGapMs: number;
  /** Most writes in any second. */
  mostPerSecond: number;
}

export function judge(story: readonly StoryEvent[], writes: readonly Write[]): Findings {
  const tags = new Map<string, Record<string, string>>();
  const last = new Map<string, number>();
  let gaps = 0;
  let shortestGapMs = Number.POSITIVE_INFINITY;
  for (const [at, user, written] of writes) {
    tags.set(user, { ...tags.get(user), ...written });
    const gapMs = at - (last.get(user) ?? Number.NEGATIVE_INFINITY);
    if (gapMs < 1_000) gaps++;
    shortestGapMs = Math.min(shortestGapMs, gapMs);
    last.set(user, at);
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
