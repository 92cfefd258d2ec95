import type { Tag } from './draft.js';
import { byRank } from './tag-limit.js';

/** OneSignal: up to 100 property updates per request. */
const maxTagsPerRequest = 100;

/**
 * M11: the tags of one event as the tags of as many valid requests as it takes, removals first: at the plan's limit
 * OneSignal takes nothing new before something is removed.
 *
 * @see {@link https://documentation.onesignal.com/reference/rate-limits | OneSignal: Rate limits, property updates}
 */
export function splitTags(tags: ReadonlyMap<string, Tag>): Record<string, string>[] {
  if (tags.size <= maxTagsPerRequest) return [toRecord([...tags.values()])];
  const all = [...tags.values()];
  const removals = all.filter((tag) => tag.value === '');
  const others = all.filter((tag) => tag.value !== '').sort(byRank);
  const ordered = [...removals, ...others];
  const requests: Record<string, string>[] = [];
  for (let from = 0; from < ordered.length; from += maxTagsPerRequest)
    requests.push(toRecord(ordered.slice(from, from + maxTagsPerRequest)));
  return requests;
}

function toRecord(tags: readonly Tag[]): Record<string, string> {
  return Object.fromEntries(tags.map(({ key, value }) => [key, value]));
}
