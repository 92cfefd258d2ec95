import type { OneSignalCustomEvent } from '../../onesignal/operation.js';
import { userOfCustomEvent } from '../../onesignal/user-key.js';
import { isRecord, recordOf } from '../../record.js';

/** One custom event that OneSignal refused in a request that it accepted. */
export interface EventRefusal {
  /** Whether it can be about a single event. A bare string cannot. */
  isAboutEvent: boolean;
  /** Whether it may be about this event. */
  concerns(event: OneSignalCustomEvent): boolean;
  /** Whether the event's user is unknown to OneSignal. */
  isUnknownUser: boolean;
  /** The error alone, in the form of a response body. */
  body: { errors: unknown[] };
}

/**
 * Reads the refused events from a 202: `{ errors: [{ event_user_id, event_id, error: { code, title } }] }`.
 *
 * `event_id` is the value of the event's property of that name, if it has one. Without it, the error may be about any
 * event of the user.
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
    isAboutEvent: isRecord(entry),
    concerns: (event) =>
      userOfCustomEvent(event).id === userId &&
      // Equal, unless one of them is missing.
      (eventId ?? event.properties.event_id) === (event.properties.event_id ?? eventId),
    isUnknownUser: code === 'not found' || (typeof title === 'string' && /failed to find a onesignal_id/i.test(title)),
    body: { errors: [error ?? entry] },
  };
}
