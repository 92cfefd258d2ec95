import { EventError } from '../../errors.js';
import type { SegmentEvent } from '../../segment/event.js';

/** Refuses an event of another type, which only JavaScript callers can pass. */
export function checkType(event: SegmentEvent, type: 'identify' | 'track', message: string): void {
  if (event.type === type) return;
  throw new EventError('invalid_event', message, [
    { path: 'type', expected: `'${type}'`, received: typeof event.type },
  ]);
}
