type SegmentErrorClass = new (message: string) => Error;

// Globals of Segment's runtime; elsewhere there are none, and the name alone has to do.
declare const RetryError: SegmentErrorClass | undefined;
declare const InvalidEventPayload: SegmentErrorClass | undefined;
declare const ValidationError: SegmentErrorClass | undefined;
declare const EventNotSupported: SegmentErrorClass | undefined;

/**
 * Segment delivers the event again, for four hours. Any error but this one loses the event.
 *
 * @see {@link https://segment.com/docs/connections/functions/destination-functions/#destination-functions-error-types | Segment: Destination Functions, errors}
 * @internal
 */
export function retryError(message: string): Error {
  return make(typeof RetryError === 'undefined' ? undefined : RetryError, 'RetryError', message);
}

/** The input is not a usable event: Segment discards it. @internal */
export function invalidEventPayload(message: string): Error {
  const found = typeof InvalidEventPayload === 'undefined' ? undefined : InvalidEventPayload;
  return make(found, 'InvalidEventPayload', message);
}

/** OneSignal refuses the event for good: Segment discards it. @internal */
export function validationError(message: string): Error {
  return make(typeof ValidationError === 'undefined' ? undefined : ValidationError, 'ValidationError', message);
}

/** The kind of call is not switched on: Segment discards the event, and counts it as unsupported. @internal */
export function eventNotSupported(message: string): Error {
  return make(typeof EventNotSupported === 'undefined' ? undefined : EventNotSupported, 'EventNotSupported', message);
}

function make(found: SegmentErrorClass | undefined, name: string, message: string): Error {
  return found === undefined ? Object.assign(new Error(message), { name }) : new found(message);
}
