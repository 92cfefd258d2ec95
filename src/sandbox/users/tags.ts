import { isRecord } from '../../record.js';
import { invalid, Refused, structuredError } from '../answers.js';

/** Reads a `tags` object, which maps keys to values; `''` removes a tag. */
export function readTags(value: unknown): Map<string, string> {
  if (!isRecord(value)) throw invalid('tags must be an object');
  const tags = new Map<string, string>();
  for (const [key, tag] of Object.entries(value)) {
    // docs/onesignal.md 3: values are strings. RudderStack sends booleans successfully, so other scalars become strings
    // too.
    if (typeof tag === 'string' || typeof tag === 'number' || typeof tag === 'boolean') tags.set(key, String(tag));
    // docs/onesignal.md 3: `null` removed a tag in the players API and is not documented for users, so tests must not
    // come to rely on it.
    else if (tag === null) throw invalid('null is not a tag value: send "" to remove a tag');
    else throw invalid('tag values must be strings: arrays and objects are not supported');
  }
  return tags;
}

/** Refuses the whole change if it would give the user more tags than the plan allows. */
export function checkTagLimit(
  has: ReadonlyMap<string, string>,
  change: ReadonlyMap<string, string>,
  limit = Infinity,
): void {
  let added = 0;
  for (const [key, value] of change) if (value !== '' && !has.has(key)) added += 1;
  // docs/onesignal.md 3: removals in the same request do not count ("delete tags first, then send a second request"),
  // and existing tags can still change at the limit.
  if (added === 0 || has.size + added <= limit) return;
  throw new Refused(
    structuredError(
      409,
      'entitlements-tag-limit',
      "The tags for this user exceed the limit for this organization's plan.",
    ),
  );
}

/** Merges the change into the tags; tags that it does not name stay (docs/onesignal.md 3). */
export function applyTags(tags: Map<string, string>, change: ReadonlyMap<string, string>): void {
  for (const [key, value] of change) {
    if (value === '') tags.delete(key);
    else tags.set(key, value);
  }
}
