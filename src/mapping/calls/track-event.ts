import type { IdentifyEvent, TrackEvent } from '../../segment/event.js';
import type { Draft } from '../draft.js';
import type { FieldSource } from '../fields.js';
import { addCustomEvent } from '../opt-ins/custom-event.js';

/**
 * S2: whether a track becomes a custom event, by the option `customEvents`; an identify never does.
 *
 * @see {@link https://documentation.onesignal.com/docs/segment-onesignal-integration | OneSignal: Segment, custom events}
 */
export function isCustomEvent({ settings }: Draft, event: IdentifyEvent | TrackEvent): event is TrackEvent {
  return event.type === 'track' && settings.customEvents?.isChosen(event) === true;
}

/**
 * S2: adds the custom event of a track, whoever made it: a linked audience's and a journey's tell more than a tag can hold.
 *
 * @see {@link https://documentation.onesignal.com/docs/custom-events | OneSignal: Custom events}
 */
export function addTrackEvent(draft: Draft, event: TrackEvent, { root, fields }: FieldSource): void {
  addCustomEvent(draft, { name: event.event, namePath: 'event', properties: fields, root });
}
