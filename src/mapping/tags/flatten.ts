import type { DropReason } from '../../onesignal/plan.js';
import type { FlattenBounds } from '../settings.js';
import { isIdentifier } from './field-name.js';
import { isNested } from './tag-value.js';

/** Receives the values that {@link flatten} visits. */
export interface LeafVisitor {
  /** A scalar below the trait. Its name joins the names on the way to it: `location_city`. */
  leaf(name: string, path: string, value: unknown): void;
  /** A value that is not flattened: an identifier, an array, an empty object, or anything beyond the bounds. */
  drop(path: string, reason: DropReason): void;
}

/** Deeper than any real trait. It ends the walk through an object that contains itself. */
const deepest = 100;

/**
 * M9, option `nested: 'flatten'`: visits the scalars in an object, within bounds, and reports everything else.
 *
 * M5: an `email` or `phone` is an identifier at every level. Joined names cannot become one, since they contain `_`.
 *
 * Arrays are not flattened: an index is not a name, and a shorter array would leave outdated tags behind.
 */
export function flatten(trait: object, path: string, bounds: FlattenBounds, visitor: LeafVisitor): void {
  let leaves = 0;
  const open = (object: object, prefix: string, objectPath: string, depth: number): void => {
    const fields = Object.entries(object).filter(([, value]) => value !== undefined);
    const isClosed = Array.isArray(object) || depth >= Math.min(bounds.maxDepth, deepest);
    if (isClosed || fields.length === 0) visitor.drop(objectPath, 'nested');
    for (const [name, value] of isClosed ? [] : fields) {
      const valuePath = `${objectPath}.${name}`;
      if (isIdentifier(name)) visitor.drop(valuePath, 'identifier');
      else if (leaves >= bounds.maxTags) visitor.drop(valuePath, 'nested');
      else if (isNested(value)) open(value, `${prefix}${name}_`, valuePath, depth + 1);
      else {
        leaves += 1;
        visitor.leaf(prefix + name, valuePath, value);
      }
    }
  };
  open(trait, '', path, 0);
}
