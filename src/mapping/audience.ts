import { isRecord, type UnknownRecord } from '../record.js';
import type { IdentifyEvent, SegmentEvent, TrackEvent } from '../segment/event.js';
import { type FieldSource, fieldsOf } from './fields.js';

/** The audience that an event is about. */
export interface Audience {
  readonly key: string;
  /** Path of the field that names the audience or holds the membership, dotted from the root of the event. */
  readonly path: string;
  /** Whether the user is a member now. `undefined` if the event does not say. */
  readonly isMember: boolean | undefined;
  readonly source: FieldSource;
}

interface Candidate {
  readonly key: string;
  readonly path: string;
}

/**
 * M15, M15a: the audience that an event is about, or `undefined` for an ordinary call.
 *
 * A track of a journey step that says nothing about a membership is an ordinary call (Journeys v2).
 *
 * @see {@link https://segment.com/docs/engage/using-engage-data/ | Segment: Using Engage data}
 */
export function audienceOf(event: IdentifyEvent | TrackEvent): Audience | undefined {
  const personas = personasOf(event);
  const name = nameOf(event);
  const named = membershipByName(name);
  // Most events are neither, so their fields need not be read.
  if (classOf(personas) === undefined ? named === undefined : !isOfAudience(personas)) return undefined;
  const source = fieldsOf(event);
  const candidates = candidatesOf(personas, source);
  const candidate = candidates.find(({ key }) => membershipUnder(key, source.fields) !== undefined) ?? candidates[0];
  if (candidate === undefined) return undefined;
  const { key } = candidate;
  const isOfStep = isOfJourney(personas);
  const isMember = membershipUnder(key, source.fields) ?? named ?? (isOfStep && isStepEntered(name) ? true : undefined);
  if (isMember === undefined && isOfStep && event.type === 'track') return undefined;
  const path = ownValue(source.fields, key) === undefined ? candidate.path : `${source.root}.${key}`;
  return { key, path, isMember, source };
}

/** The `personas` that Engage adds to the events of audiences, computed traits and journeys. */
export function personasOf({ context }: SegmentEvent): UnknownRecord | undefined {
  return isRecord(context) && isRecord(context.personas) ? context.personas : undefined;
}

/**
 * M17: whether a computed trait made the event. The documented class is `trait`, but others occur, so every class that
 * is not an audience's counts. Without a class, an event with the name of an audience's event is not one (M15).
 */
export function isComputedTrait(event: IdentifyEvent | TrackEvent): boolean {
  const personas = personasOf(event);
  if (personas === undefined || isOfAudience(personas)) return false;
  return classOf(personas) !== undefined || membershipByName(nameOf(event)) === undefined;
}

/** M13: whether an audience made the event. A journey step is an audience too. */
function isOfAudience(personas: UnknownRecord | undefined): boolean {
  return classOf(personas) === 'audience' || isOfJourney(personas);
}

function isOfJourney(personas: UnknownRecord | undefined): boolean {
  return classOf(personas) === 'journey_step';
}

/** `undefined` if there is no class, or a blank one. */
function classOf(personas: UnknownRecord | undefined): string | undefined {
  const name = personas?.computation_class;
  return typeof name === 'string' && name.trim() !== '' ? name : undefined;
}

function nameOf(event: IdentifyEvent | TrackEvent): string | undefined {
  return event.type === 'track' ? event.event : undefined;
}

/** M15: the keys that an event names, the most trusted first. */
function candidatesOf(personas: UnknownRecord | undefined, { root, fields }: FieldSource): Candidate[] {
  const named: readonly (readonly [unknown, string])[] = [
    [personas?.computation_key, 'context.personas.computation_key'],
    [personas?.audience_key, 'context.personas.audience_key'],
    [ownValue(fields, 'audience_key'), `${root}.audience_key`],
  ];
  return named.flatMap(([key, path]) => (typeof key === 'string' && key.trim() !== '' ? [{ key, path }] : []));
}

/** M15a: the boolean under the audience key. Journeys v1 sends it as a string. */
function membershipUnder(key: string, fields: UnknownRecord): boolean | undefined {
  const value = ownValue(fields, key);
  if (typeof value === 'boolean') return value;
  if (value === 'true') return true;
  return value === 'false' ? false : undefined;
}

/** M15a: used only if there is no boolean, because events can be renamed in Engage. */
function membershipByName(name: unknown): boolean | undefined {
  if (name === 'Audience Entered') return true;
  return name === 'Audience Exited' ? false : undefined;
}

function isStepEntered(name: unknown): boolean {
  return name === 'Journey Step Entered' || name === 'Journeys Step Entered';
}

/** The key of an audience can be `constructor`. */
function ownValue(fields: UnknownRecord, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}
