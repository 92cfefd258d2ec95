type SegmentErrorClass = new (message: string) => Error;

// Globals of Segment's runtime. Elsewhere they are absent, and an Error of the same name takes their place.
declare const RetryError: SegmentErrorClass | undefined;
declare const InvalidEventPayload: SegmentErrorClass | undefined;
declare const ValidationError: SegmentErrorClass | undefined;
declare const EventNotSupported: SegmentErrorClass | undefined;

/**
 * Makes Segment redeliver the event for four hours. With any other error Segment discards the event.
 *
 * @internal
 */
export function retryError(message: string): Error {
  return make(typeof RetryError === 'undefined' ? undefined : RetryError, 'RetryError', message);
}

/** The input is not a valid event. Segment discards it. @internal */
export function invalidEventPayload(message: string): Error {
  const found = typeof InvalidEventPayload === 'undefined' ? undefined : InvalidEventPayload;
  return make(found, 'InvalidEventPayload', message);
}

/** OneSignal refused the event permanently. Segment discards it. @internal */
export function validationError(message: string): Error {
  return make(typeof ValidationError === 'undefined' ? undefined : ValidationError, 'ValidationError', message);
}

/** The event's type is not enabled. Segment discards the event and counts it as unsupported. @internal */
export function eventNotSupported(message: string): Error {
  return make(typeof EventNotSupported === 'undefined' ? undefined : EventNotSupported, 'EventNotSupported', message);
}

function make(found: SegmentErrorClass | undefined, name: string, message: string): Error {
  return found === undefined ? Object.assign(new Error(message), { name }) : new found(message);
}
