import { isRecord, recordOf, type UnknownRecord } from '../record.js';
import type { GroupEvent, IdentifyEvent, TrackEvent } from '../segment/event.js';

/** The traits or properties of an event, and the name they have in it. */
export interface FieldSource {
  readonly root: 'traits' | 'properties';
  readonly fields: UnknownRecord;
}

/** M2, S4: the traits of an identify or group. `null` and `[]` count as `{}`. */
export function traitsOf(event: IdentifyEvent | TrackEvent | GroupEvent): FieldSource {
  return { root: 'traits', fields: recordOf(event.traits) };
}

/**
 * M2, M3: the traits of an identify; the properties of a track, or its traits if it has only those, as some tracks of
 * Engage do.
 *
 * Never `context.traits`, which describe the user as of another call.
 *
 * @see {@link https://segment.com/docs/connections/spec/track/#properties | Segment Spec: Track, Properties}
 */
export function fieldsOf(event: IdentifyEvent | TrackEvent): FieldSource {
  const traits = traitsOf(event);
  if (event.type !== 'track' || !isRecord(event.properties)) return traits;
  const { properties } = event;
  const hasTraitsOnly = Object.keys(properties).length === 0 && Object.keys(traits.fields).length > 0;
  return hasTraitsOnly ? traits : { root: 'properties', fields: properties };
}
