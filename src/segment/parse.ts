import * as z from 'zod/mini';
import { EventError, type EventIssue } from '../errors.js';
import { isRecord } from '../record.js';
import type { SegmentEvent } from './event.js';
import { normalise } from './normalise.js';
import { isSegmentEvent } from './recognise.js';
import { timeOfDate } from './timestamp.js';

/** What {@link parseEvent} found: an event, or what is wrong with the input. */
export type ParseResult =
  | {
      /** The input is an event. */
      ok: true;
      /** The input itself where nothing had to be put right, else a shallow copy. */
      event: SegmentEvent;
    }
  | {
      /** The input is no event. */
      ok: false;
      /** What is wrong, with the path and the type that came; never a value. */
      error: EventError;
    };

/**
 * Turns an unknown input into a Segment event. Never throws and never changes the input.
 *
 * As lenient as real payloads need it: `traits`, `properties`, `context` and `integrations` may be absent, `null` or `[]`,
 * ids may be numbers, an unreadable timestamp counts as absent, an unknown type becomes `{ type: 'other', originalType }`.
 *
 * @returns `error.code` is `missing_type` without a `type`, `invalid_event` otherwise, with all issues.
 *
 * @example
 * parseEvent({ type: 'identify', userId: 'u1', traits: 'pro' });
 * // { ok: false, error: EventError: the event is invalid: traits: expected an object, received string }
 *
 * @see {@link https://segment.com/docs/connections/spec/common/ | Segment Spec: Common fields}
 */
export function parseEvent(input: unknown): ParseResult {
  try {
    if (isSegmentEvent(input)) return { ok: true, event: input };
    return parseUnusual(input);
  } catch {
    return refuse([{ path: '', expected: 'an object that can be read', received: 'an object that throws' }]);
  }
}

/**
 * Everything that the schema finds wrong with an input; empty where it is an event.
 *
 * @internal
 */
export function issuesOf(input: unknown): EventIssue[] {
  const type = isRecord(input) && typeof input.type === 'string' ? input.type : 'delete';
  const result = z.safeParse(schemaOf(type), input);
  if (result.success) return [];
  return result.error.issues.map(({ path: [name], message }) => ({
    path: name === undefined ? '' : String(name),
    expected: message,
    received: receivedType(name === undefined ? input : Reflect.get(Object(input), name)),
  }));
}

function parseUnusual(input: unknown): ParseResult {
  if (!isRecord(input)) return refuse(issuesOf(input));
  const { type } = input;
  if (type === undefined || type === null || type === '') return { ok: false, error: missingType(type) };
  if (typeof type !== 'string') return refuse(issuesOf(input));
  const event = normalise(input, type);
  return isSegmentEvent(event) ? { ok: true, event } : refuse(issuesOf(event));
}

function missingType(type: unknown): EventError {
  const issue = {
    path: 'type',
    expected: 'a call type',
    received: type === '' ? 'an empty string' : receivedType(type),
  };
  return new EventError(
    'missing_type',
    "the event has no type: set it to 'identify', 'track' or another Segment call",
    [issue],
  );
}

function refuse(issues: EventIssue[]): ParseResult {
  const [first] = issues;
  const message =
    first?.path === '' && first.received === 'string'
      ? 'the event is a string: give it to JSON.parse first'
      : `the event is invalid: ${issues.map(describe).join('; ')}`;
  return { ok: false, error: new EventError('invalid_event', message, issues) };
}

function describe({ path, expected, received }: EventIssue): string {
  return `${path === '' ? 'the whole' : path}: expected ${expected}, received ${received}`;
}

function receivedType(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return typeof value;
}

/** Made when asked for: at module level a schema would go into every bundle that imports this package. */
function schemaOf(type: string) {
  const text = z.optional(z.union([z.string(), z.null()], 'a string or null'));
  const id = z.optional(z.union([z.string(), z.number(), z.null()], 'a string, a number or null'));
  const name = z.optional(z.string('a string'));
  const fields = z.optional(z.union([z.looseObject({}), z.tuple([]), z.null()], 'an object'));
  const date = z.custom((value) => timeOfDate(value) !== undefined);
  const personas = z.looseObject({ computation_class: name, computation_key: name, audience_key: name });
  const context = z.looseObject({ personas: z.optional(z.union([personas, z.null()])) });
  const everyCall = {
    type: z.string('a string'),
    messageId: text,
    userId: id,
    anonymousId: id,
    timestamp: z.optional(z.union([z.string(), z.number(), z.null(), date], 'a time')),
    receivedAt: text,
    integrations: fields,
    context: z.optional(z.union([context, z.tuple([]), z.null()], 'an object')),
  };
  const fieldsOfType: Record<string, z.core.$ZodLooseShape> = {
    identify: { traits: fields },
    track: { event: name, properties: fields, traits: fields },
    page: { name: text, category: text, properties: fields },
    screen: { name: text, category: text, properties: fields },
    group: { groupId: id, traits: fields },
    alias: { previousId: id },
    delete: {},
    other: { originalType: z.string('a string') },
  };
  const itsFields = Object.hasOwn(fieldsOfType, type) ? fieldsOfType[type] : { type: z.never('a call type') };
  return z.looseObject({ ...everyCall, ...itsFields }, 'an object');
}
