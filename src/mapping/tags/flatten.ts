import type { FlattenBounds } from '../settings.js';
import { isNested } from './tag-value.js';

/** Receives what `flatten` finds. */
export interface LeafVisitor {
  /** A scalar below the trait, with the names on the way to it joined: `location_city`. */
  leaf(name: string, path: string, value: unknown): void;
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
  let leaves = 0;
  const open = (object: object, prefix: string, objectPath: string, depth: number): void => {
    const fields = Object.entries(object).filter(([, value]) => value !== undefined);
    const isClosed = Array.isArray(object) || depth >= Math.min(bounds.maxDepth, deepest);
    if (isClosed || fields.length === 0) visitor.drop(objectPath);
    for (const [name, value] of isClosed ? [] : fields) {
      const valuePath = `${objectPath}.${name}`;
      if (leaves >= bounds.maxTags) visitor.drop(valuePath);
      else if (isNested(value)) open(value, `${prefix}${name}_`, valuePath, depth + 1);
      else {
        leaves += 1;
        visitor.leaf(prefix + name, valuePath, value);
      }
    }
  };
  open(trait, '', path, 0);
}
