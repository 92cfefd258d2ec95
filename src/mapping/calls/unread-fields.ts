import { isRecord } from '../../record.js';
import { type Draft, drop } from '../draft.js';
import type { FieldSource } from '../fields.js';

const roots = ['traits', 'properties'] as const;

/**
 * M3: reports the fields that stand where a call of this type has none, such as the properties of an identify
 * (`metadata`). Those of a track describe it, and traits next to them would be a second, possibly older opinion.
 *
 * @param read - The root that the call is read from, if there is one.
 */
export function reportUnreadFields(draft: Draft, read?: FieldSource['root']): void {
  for (const root of roots) {
    const fields: unknown = root === read ? undefined : Reflect.get(draft.event, root);
    if (!isRecord(fields)) continue;
    for (const name of Object.keys(fields)) if (fields[name] !== undefined) drop(draft, `${root}.${name}`, 'metadata');
  }
}
