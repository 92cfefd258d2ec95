import { isUuid } from '../../onesignal/is-uuid.js';
import type { TagFilter } from '../../onesignal/operation.js';
import { isRecord } from '../../record.js';
import { answerJson, basicError, Refused } from '../answers.js';
import type { SandboxOptions } from '../options.js';
import { lengthOf } from '../values.js';
import { type Filters, invalidSegment, readFilters } from './filter.js';

/** docs/onesignal.md 4 for both. */
const MAX_NAME_CHARACTERS = 128;
const MAX_DESCRIPTION_CHARACTERS = 255;

/** A stored segment. Its members are computed when they are read. */
export interface StoredSegment {
  readonly id: string;
  name: string;
  description: string;
  filters: Filters;
  /** `false` while it is paused, which only the dashboard can do (docs/onesignal.md 4). */
  isActive: boolean;
  readonly createdAt: number;
  updatedAt: number;
}

/** All segments of the app by lower-case id, in order of creation. */
export type Segments = Map<string, StoredSegment>;

/** docs/onesignal.md 4: writing segments requires a paid plan. Only the 403 of `PATCH` has a `success` field. */
function checkPlan(options: SandboxOptions, more: Record<string, unknown> = {}): void {
  if (options.segmentsRefused)
    throw new Refused(basicError(403, 'This API is not available for applications on your plan.', more));
}

/** `POST …/segments`. */
export function createSegment(segments: Segments, body: unknown, options: SandboxOptions, now: number): Response {
  checkPlan(options);
  if (!isRecord(body)) throw invalidSegment('the body must be an object');
  const { id = crypto.randomUUID() } = body;
  const name = readName(body.name);
  const filters = readFilters(body.filters);
  if (!isUuid(id)) throw invalidSegment('id must be a UUID');
  // Comes before the name and the limit: repeating an id is the clean way to create a segment once (docs/onesignal.md
  // 4), so no other answer may take its place.
  if (segments.has(id.toLowerCase()))
    throw new Refused(basicError(409, 'Segment with the given id already exists.', { success: false }));
  checkNameIsFree(segments, name);
  // docs/onesignal.md 4: pausing segments makes room below the plan's limit.
  const active = [...segments.values()].filter(({ isActive }) => isActive).length;
  if (active >= (options.segmentLimit ?? Infinity))
    throw new Refused(basicError(422, 'You have reached the maximum number of segments allowed for your plan.'));
  segments.set(id.toLowerCase(), {
    id,
    name,
    description: readDescription(body.description) ?? '',
    filters,
    isActive: true,
    createdAt: now,
    updatedAt: now,
  });
  return answerJson(201, { success: true, id });
}

/** `PATCH …/segments/{id}`: the name is always required, and filters replace the old ones (docs/onesignal.md 4). */
export function updateSegment(
  segments: Segments,
  id: string,
  body: unknown,
  options: SandboxOptions,
  now: number,
): Response {
  checkPlan(options, { success: false });
  if (!isRecord(body)) throw invalidSegment('the body must be an object');
  const name = readName(body.name);
  const description = readDescription(body.description);
  const filters = body.filters === undefined ? undefined : readFilters(body.filters);
  const segment = findSegment(segments, id, { success: false });
  if (name !== segment.name) checkNameIsFree(segments, name);
  segment.name = name;
  segment.description = description ?? segment.description;
  segment.filters = filters ?? segment.filters;
  segment.updatedAt = now;
  return answerJson(200, { success: true, id: segment.id });
}

/** `DELETE …/segments/{id}`: a 404 without a message if the segment is missing (docs/onesignal.md 4). */
export function deleteSegment(segments: Segments, id: string): Response {
  return segments.delete(id.toLowerCase()) ? answerJson(200, { success: true }) : answerJson(404, { success: false });
}

/** Finds a segment, or refuses with a 404. Only that of `GET` lacks a `success` field (docs/onesignal.md 4). */
export function findSegment(segments: Segments, id: string, more: Record<string, unknown> = {}): StoredSegment {
  const segment = segments.get(id.toLowerCase());
  if (segment === undefined) throw new Refused(basicError(404, 'segment not found', more));
  return segment;
}

export function unknownSegment(nameOrId: string): RangeError {
  return new RangeError(`No segment has the name or id "${nameOrId}". Create the segment first, or correct the name.`);
}

/** Pauses a segment, and returns a function that resumes it. */
export function pauseSegment(segments: Segments, nameOrId: string): () => void {
  const segment = segments.get(nameOrId.toLowerCase()) ?? [...segments.values()].find(({ name }) => name === nameOrId);
  if (segment === undefined) throw unknownSegment(nameOrId);
  segment.isActive = false;
  return () => {
    segment.isActive = true;
  };
}

/** The filters that this library writes: a tag that equals a value. */
export function tagFiltersOf({ filters }: StoredSegment): TagFilter[] {
  return filters.entries.flatMap(({ field, key, relation, value }) =>
    field === 'tag' && relation === '=' && typeof key === 'string' && typeof value === 'string'
      ? [{ field, key, relation, value }]
      : [],
  );
}

function readName(name: unknown): string {
  if (typeof name !== 'string' || name.trim() === '') throw invalidSegment('name is required');
  if (lengthOf(name) > MAX_NAME_CHARACTERS)
    throw invalidSegment(`name must have at most ${MAX_NAME_CHARACTERS} characters`);
  return name;
}

function readDescription(description: unknown): string | undefined {
  if (description === undefined) return undefined;
  if (typeof description !== 'string' || lengthOf(description) > MAX_DESCRIPTION_CHARACTERS)
    throw invalidSegment(`description must be a string of at most ${MAX_DESCRIPTION_CHARACTERS} characters`);
  return description;
}

/** Documented for PATCH only (docs/onesignal.md 4), but POST is likely to behave the same. */
function checkNameIsFree(segments: Segments, name: string): void {
  for (const segment of segments.values())
    if (segment.name === name) throw invalidSegment('Segment name is already taken.');
}
