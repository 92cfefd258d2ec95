/**
 * Sends OneSignal's message events to Segment: the receiver of an Event Stream, which turns each event into a track.
 *
 * {@link createEventStreamHandler} is a Fetch handler for the URL of the stream, {@link eventStreamTemplate} holds the
 * settings to paste into OneSignal's dashboard, and {@link eventToTrack} is the mapping alone.
 *
 * @example
 * ```ts
 * import { Analytics } from '@segment/analytics-node';
 * import { createEventStreamHandler } from 'segment-onesignal/event-stream';
 *
 * const handler = createEventStreamHandler({
 *   segment: new Analytics({ writeKey: 'the write key of the source', flushAt: 1 }),
 *   secrets: ['the secret of the event stream'],
 *   onProblem: ({ error, isLost }) => console.error(isLost ? 'Lost an event:' : 'Will be sent again:', error.message),
 * });
 *
 * export default { fetch: handler };
 * ```
 *
 * @module
 */
export {
  type EventStreamSkipReason,
  type EventStreamWarning,
  type EventToTrackResult,
  eventToTrack,
} from './event-to-track.js';
export { createEventStreamHandler } from './handler.js';
export type { EventStreamEvent, EventStreamHandlerOptions, EventStreamProblem } from './handler-options.js';
export type { EventToTrackOptions } from './options.js';
export type { SegmentClient, SendTrack } from './segment-client.js';
export { SegmentError, type SegmentErrorCode } from './segment-error.js';
export { createSegmentSender, type SegmentSender } from './segment-sender.js';
export type { SegmentSenderOptions } from './sender-options.js';
export { type EventStreamTemplate, eventStreamTemplate } from './template.js';
export type { EventStreamCampaign, EventStreamProperties, EventStreamTrack } from './track.js';
