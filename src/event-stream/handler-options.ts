import { maxTimerMs } from '../delivery/max-timer-ms.js';
import type { EventError } from '../errors.js';
import { optionsOf } from '../known-options.js';
import { isFunction, isString, mustBe, refuse } from '../option-rules.js';
import { readSecrets } from '../receiving/secrets.js';
import type { EventStreamSkipReason, EventStreamWarning } from './event-to-track.js';
import { type EventToTrackOptions, trackRules } from './options.js';
import type { SegmentClient, SendTrack } from './segment-client.js';
import type { SegmentError } from './segment-error.js';
import type { EventStreamTrack } from './track.js';

/** An event that needs no attention. */
export type EventStreamEvent =
  | {
      /** Segment has the track. */
      status: 'sent';
      /** The track. */
      track: EventStreamTrack;
      /** What is missing in it. */
      warnings: readonly EventStreamWarning[];
    }
  | {
      /** There was nothing to send. */
      status: 'skipped';
      /** Why. */
      reason: EventStreamSkipReason;
    };

/** A request from OneSignal whose event did not reach Segment. */
export interface EventStreamProblem {
  /**
   * What is wrong: an `EventError` of the body, a `SegmentError`, or another `Error` if the request could not be read.
   */
  error: EventError | SegmentError | Error;
  /**
   * Whether the event is lost unless you keep `body`. The request was then answered with 200, because the same request
   * would fail again. Otherwise it was answered so that OneSignal sends it again.
   */
  isLost: boolean;
  /** The body as it was received, if it could be read. It may hold personal data. */
  body?: string;
}

/** Options of {@link createEventStreamHandler}. */
export interface EventStreamHandlerOptions extends EventToTrackOptions {
  /**
   * Where tracks go: a client such as the `Analytics` of `@segment/analytics-node`, the result of
   * {@link createSegmentSender}, or a function that sends a track or puts it into a queue.
   */
  segment: SegmentClient | SendTrack;
  /**
   * The shared secrets. The header of each request must carry one of them.
   *
   * List the old and the new secret while you rotate it.
   */
  secrets: readonly string[];
  /**
   * The header that carries the secret. In `Authorization`, a scheme such as `Bearer` may precede it.
   *
   * @defaultValue 'authorization'
   */
  header?: string | undefined;
  /**
   * Maximum size of a body in bytes. A larger one is lost.
   *
   * @defaultValue 100,000; the bodies of {@link eventStreamTemplate} have about 1,500
   */
  maxBytes?: number | undefined;
  /**
   * Milliseconds from the start of the request to the answer. A track that Segment has not accepted by then is answered
   * with 503.
   *
   * @defaultValue 10,000; OneSignal waits for "a reasonable amount of time"
   */
  deadlineMs?: number | undefined;
  /**
   * Called once for each event that was sent or skipped, before the answer. Its errors are ignored.
   *
   * @defaultValue none
   */
  onEvent?: ((event: EventStreamEvent) => void) | undefined;
  /**
   * Called once for each event that did not reach Segment, before the answer. Its errors are ignored. Requests without
   * a secret are not reported.
   *
   * @defaultValue none: lost events are lost silently
   */
  onProblem?: ((problem: EventStreamProblem) => void) | undefined;
}

/** Checked options with their defaults. @internal */
export interface HandlerSettings
  extends Required<Pick<EventStreamHandlerOptions, 'segment' | 'secrets'>>,
    Pick<EventStreamHandlerOptions, 'onEvent' | 'onProblem'> {
  header: string;
  maxBytes: number;
  deadlineMs: number;
  track: EventToTrackOptions;
}

const wholeNumber = /* @__PURE__ */ mustBe(
  `an integer from 1 to ${maxTimerMs}`,
  (value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= maxTimerMs,
);
const callback = /* @__PURE__ */ mustBe('a function', isFunction);

/**
 * Checks the options of `createEventStreamHandler` and fills in the defaults.
 *
 * @throws {@link ConfigurationError} for the first option that cannot work.
 * @internal
 */
export function checkHandlerOptions(options: EventStreamHandlerOptions): HandlerSettings {
  if (typeof options !== 'object' || options === null)
    refuse('missing', 'options', 'Options are missing. Call createEventStreamHandler({ segment, secrets }).');
  optionsOf({
    segment: mustBe(
      'a client with a method track(track, callback), or a function that sends a track',
      (value) => isFunction(value) || isFunction(Object(value).track),
    ),
    secrets: () => {},
    header: mustBe('the name of a header', (value) => isString(value) && /^[\w!#$%&'*+.^`|~-]+$/.test(value)),
    maxBytes: wholeNumber,
    deadlineMs: wholeNumber,
    onEvent: callback,
    onProblem: callback,
    ...trackRules,
  })(options, '');
  const { segment, secrets, header = 'authorization', maxBytes = 100_000, deadlineMs = 10_000 } = options;
  if (segment === undefined)
    refuse('missing', 'segment', '"segment" is missing. Pass a Segment client, or createSegmentSender({ writeKey }).');
  if (secrets === undefined)
    refuse(
      'missing',
      'secrets',
      '"secrets" is missing. Set it to the secrets that the event stream sends in its header.',
    );
  return {
    ...{ segment, secrets: readSecrets('secrets', secrets), header, maxBytes, deadlineMs },
    ...{ onEvent: options.onEvent, onProblem: options.onProblem },
    track: { names: options.names, kinds: options.kinds },
  };
}
