import type { OneSignalCustomEvent } from '../../onesignal/operation.js';
import { recordOf } from '../../record.js';

/** One event that OneSignal did not take, of a request that it took. */
export interface EventRefusal {
  /** Whether it may be meant for this event. */
  concerns(event: OneSignalCustomEvent): boolean;
  /** Whether the event's user is unknown. */
  isUnknownUser: boolean;
  /** The one error, in the shape in which OneSignal's errors come. */
  body: { errors: unknown[] };
}

/**
 * The refused events among those that OneSignal took: `{ errors: [{ event_user_id, event_id, error: { code, title } }] }` in a 202.
 *
 * `event_id` is the value of the event's property of that name, if it has one; without it, all events of the user may be meant.
 *
 * @see {@link https://documentation.onesignal.com/reference/create-custom-events | OneSignal: Create custom events, partial failure}
 * @internal
 */
export function readEventRefusals(body: unknown): EventRefusal[] {
  const { errors } = recordOf(body);
  return Array.isArray(errors) ? errors.map(readRefusal) : [];
}

function readRefusal(entry: unknown): EventRefusal {
  const { event_user_id: userId, event_id: eventId, error } = recordOf(entry);
  const { code, title } = recordOf(error);
  return {
    concerns: (event) =>
      event.external_id === userId &&
      (eventId === undefined ||
        eventId === null ||
        event.properties.event_id === undefined ||
        event.properties.event_id === eventId),
    isUnknownUser: code === 'not found' || (typeof title === 'string' && /failed to find a onesignal_id/i.test(title)),
    body: { errors: [error ?? entry] },
  };
}
