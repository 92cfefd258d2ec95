import { type Draft, drop } from '../draft.js';
import type { FlattenBounds } from '../settings.js';
import { isIdentifier } from './field-name.js';
import { isNested } from './tag-value.js';

/** Receives a scalar below the trait. Its name joins the names on the way to it: `location_city`. */
export type VisitLeaf = (name: string, value: unknown, path: string) => void;

/** Deeper than any real trait. It ends the walk through an object that contains itself. */
const deepest = 100;

/**
 * M9, option `nested: 'flatten'`: visits the scalars in an object, within bounds. Everything else is dropped: an
 * identifier, an array, an empty object, and anything beyond the bounds.
 *
 * M5: an `email` or `phone` is an identifier at every level. Joined names cannot become one, since they contain `_`.
 *
 * Arrays are not flattened: an index is not a name, and a shorter array would leave outdated tags behind.
 */
export function flatten(draft: Draft, trait: object, path: string, bounds: FlattenBounds, visit: VisitLeaf): void {
  let leaves = 0;
  const open = (object: object, prefix: string, objectPath: string, depth: number): void => {
    const fields = Object.entries(object).filter(([, value]) => value !== undefined);
    const isClosed = Array.isArray(object) || depth >= Math.min(bounds.maxDepth, deepest);
    if (isClosed || fields.length === 0) drop(draft, objectPath, 'nested');
    else
      for (const [name, value] of fields) {
        const valuePath = `${objectPath}.${name}`;
        if (isIdentifier(name)) drop(draft, valuePath, 'identifier');
        else if (leaves >= bounds.maxTags) drop(draft, valuePath, 'nested');
        else if (isNested(value)) open(value, `${prefix}${name}_`, valuePath, depth + 1);
        else {
          leaves += 1;
          visit(prefix + name, value, valuePath);
        }
      }
  };
  open(trait, '', path, 0);
}
