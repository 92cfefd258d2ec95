import type { Tag } from './draft.js';
import { inOrder } from './tag-limit.js';

/** OneSignal: up to 100 property updates per request. */
const maxTagsPerRequest = 100;

/**
 * M11: the tags of one event as the tags of as many valid requests as it takes, removals first: at the plan's limit
 * OneSignal takes nothing new before something is removed.
 *
 * @see {@link https://documentation.onesignal.com/reference/rate-limits | OneSignal: Rate limits, property updates}
 */
export function splitTags(tags: ReadonlyMap<string, Tag>): Record<string, string>[] {
  if (tags.size <= maxTagsPerRequest) return [recordOf([...tags.values()])];
  const ordered = inOrder(tags);
  const parts: Record<string, string>[] = [];
  for (let from = 0; from < ordered.length; from += maxTagsPerRequest)
    parts.push(recordOf(ordered.slice(from, from + maxTagsPerRequest)));
  return parts;
}

function recordOf(tags: readonly Tag[]): Record<string, string> {
  const record: Record<string, string> = {};
  // Six times as fast as Object.fromEntries, which is needed only where an assignment would set the prototype.
  if (tags.some(({ key }) => key === '__proto__'))
    return Object.fromEntries(tags.map(({ key, value }) => [key, value]));
  for (const { key, value } of tags) record[key] = value;
  return record;
}
