/**
 * The event of a line of the file in which `send` keeps failed events, `{ error, file, line, event }`, or else the value
 * itself. In an event of Segment, `event` is a string.
 */
export function unwrapFailed(value: unknown): unknown {
  const { event, error, type } = Object(value);
  const isFailed = typeof event === 'object' && event !== null && typeof error === 'object' && type === undefined;
  return isFailed ? event : value;
}
