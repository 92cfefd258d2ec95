import { EventError } from '../../errors.js';
import type { SegmentEvent } from '../../segment/event.js';

/** Refuses an event of another type, which only JavaScript callers can pass. */
export function checkType({ type }: SegmentEvent, message: string, ...types: SegmentEvent['type'][]): void {
  if (types.includes(type)) return;
  const expected = types.map((one) => `'${one}'`).join(' or ');
  throw new EventError('invalid_event', message, [{ path: 'type', expected, received: typeof type }]);
}
