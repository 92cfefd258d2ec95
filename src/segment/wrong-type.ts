import { EventError } from '../errors.js';

const calls = ['identify', 'track', 'page', 'screen', 'group', 'alias', 'delete'];

/**
 * What is wrong with the type of an event: it is missing, or misspelled, such as `Track`. `undefined` for any other type,
 * since Segment may add calls that the library does not know.
 *
 * @internal
 */
export function wrongType(type: unknown): EventError | undefined {
  if (type === undefined || type === null || type === '') return missingType(type);
  const meant = typeof type === 'string' ? meantType(type) : undefined;
  return meant === undefined ? undefined : misspelledType(meant);
}

/** The call type that another spelling of it means: `track` for `Track`. */
function meantType(type: string): string | undefined {
  const lower = type.trim().toLowerCase();
  return lower !== type && calls.includes(lower) ? lower : undefined;
}

function missingType(type: '' | null | undefined): EventError {
  const received = type === '' ? 'an empty string' : String(type);
  const message = 'The event has no "type". Set it to the type of a Segment call, such as "identify" or "track".';
  return new EventError('missing_type', message, [{ path: 'type', expected: 'a call type', received }]);
}

function misspelledType(meant: string): EventError {
  const expected = 'a call type in lower case';
  return new EventError('invalid_event', `Unknown "type". Did you mean '${meant}'?`, [
    { path: 'type', expected, received: 'string' },
  ]);
}
