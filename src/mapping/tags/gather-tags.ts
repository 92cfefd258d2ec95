import type { DropReason } from '../../onesignal/plan.js';
import { type TagRank, tagRank } from '../../onesignal/tag-order.js';
import { secondsOfDate } from '../dates.js';
import { type Draft, drop } from '../draft.js';
import type { FieldSource } from '../fields.js';
import { offerTag } from './add-tag.js';
import { isIdentifier, personNameKey } from './field-name.js';
import { flatten } from './flatten.js';
import { isExcluded, leafKey, tagKey } from './tag-key.js';
import { isNested } from './tag-value.js';

/** Decides on a field before the general rules: a reason to drop it, or `used` if it is carried over already. */
export type FieldRule = (name: string) => DropReason | 'used' | undefined;

/**
 * M2: turns every field of an event into a tag, or drops it with a reason. `undefined` is ignored (M8).
 *
 * @param prefix - Put before each key that `rename` does not set.
 * @param rule - Decides on single fields first. Depends on the kind of the event.
 */
export function gatherTags(draft: Draft, source: FieldSource, prefix: string, rule?: FieldRule): void {
  const { root, fields } = source;
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    if (value === undefined) continue;
    const path = `${root}.${name}`;
    const verdict = rule?.(name) ?? generalReason(draft, name, value, path);
    if (verdict === undefined) gatherField(draft, name, value, path, prefix);
    else if (verdict !== 'used') drop(draft, path, verdict);
  }
}

function generalReason(draft: Draft, name: string, value: unknown, path: string): DropReason | 'used' | undefined {
  if (isIdentifier(name)) return draft.optIns?.offerContact(draft, name, value, path) ?? 'identifier';
  return isExcluded(name, draft.settings) ? 'excluded' : undefined;
}

function gatherField(draft: Draft, name: string, value: unknown, path: string, prefix: string): void {
  const { settings } = draft;
  if (!isNested(value)) {
    const personName = personNameKey(name);
    const key = tagKey(name, personName ?? name, prefix, settings);
    const rank = personName === undefined ? tagRank.other : personNameRank(name);
    offerTag(draft, key, secondsOfDate(name, value, settings), path, rank);
  } else if (settings.flatten === undefined) drop(draft, path, 'nested');
  else
    flatten(draft, value, path, settings.flatten, (leaf, scalar, leafPath) => {
      const leafValue = secondsOfDate(`${name}_${leaf}`, scalar, settings);
      offerTag(draft, leafKey(name, leaf, prefix, settings), leafValue, leafPath, tagRank.other);
    });
}

/** M4: of two spellings of a name, the one in camelCase wins. */
function personNameRank(name: string): TagRank {
  return name === 'firstName' || name === 'lastName' ? tagRank.camelCaseName : tagRank.name;
}
