/**
 * The event of a line of the file in which `send` keeps failed events, `{ error, file, line, event }`, or else the
 * value itself. An event that failed may be anything, including a string or `null`. An event of Segment has no `line`.
 */
export function unwrapFailed(value: unknown): unknown {
  const { error, line, event, type } = Object(value);
  const isFailed = typeof error === 'object' && typeof line === 'number' && type === undefined && event !== undefined;
  return isFailed ? event : value;
}
