import type { OneSignalCustomEvent } from '../../onesignal/operation.js';
import { uuidV5 } from '../../onesignal/uuid.js';
import type { SegmentEvent } from '../../segment/event.js';
import { canonicalJson } from './plain-json.js';

/** A UUID of this library's own, so that the keys of other programs differ. */
const idempotencyNamespace = '6c1f5f0e-3a86-4f0b-9d0c-2b7f6d1c9e54';
/** Segment accepts events of up to 32 KB. The key of a larger event is made from its custom event alone. */
const maxEventSize = 100_000;

/**
 * D10: the key by which OneSignal recognizes a custom event that is delivered twice. It is the same in every process.
 *
 * It is the UUID v5 of `[messageId, External ID, event name]`: Engage sends one message for several users. Without a
 * `messageId`, the canonical JSON of the event takes its place, and without an External ID `{ onesignal_id }`.
 *
 * @param customEvent - The custom event without its key: plain JSON within OneSignal's limit.
 *
 * @see {@link https://documentation.onesignal.com/reference/idempotent-notification-requests | OneSignal: Idempotency keys}
 */
export function idempotencyKey(event: SegmentEvent, customEvent: OneSignalCustomEvent): string {
  const { messageId } = event;
  const { name, external_id, onesignal_id } = customEvent;
  const message =
    typeof messageId === 'string' && messageId !== ''
      ? messageId
      : (canonicalJson(event, maxEventSize) ?? canonicalJson(customEvent, maxEventSize));
  // A OneSignal id is wrapped in an object, so that an equal External ID gives another key.
  const source = [message, external_id ?? { onesignal_id }, name];
  return uuidV5(JSON.stringify(source), idempotencyNamespace);
}
