import { isRecord } from '../../record.js';
import { type Draft, drop } from '../draft.js';
import type { FieldSource } from '../fields.js';

/**
 * M3: reports fields under a root that this call is not read from, such as the properties of an identify (`metadata`).
 * The traits next to a track's properties are not read either: they may be older.
 *
 * @param read - The root that the call is read from, if there is one.
 */
export function reportUnreadFields(draft: Draft, read?: FieldSource['root']): void {
  const { event } = draft;
  if (read !== 'traits' && 'traits' in event) reportAll(draft, 'traits', event.traits);
  if (read !== 'properties' && 'properties' in event) reportAll(draft, 'properties', event.properties);
}

function reportAll(draft: Draft, root: FieldSource['root'], fields: unknown): void {
  if (!isRecord(fields)) return;
  for (const name of Object.keys(fields)) if (fields[name] !== undefined) drop(draft, `${root}.${name}`, 'metadata');
}
