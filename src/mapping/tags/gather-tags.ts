import type { DropReason } from '../../onesignal/plan.js';
import { secondsOfDate } from '../dates.js';
import { type Draft, drop, rank } from '../draft.js';
import type { FieldSource } from '../fields.js';
import { offerContact } from '../opt-ins/subscription.js';
import { offerTag } from './add-tag.js';
import { isIdentifier, personNameKey } from './field-name.js';
import { flatten } from './flatten.js';
import { isExcluded, leafKey, tagKey } from './tag-key.js';
import { isNested } from './tag-value.js';

/** What one kind of event says of a field before the general rules: a reason to drop it, or that it is used already. */
export type FieldRule = (name: string) => DropReason | 'used' | undefined;

/**
 * M2: takes every field of an event to a tag or to `dropped`; `undefined` is ignored (M8).
 *
 * Each step is a rule of its own: M4 and M5 in `field-name.ts`, S1 in `subscription.ts`, S8 in `dates.ts`, M6 to M8 in `tag-value.ts`, M9 in `flatten.ts`, M10 and
 * the key options in `tag-key.ts`, the hook in `tag-hook.ts`.
 *
 * @param prefix - What stands before each key but renamed ones.
 * @param rule - What this kind of event says of single fields.
 *
 * @see {@link https://segment.com/docs/connections/destinations/catalog/onesignal-new/#identify | Segment: OneSignal, Identify}
 */
export function gatherTags(draft: Draft, source: FieldSource, prefix: string, rule?: FieldRule): void {
  const { root, fields } = source;
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    if (value === undefined) continue;
    const path = `${root}.${name}`;
    const verdict = rule?.(name) ?? generalReason(draft, name, value);
    if (verdict === undefined) gatherField(draft, name, value, path, prefix);
    else if (verdict !== 'used') drop(draft, path, verdict);
  }
}

function generalReason(draft: Draft, name: string, value: unknown): DropReason | 'used' | undefined {
  if (isIdentifier(name)) return offerContact(draft, name, value);
  return isExcluded(name, draft.settings) ? 'excluded' : undefined;
}

function gatherField(draft: Draft, name: string, value: unknown, path: string, prefix: string): void {
  const { settings } = draft;
  if (!isNested(value)) {
    const personName = personNameKey(name);
    const key = tagKey(name, personName ?? name, prefix, settings);
    offerTag(
      draft,
      key,
      secondsOfDate(name, value, settings),
      path,
      personName === undefined ? rank.other : nameRank(name),
    );
  } else if (settings.flatten === undefined) drop(draft, path, 'nested');
  else
    flatten(value, path, settings.flatten, {
      leaf: (leaf, leafPath, scalar) => {
        const leafValue = secondsOfDate(`${name}_${leaf}`, scalar, settings);
        offerTag(draft, leafKey(name, leaf, prefix, settings), leafValue, leafPath, rank.other);
      },
      drop: (droppedPath) => drop(draft, droppedPath, 'nested'),
    });
}

/** M4: of two spellings of a name the camelCase one wins. */
function nameRank(name: string): 0 | 1 {
  return name === 'firstName' || name === 'lastName' ? rank.camelCaseName : rank.name;
}
