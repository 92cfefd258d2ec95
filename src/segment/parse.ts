import * as z from 'zod/v4/core';
import { EventError, type EventIssue } from '../errors.js';
import { isString } from '../option-rules.js';
import { isRecord } from '../record.js';
import type { SegmentEvent } from './event.js';
import { normalize } from './normalize.js';
import { isContext, isFields, isId, isOptionalString, isSegmentEvent, isText, isTimestamp } from './recognize.js';
import { wrongType } from './wrong-type.js';

/** Result of {@link parseEvent}: an event, or an error that says what is wrong with the input. */
export type ParseResult =
  | {
      /** The input is an event. */
      ok: true;
      /** The input itself, or a shallow copy if something had to be corrected. */
      event: SegmentEvent;
    }
  | {
      /** The input is not an event. */
      ok: false;
      /** What is wrong, with the path and the type of each problem. It never holds a value. */
      error: EventError;
    };

/**
 * Parses an unknown input as a Segment event. Never throws, and never modifies the input.
 *
 * It accepts what real payloads contain: `traits`, `properties`, `context` and `integrations` may be absent, `null` or
 * `[]`; ids may be numbers; a timestamp that cannot be read counts as absent; an unknown type becomes
 * `{ type: 'other', originalType }`. A type in another case, such as `Track`, is an error, since the event would be
 * skipped.
 *
 * @returns The event, or an error: `missing_type` if there is no `type`, otherwise `invalid_event` with all issues.
 *
 * @example
 * parseEvent({ type: 'identify', userId: 'u1', traits: 'pro' });
 * // { ok: false, error: EventError: Expected "traits" to be an object, received a string. }
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
 * Every problem that the schema finds in an input. Empty if the input is an event.
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
  const error = wrongType(type);
  if (error !== undefined) return { ok: false, error };
  if (typeof type !== 'string') return refuse(issuesOf(input));
  const event = normalize(input, type);
  return isSegmentEvent(event) ? { ok: true, event } : refuse(issuesOf(event));
}

function refuse(issues: EventIssue[]): ParseResult {
  const [first] = issues;
  const advice = first?.path === '' && first.received === 'string' ? ' Parse it with JSON.parse first.' : '';
  const message = issues.map(describe).join(' ') + advice;
  return { ok: false, error: new EventError('invalid_event', message, issues) };
}

function describe({ path, expected, received }: EventIssue): string {
  const subject = path === '' ? 'the event' : `"${path}"`;
  return `Expected ${subject} to be ${expected}, received ${withArticle(received)}.`;
}

function withArticle(type: string): string {
  if (/^(?:an |null|undefined|NaN|-?Infinity)/.test(type)) return type;
  return /^[ao]/.test(type) ? `an ${type}` : `a ${type}`;
}

function receivedType(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return typeof value;
}

/** Made on each use: a schema at module level would end up in every bundle that imports this package. */
function schemaOf(type: string): z.$ZodType {
  const string = required(isString, 'a string');
  const text = optional(isText, 'a string or null');
  const id = optional(isId, 'a string, a number or null');
  const name = optional(isOptionalString, 'a string');
  const fields = optional(isFields, 'an object');
  const everyCall = {
    type: string,
    messageId: text,
    userId: id,
    anonymousId: id,
    timestamp: optional(isTimestamp, 'a time'),
    receivedAt: text,
    integrations: fields,
    context: optional(isContext, 'an object'),
  };
  const fieldsOfType: Record<string, z.$ZodLooseShape> = {
    identify: { traits: fields },
    track: { event: name, properties: fields, traits: fields },
    page: { name: text, category: text, properties: fields },
    screen: { name: text, category: text, properties: fields },
    group: { groupId: id, traits: fields },
    alias: { previousId: id },
    delete: {},
    other: { originalType: string },
  };
  const unknownType = { type: required(() => false, 'a call type') };
  const shape = { ...everyCall, ...(Object.hasOwn(fieldsOfType, type) ? fieldsOfType[type] : unknownType) };
  return new z.$ZodObject({ type: 'object', shape, error: () => 'an object' });
}

// The words are ours, so the smallest parts of zod are enough: with `zod/mini`, bundles would be 0.6 kB larger.
function required(isRight: (value: unknown) => boolean, expected: string): z.$ZodType {
  return z._custom(z.$ZodCustom, isRight, expected);
}

function optional(isRight: (value: unknown) => boolean, expected: string): z.$ZodType {
  return new z.$ZodOptional({ type: 'optional', innerType: required(isRight, expected) });
}
