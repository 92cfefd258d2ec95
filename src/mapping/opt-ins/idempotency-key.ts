import { uuidV5 } from '../../onesignal/uuid.js';
import type { SegmentEvent } from '../../segment/event.js';
import { canonicalJson } from './plain-json.js';

/** The namespace of this library's keys, a UUID of its own: other programs that make keys of the same events make other keys. */
export const idempotencyNamespace = '6c1f5f0e-3a86-4f0b-9d0c-2b7f6d1c9e54';
/** Segment takes events up to 32 KB; what is larger is told apart by its custom event alone. */
const maxEventSize = 100_000;

/**
 * D10: the key by which OneSignal knows a custom event again that is delivered twice: the UUID v5 of the JSON of
 * `[messageId, external id, event name]`, so that it is the same in every process, and differs where Engage sends one
 * message for several users.
 *
 * Without a `messageId`, of the event's canonical JSON: what was stored once and is delivered twice is the same event.
 *
 * @param customEvent - The custom event but for its key: plain JSON within OneSignal's limit.
 *
 * @see {@link https://documentation.onesignal.com/reference/idempotent-notification-requests | OneSignal: Idempotency keys}
 */
export function idempotencyKey(event: SegmentEvent, customEvent: { name: string; external_id: string }): string {
  const { messageId } = event;
  const { name, external_id } = customEvent;
  const source =
    typeof messageId === 'string' && messageId !== ''
      ? [messageId, external_id, name]
      : [canonicalJson(event, maxEventSize) ?? canonicalJson(customEvent, maxEventSize), external_id, name];
  return uuidV5(JSON.stringify(source), idempotencyNamespace);
}
