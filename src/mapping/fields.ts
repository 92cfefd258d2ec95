import type { SegmentEvent } from '../segment/event.js';
import { isRecord, type UnknownRecord } from '../segment/recognise.js';

/** An event's traits or properties, and the name under which they stand in it. */
export interface FieldSource {
  readonly root: 'traits' | 'properties';
  readonly fields: UnknownRecord;
  /** Traits that stand beside the properties of a track; nothing reads them. */
  readonly unread: UnknownRecord | undefined;
}

const none: UnknownRecord = Object.freeze({});

/**
 * M2, M3: an identify's traits; a track's properties, or its traits where it carries those instead (seen on Engage's
 * tracks). `null` and `[]` count as `{}`. Never `context.traits`: those describe the user as of some other call.
 *
 * @see {@link https://segment.com/docs/connections/spec/track/#properties | Segment Spec: Track, Properties}
 */
export function fieldsOf(event: SegmentEvent): FieldSource {
  const traits = 'traits' in event && isRecord(event.traits) ? event.traits : none;
  if (event.type !== 'track') return { root: 'traits', fields: traits, unread: undefined };
  const properties = isRecord(event.properties) ? event.properties : none;
  if (isEmpty(properties) && !isEmpty(traits)) return { root: 'traits', fields: traits, unread: undefined };
  return { root: 'properties', fields: properties, unread: traits === none ? undefined : traits };
}

function isEmpty(fields: UnknownRecord): boolean {
  for (const name in fields) if (Object.hasOwn(fields, name)) return false;
  return true;
}
