import { isRecord, type UnknownRecord } from '../record.js';
import type { GroupEvent, IdentifyEvent, TrackEvent } from '../segment/event.js';

/** An event's traits or properties, and the name under which they stand in it. */
export interface FieldSource {
  readonly root: 'traits' | 'properties';
  readonly fields: UnknownRecord;
}

/**
 * M2, S4: an identify's or group's traits; `null` and `[]` count as `{}`.
 *
 * @see {@link https://segment.com/docs/connections/spec/identify/#traits | Segment Spec: Identify, Traits}
 */
export function traitsOf(event: IdentifyEvent | TrackEvent | GroupEvent): FieldSource {
  return { root: 'traits', fields: isRecord(event.traits) ? event.traits : {} };
}

/**
 * M2, M3: an identify's traits; a track's properties, or its traits where it carries those instead (seen on Engage's
 * tracks). Never `context.traits`: those describe the user as of some other call.
 *
 * @see {@link https://segment.com/docs/connections/spec/track/#properties | Segment Spec: Track, Properties}
 */
export function fieldsOf(event: IdentifyEvent | TrackEvent): FieldSource {
  const traits = traitsOf(event);
  if (event.type !== 'track' || !isRecord(event.properties)) return traits;
  const { properties } = event;
  const isInstead = Object.keys(properties).length === 0 && Object.keys(traits.fields).length > 0;
  return isInstead ? traits : { root: 'properties', fields: properties };
}
