import type { UnknownRecord } from '../record.js';
import type { IdentifyEvent, TrackEvent } from '../segment/event.js';
import { type FieldSource, fieldsOf } from './fields.js';
import { isOfAudience, isOfJourney, personasOf } from './personas.js';

/** Which audience an event is about, and what it says of the user. */
export interface Audience {
  readonly key: string;
  /** The field that says so, dotted from the event's root. */
  readonly path: string;
  /** Whether the user is a member now; `undefined` where the event does not say. */
  readonly isMember: boolean | undefined;
  readonly source: FieldSource;
}

interface Candidate {
  readonly key: string;
  readonly path: string;
}

/**
 * M15, M15a: the audience that an event is about, or `undefined` where it is an ordinary call.
 *
 * A track of a journey that says nothing of a membership is an ordinary track (Journeys v2).
 *
 * @see {@link https://segment.com/docs/engage/using-engage-data/ | Segment: Using Engage data}
 */
export function audienceOf(event: IdentifyEvent | TrackEvent): Audience | undefined {
  const personas = personasOf(event);
  const name = event.type === 'track' ? event.event : undefined;
  const named = membershipByName(name);
  // By far the most events are neither, and their fields need not be looked at.
  if (personas === undefined ? named === undefined : !isOfAudience(personas)) return undefined;
  const source = fieldsOf(event);
  const candidates = candidatesOf(personas, source);
  const candidate = candidates.find(({ key }) => membershipUnder(key, source.fields) !== undefined) ?? candidates[0];
  if (candidate === undefined) return undefined;
  const { key } = candidate;
  const isOfStep = personas !== undefined && isOfJourney(personas);
  const isMember = membershipUnder(key, source.fields) ?? named ?? (isOfStep && isStepEntered(name) ? true : undefined);
  if (isMember === undefined && isOfStep && event.type === 'track') return undefined;
  const path = ownValue(source.fields, key) === undefined ? candidate.path : `${source.root}.${key}`;
  return { key, path, isMember, source };
}

/** M15: the keys that an event names, in the order in which they are believed. */
function candidatesOf(personas: UnknownRecord | undefined, { root, fields }: FieldSource): Candidate[] {
  const named: readonly (readonly [unknown, string])[] = [
    [personas?.computation_key, 'context.personas.computation_key'],
    [personas?.audience_key, 'context.personas.audience_key'],
    [ownValue(fields, 'audience_key'), `${root}.audience_key`],
  ];
  return named.flatMap(([key, path]) => (typeof key === 'string' && key.trim() !== '' ? [{ key, path }] : []));
}

/** M15a: the boolean under the audience's key; Journeys v1 send it as a text. */
function membershipUnder(key: string, fields: UnknownRecord): boolean | undefined {
  const value = ownValue(fields, key);
  if (typeof value === 'boolean') return value;
  if (value === 'true') return true;
  return value === 'false' ? false : undefined;
}

/** M15a: names can be changed by whoever set the audience up, so that they only count where nothing else speaks. */
function membershipByName(name: unknown): boolean | undefined {
  if (name === 'Audience Entered') return true;
  return name === 'Audience Exited' ? false : undefined;
}

function isStepEntered(name: unknown): boolean {
  return name === 'Journey Step Entered' || name === 'Journeys Step Entered';
}

/** An audience may be called `constructor`. */
function ownValue(fields: UnknownRecord, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}
