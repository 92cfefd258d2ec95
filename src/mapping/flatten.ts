import type { FlattenBounds } from './settings.js';
import { isNested } from './tag-value.js';

/** Receives what `flatten` finds. */
export interface LeafVisitor {
  /** A scalar below the trait, with the names on the way to it: `['city']`. */
  leaf(names: readonly string[], path: string, value: unknown): void;
  /** Something that is not opened, or is over the bounds (`nested`). */
  drop(path: string): void;
}

/** Deeper than any real trait; it keeps an object that holds itself from being followed for ever. */
const deepest = 100;

/**
 * M9, option `nested: 'flatten'`: visits the scalar leaves of an object, within bounds, and reports whatever is left out.
 *
 * Arrays are never opened: an index is no name, and a shorter array would leave stale tags behind.
 *
 * @see {@link https://segment.com/docs/connections/destinations/catalog/onesignal-new/#identify | Segment: OneSignal doesn't accept nested objects or arrays}
 */
export function flatten(trait: object, path: string, bounds: FlattenBounds, visitor: LeafVisitor): void {
  const maxDepth = Math.min(bounds.maxDepth, deepest);
  let leaves = 0;
  const open = (object: object, names: readonly string[], objectPath: string): void => {
    let isEmpty = true;
    for (const [name, value] of Object.entries(object)) {
      if (value === undefined) continue;
      isEmpty = false;
      const valuePath = `${objectPath}.${name}`;
      if (leaves >= bounds.maxTags) visitor.drop(valuePath);
      else if (isNested(value)) visit(value, [...names, name], valuePath);
      else {
        leaves += 1;
        visitor.leaf([...names, name], valuePath, value);
      }
    }
    if (isEmpty) visitor.drop(objectPath);
  };
  const visit = (value: object, names: readonly string[], valuePath: string): void => {
    if (Array.isArray(value) || names.length >= maxDepth) visitor.drop(valuePath);
    else open(value, names, valuePath);
  };
  visit(trait, [], path);
}
