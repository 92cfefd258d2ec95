/** What OneSignal's dashboard asks for under Data > Event Streams. */
export interface EventStreamTemplate {
  /** HTTP method. */
  method: 'POST';
  /** Headers. Replace `YOUR_SECRET` with one of the `secrets` of {@link createEventStreamHandler}. */
  headers: Readonly<Record<string, string>>;
  /** Custom body, with Liquid. */
  body: string;
}

/** A text that anyone may write. A bare `"` would end the JSON string that it is in. */
const text = (name: string): string => `  "${name}": "{{ ${name} | replace: '"', '&quot;' }}"`;
const id = (name: string): string => `  "${name}": "{{ ${name} }}"`;

// Texts come first and ids last: of two fields with one name, a parser takes the last, so that no text can pass for an
// id. The title is not `message.title.en`, which is blank for an email and for a message without English.
const fields = [
  text('message.name'),
  text('message.title'),
  text('message.contents'),
  text('event.data.page_name'),
  text('event.data.target_name'),
  text('event.data.live_activity_id'),
  text('event.data.live_activity_type'),
  text('event.data.failure_reason'),
  id('event.data.page_id'),
  id('event.data.target_id'),
  id('message.live_activity_event_kind'),
  text('message.url'),
  id('message.template_id'),
  id('message.id'),
  id('user.language'),
  id('event.timestamp'),
  id('event.datetime'),
  id('event.subscription_device_type'),
  id('event.subscription_id'),
  id('event.onesignal_id'),
  text('event.external_id'),
  id('event.kind'),
  id('event.id'),
];

/**
 * The settings to paste into OneSignal's dashboard (Data > Event Streams): method, headers, and the body with Liquid.
 *
 * The body holds what a track needs, and nothing else: no tags, no token, no email address or phone number. Double
 * quotes in texts are written as `&quot;`, which {@link eventToTrack} turns back.
 *
 * @example
 * ```ts
 * import { eventStreamTemplate } from 'segment-onesignal/event-stream';
 *
 * console.log(eventStreamTemplate.body);
 * ```
 *
 * @see {@link https://documentation.onesignal.com/docs/en/event-streams | OneSignal: Event Streams}
 */
export const eventStreamTemplate: EventStreamTemplate = {
  method: 'POST',
  headers: { Authorization: 'Bearer YOUR_SECRET', 'Content-Type': 'application/json' },
  body: `{\n${fields.join(',\n')}\n}`,
};
