import { isRecord, type UnknownRecord } from '../record.js';
import type { SegmentEvent } from '../segment/event.js';

/**
 * Engage's mark on an event that an audience, a computed trait or a journey made; absent on all others.
 *
 * @see {@link https://segment.com/docs/engage/using-engage-data/ | Segment: Using Engage data}
 */
export function personasOf(event: SegmentEvent): UnknownRecord | undefined {
  const { context } = event;
  return isRecord(context) && isRecord(context.personas) ? context.personas : undefined;
}

/**
 * M13: whether Engage's mark is that of an audience or of a step of a journey, which is one.
 *
 * @see {@link https://segment.com/docs/engage/using-engage-data/ | Segment: Using Engage data}
 */
export function isOfAudience(personas: UnknownRecord): boolean {
  return personas.computation_class === 'audience' || isOfJourney(personas);
}

/**
 * M15a: whether Engage's mark is that of a step of a journey.
 *
 * @see {@link https://segment.com/docs/engage/journeys/v2/event-triggered-journeys-steps/ | Segment: Event-triggered Journeys}
 */
export function isOfJourney(personas: UnknownRecord): boolean {
  return personas.computation_class === 'journey_step';
}
