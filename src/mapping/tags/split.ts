import { maxPropertiesPerRequest } from '../../onesignal/limits.js';
import type { Tag } from '../draft.js';
import { inOrder } from './tag-limit.js';

/**
 * M11: the tags of one event as the tags of as many valid requests as it takes, removals first: at the plan's limit
 * OneSignal takes nothing new before something is removed.
 *
 * @param taken - How many other properties go into the first request.
 *
 * @see {@link https://documentation.onesignal.com/reference/rate-limits | OneSignal: Rate limits, property updates}
 */
export function splitTags(tags: ReadonlyMap<string, Tag>, taken: number): Record<string, string>[] {
  if (tags.size === 0) return [];
  if (tags.size <= maxPropertiesPerRequest - taken) return [recordOf(tags.values(), tags.has('__proto__'))];
  const ordered = inOrder(tags);
  const isHostile = tags.has('__proto__');
  const parts = [recordOf(ordered.splice(0, maxPropertiesPerRequest - taken), isHostile)];
  while (ordered.length > 0) parts.push(recordOf(ordered.splice(0, maxPropertiesPerRequest), isHostile));
  return parts;
}

/** Six times as fast as Object.fromEntries, which is needed only where an assignment would set the prototype. */
function recordOf(tags: Iterable<Tag>, isHostile: boolean): Record<string, string> {
  if (isHostile) return Object.fromEntries(Array.from(tags, ({ key, value }) => [key, value]));
  const record: Record<string, string> = {};
  for (const { key, value } of tags) record[key] = value;
  return record;
}
