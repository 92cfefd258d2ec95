import { isRecord } from '../../record.js';
import type { IdentifyEvent, TrackEvent } from '../../segment/event.js';
import { type Draft, drop } from '../draft.js';
import type { FieldSource } from '../fields.js';

/**
 * M3: reports the traits that stand beside a track's properties (`metadata`): a track is described by its properties, and
 * those traits would be a second, possibly older opinion.
 *
 * @see {@link https://segment.com/docs/connections/spec/track/#properties | Segment Spec: Track, Properties}
 */
export function dropUnreadTraits(draft: Draft, event: IdentifyEvent | TrackEvent, { root }: FieldSource): void {
  if (root === 'traits' || !isRecord(event.traits)) return;
  for (const [name, value] of Object.entries(event.traits))
    if (value !== undefined) drop(draft, `traits.${name}`, 'metadata');
}
