import type { DropReason } from '../onesignal/plan.js';
import { drop, rank } from './draft.js';
import { isIdentifier, personNameKey } from './field-name.js';
import type { FieldSource } from './fields.js';
import { flatten } from './flatten.js';
import { type Gathering, offerTag } from './offer-tag.js';
import type { FlattenBounds, Settings } from './settings.js';
import { isExcluded, leafKey, tagKey } from './tag-key.js';
import { isNested } from './tag-value.js';

/** What one kind of event says of a field before the general rules: a reason to drop it, or that it is used already. */
export type FieldRule = (name: string) => DropReason | 'used' | undefined;

/** How one kind of event departs from the general rules. */
export interface GatherOptions {
  /** What it says of single fields. */
  readonly rule?: FieldRule;
  /** What stands before each key, instead of the option `prefix` alone. */
  readonly prefix?: string;
}

/**
 * M2: takes every field of an event to a tag or to `dropped`; `undefined` is ignored (M8).
 *
 * Each step is a rule of its own: M4 and M5 in `field-name.ts`, M6 to M8 in `tag-value.ts`, M9 in `flatten.ts`, M10 and
 * the key options in `tag-key.ts`, the hook in `tag-hook.ts`.
 *
 * @see {@link https://segment.com/docs/connections/destinations/catalog/onesignal-new/#identify | Segment: OneSignal, Identify}
 */
export function gatherTags(gathering: Gathering, source: FieldSource, options: GatherOptions = {}): void {
  const { draft, settings } = gathering;
  const { rule, prefix = settings.prefix } = options;
  for (const name of Object.keys(source.fields)) {
    const value = source.fields[name];
    if (value === undefined) continue;
    const path = `${source.root}.${name}`;
    const verdict = rule?.(name) ?? reasonToDrop(name, settings);
    if (verdict === 'used') continue;
    if (verdict !== undefined) drop(draft, path, verdict);
    else if (!isNested(value)) gatherScalar(gathering, { name, prefix, path }, value);
    else if (settings.flatten === undefined) drop(draft, path, 'nested');
    else gatherNested(gathering, { name, prefix, path }, value, settings.flatten);
  }
  dropUnread(gathering, source);
}

interface Field {
  readonly name: string;
  readonly prefix: string;
  readonly path: string;
}

function gatherScalar(gathering: Gathering, { name, prefix, path }: Field, value: unknown): void {
  const personName = personNameKey(name);
  offerTag(gathering, {
    key: tagKey(name, personName ?? name, prefix, gathering.settings),
    value,
    path,
    rank: personName === undefined ? rank.other : rank.name,
    // M4: of two spellings the camelCase one wins.
    prevails: name === 'firstName' || name === 'lastName',
  });
}

function gatherNested(gathering: Gathering, { name, prefix, path }: Field, value: object, bounds: FlattenBounds): void {
  flatten(value, path, bounds, {
    leaf: (names, leafPath, leaf) => {
      const key = leafKey(name, names.join('_'), prefix, gathering.settings);
      offerTag(gathering, { key, value: leaf, path: leafPath, rank: rank.other, prevails: false });
    },
    drop: (droppedPath) => drop(gathering.draft, droppedPath, 'nested'),
  });
}

function reasonToDrop(name: string, settings: Settings): DropReason | undefined {
  if (isIdentifier(name)) return 'identifier';
  return isExcluded(name, settings) ? 'excluded' : undefined;
}

/** A track that has properties is described by them; traits beside them say nothing of the event. */
function dropUnread({ draft }: Gathering, { unread }: FieldSource): void {
  if (unread === undefined) return;
  for (const name of Object.keys(unread)) if (unread[name] !== undefined) drop(draft, `traits.${name}`, 'metadata');
}
