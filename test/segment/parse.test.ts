import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import type { EventError } from '../../src/errors.js';
import { isRecord } from '../../src/record.js';
import { issuesOf, parseEvent } from '../../src/segment/parse.js';
import { isSegmentEvent } from '../../src/segment/recognize.js';
import { schemaOf } from './event-schema.js';

function eventOf(input: unknown): unknown {
  const result = parseEvent(input);
  if (!result.ok) throw result.error;
  return result.event;
}

function errorOf(input: unknown): EventError {
  const result = parseEvent(input);
  if (result.ok) throw new Error('expected an error');
  return result.error;
}

/** The fields that the schema of the tests refuses. */
function fieldsAtFault(input: unknown): string[] {
  const type = isRecord(input) && typeof input.type === 'string' ? input.type : 'delete';
  const issues = z.safeParse(schemaOf(type), input).error?.issues ?? [];
  return issues.map(({ path: [name] }) => (name === undefined ? '' : String(name)));
}

const types = ['identify', 'track', 'page', 'screen', 'group', 'alias', 'delete'];

describe('parseEvent', () => {
  test.each([
    { type: 'identify', userId: 'u1', traits: { plan: 'pro' } },
    { type: 'identify', userId: 5, anonymousId: null, traits: null, context: null, integrations: null },
    { type: 'identify', traits: [], context: [], integrations: [] },
    { type: 'track', userId: 'u1', properties: {} },
    { type: 'track', event: 'Signed Up', properties: [], traits: { plan: 'pro' }, timestamp: new Date(0) },
    { type: 'track', event: '', timestamp: '2017', receivedAt: 'yesterday' },
    { type: 'page', name: null, category: null },
    { type: 'screen', name: 'Home' },
    { type: 'group', groupId: 7, traits: {} },
    { type: 'alias', previousId: 'u0' },
    { type: 'delete', userId: 'u1', context: null },
    { type: 'other', originalType: 'charge' },
    { type: 'identify', context: { personas: null } },
    { type: 'identify', context: { personas: { computation_class: 'audience', computation_key: 'vips', any: 1 } } },
    Object.assign(Object.create(null), { type: 'identify' }),
  ])('returns the input itself if nothing has to be corrected: %j', (input) => {
    expect(eventOf(input)).toBe(input);
  });

  test('a field that the type does not read is not checked', () => {
    const input = { type: 'identify', properties: 5, event: 5, groupId: {}, name: [], sentAt: {}, traits: {} };
    expect(eventOf(input)).toBe(input);
  });

  test('an unknown type becomes other', () => {
    expect(eventOf({ type: 'charge', userId: 'u1' })).toStrictEqual({
      type: 'other',
      originalType: 'charge',
      userId: 'u1',
    });
    expect(eventOf({ type: 'other' })).toStrictEqual({ type: 'other', originalType: 'other' });
    expect(eventOf({ type: 'constructor' })).toStrictEqual({ type: 'other', originalType: 'constructor' });
  });

  test('a parsed event parses to itself', () => {
    const event = eventOf({ type: 'charge', messageId: 5, timestamp: {}, event: null });
    expect(eventOf(event)).toBe(event);
  });

  test('an event name that is null counts as absent', () => {
    expect(eventOf({ type: 'track', event: null, properties: {} })).toStrictEqual({ type: 'track', properties: {} });
  });

  test('a messageId that is a number becomes a string', () => {
    expect(eventOf({ type: 'identify', messageId: 17 })).toStrictEqual({ type: 'identify', messageId: '17' });
  });

  test.each([true, {}, [], Number.NaN, 5n, () => 1])(
    'a timestamp never fails an event: %s counts as absent',
    (timestamp) => {
      expect(eventOf({ type: 'identify', timestamp, receivedAt: timestamp })).toStrictEqual({ type: 'identify' });
    },
  );

  test('a receivedAt that is a number or a Date becomes ISO-8601', () => {
    expect(eventOf({ type: 'delete', receivedAt: 1631210063 })).toStrictEqual({
      type: 'delete',
      receivedAt: '2021-09-09T17:54:23.000Z',
    });
    expect(eventOf({ type: 'delete', receivedAt: new Date(0) })).toStrictEqual({
      type: 'delete',
      receivedAt: '1970-01-01T00:00:00.000Z',
    });
    expect(eventOf({ type: 'delete', receivedAt: new Date(Number.NaN) })).toStrictEqual({ type: 'delete' });
  });

  test('a personas that is not an object is removed', () => {
    const context = { locale: 'en', personas: 'audience' };
    expect(eventOf({ type: 'identify', context })).toStrictEqual({ type: 'identify', context: { locale: 'en' } });
  });

  test('unusable fields of personas are removed', () => {
    const personas = { computation_class: 5, computation_key: null, audience_key: 'vips', space_id: 's1' };
    expect(eventOf({ type: 'identify', context: { personas, locale: 'en' } })).toStrictEqual({
      type: 'identify',
      context: { locale: 'en', personas: { audience_key: 'vips', space_id: 's1' } },
    });
  });

  test('what needs no correction is kept as it is', () => {
    const kept = {
      originalType: 'charge',
      timestamp: '2026-03-01T10:00:00.000Z',
      receivedAt: '2026-03-01 10:00',
      context: { personas: { computation_key: 'vips', audience_key: 'vips' } },
    };
    expect(eventOf({ type: 'other', messageId: 5, ...kept })).toStrictEqual({ type: 'other', messageId: '5', ...kept });
    const personas = { computation_class: 'audience', audience_key: 7 };
    expect(eventOf({ type: 'other', originalType: 'charge', context: { personas } })).toStrictEqual({
      type: 'other',
      originalType: 'charge',
      context: { personas: { computation_class: 'audience' } },
    });
  });

  test.each([undefined, null, ''])('an event whose type is %j has no type', (type) => {
    expect(errorOf({ type, userId: 'u1' })).toMatchObject({
      code: 'missing_type',
      issues: [{ path: 'type', expected: 'a call type' }],
    });
    expect(errorOf({ type: '' }).issues[0]?.received).toBe('an empty string');
    expect(errorOf({}).message).toBe(
      'The event has no "type". Set it to the type of a Segment call, such as "identify" or "track".',
    );
    expect(errorOf({}).issues).toEqual([{ path: 'type', expected: 'a call type', received: 'undefined' }]);
  });

  test('a type that is not a string is invalid', () => {
    expect(errorOf({ type: 5 })).toMatchObject({
      code: 'invalid_event',
      issues: [{ path: 'type', expected: 'a string', received: 'number' }],
    });
  });

  test.each([
    [null, 'null'],
    [undefined, 'undefined'],
    [5, 'number'],
    [[], 'array'],
    [() => 1, 'function'],
  ])('an input that is not an object is invalid: %s', (input, received) => {
    expect(errorOf(input)).toMatchObject({
      code: 'invalid_event',
      message: expect.stringMatching(`^Expected the event to be an object, received (a |an )?${received}\\.$`),
      issues: [{ path: '', expected: 'an object', received }],
    });
  });

  test('the error for a JSON string says to parse it first', () => {
    const error = errorOf('{"type":"identify","userId":"u1"}');
    expect(error.message).toBe(
      'Expected the event to be an object, received a string. Parse it with JSON.parse first.',
    );
    expect(error.issues).toEqual([{ path: '', expected: 'an object', received: 'string' }]);
  });

  test.each<[unknown, string]>([
    [{ type: 'identify', traits: 'plan' }, 'Expected "traits" to be an object, received a string.'],
    [{ type: 'track', event: false }, 'Expected "event" to be a string, received a boolean.'],
    [{ type: 'track', event: [] }, 'Expected "event" to be a string, received an array.'],
    [{ type: 'identify', userId: Number.NaN }, 'Expected "userId" to be a string, a number or null, received NaN.'],
    [
      { type: 'identify', userId: Number.NEGATIVE_INFINITY },
      'Expected "userId" to be a string, a number or null, received -Infinity.',
    ],
    [
      { type: 'identify', userId: Number.POSITIVE_INFINITY },
      'Expected "userId" to be a string, a number or null, received Infinity.',
    ],
    [null, 'Expected the event to be an object, received null.'],
    [undefined, 'Expected the event to be an object, received undefined.'],
  ])('the message about %j names the field and both types', (input, message) => {
    expect(errorOf(input).message).toBe(message);
  });

  test('every issue has its path, the expected type and the received type', () => {
    const error = errorOf({
      type: 'track',
      userId: { id: 'u1' },
      anonymousId: true,
      messageId: {},
      event: 7,
      properties: ['secret'],
      traits: 'secret',
      context: 'secret',
      integrations: 5,
    });
    expect(error.code).toBe('invalid_event');
    expect([...error.issues].sort((one, other) => one.path.localeCompare(other.path))).toEqual([
      { path: 'anonymousId', expected: 'a string, a number or null', received: 'boolean' },
      { path: 'context', expected: 'an object', received: 'string' },
      { path: 'event', expected: 'a string', received: 'number' },
      { path: 'integrations', expected: 'an object', received: 'number' },
      { path: 'messageId', expected: 'a string or null', received: 'object' },
      { path: 'properties', expected: 'an object', received: 'array' },
      { path: 'traits', expected: 'an object', received: 'string' },
      { path: 'userId', expected: 'a string, a number or null', received: 'object' },
    ]);
    expect(error.message).toContain('Expected "userId" to be a string, a number or null, received an object. ');
    expect(error.message).not.toContain('\n');
    expect(JSON.stringify(error)).not.toContain('secret');
    expect(errorOf({ type: 'identify', userId: Number.NaN }).issues[0]?.received).toBe('NaN');
  });

  test.each([
    [{ type: 'page', name: 5 }, 'name'],
    [{ type: 'screen', category: {} }, 'category'],
    [{ type: 'screen', properties: 'x' }, 'properties'],
    [{ type: 'group', groupId: {} }, 'groupId'],
    [{ type: 'group', traits: 5 }, 'traits'],
    [{ type: 'alias', previousId: true }, 'previousId'],
    [{ type: 'delete', userId: [] }, 'userId'],
    [{ type: 'charge', userId: [] }, 'userId'],
  ])('checks the fields that are read for the type: %j', (input, path) => {
    expect(errorOf(input).issues.map((issue) => issue.path)).toEqual([path]);
  });

  test('a bad field is an error even if something else had to be corrected', () => {
    expect(errorOf({ type: 'track', event: null, properties: 5 }).issues).toEqual([
      { path: 'properties', expected: 'an object', received: 'number' },
    ]);
  });

  test('an object that throws when read is invalid, and its message is not repeated', () => {
    const throwing = {
      get type(): string {
        throw new Error('ada@example.com');
      },
    };
    expect(errorOf(throwing)).toMatchObject({
      code: 'invalid_event',
      message: 'Expected the event to be an object that can be read, received an object that throws.',
      issues: [{ path: '', expected: 'an object that can be read', received: 'an object that throws' }],
    });
    expect(JSON.stringify(errorOf(throwing))).not.toContain('ada');
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(errorOf(proxy).code).toBe('invalid_event');
  });
});

test('the schema has words for the fields that parseEvent corrects', () => {
  expect(issuesOf({ type: 'identify', timestamp: {} })).toEqual([
    { path: 'timestamp', expected: 'a time', received: 'object' },
  ]);
  expect(issuesOf({ type: 'charge' })).toEqual([{ path: 'type', expected: 'a call type', received: 'string' }]);
});

describe('parseEvent, for every input', () => {
  test('a field named __proto__ stays a field in the corrected copy', () => {
    const event = eventOf(JSON.parse('{"type":"identify","userId":"u1","messageId":5,"__proto__":{"userId":"other"}}'));
    expect(Object.getPrototypeOf(event)).toBe(Object.prototype);
    expect(Object.getOwnPropertyDescriptor(event, '__proto__')).toEqual({
      value: { userId: 'other' },
      configurable: true,
      enumerable: true,
      writable: true,
    });
    expect(event).toMatchObject({ userId: 'u1', messageId: '5' });
  });

  const bad = fc.constantFrom<unknown>(
    undefined,
    null,
    '',
    'text',
    5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    true,
    5n,
    {},
    [],
    [1],
    new Date(0),
    new Date(Number.NaN),
    new Map(),
    Object.create(null),
    Symbol('s'),
    () => 1,
    Object('boxed'),
    { computation_class: 'audience', computation_key: 5 },
    { computation_key: 'vips', audience_key: null },
  );
  const near = fc.record(
    {
      type: fc.constantFrom<unknown>(...types, 'other', 'charge', '', 5, null, 'constructor', '__proto__'),
      originalType: bad,
      messageId: bad,
      userId: bad,
      anonymousId: bad,
      timestamp: bad,
      receivedAt: bad,
      integrations: bad,
      context: fc.oneof(bad, fc.record({ personas: bad })),
      event: bad,
      name: bad,
      category: bad,
      properties: bad,
      traits: bad,
      groupId: bad,
      previousId: bad,
    },
    { requiredKeys: [] },
  );
  /** Valid except for at most one field, so that single faults are tried as well as many. */
  const nearlyGood = fc
    .tuple(
      fc.constantFrom(...types),
      near,
      fc.constantFrom('userId', 'context', 'traits', 'properties', 'event', 'name'),
    )
    .map(([type, fields, name]) => ({ type, ...(name in fields ? { [name]: Reflect.get(fields, name) } : {}) }));
  const anything = fc.anything({
    withNullPrototype: true,
    withDate: true,
    withBigInt: true,
    withMap: true,
    withSparseArray: true,
  });
  const inputs = fc.oneof(near, nearlyGood, anything);

  test('the hand-written check accepts exactly what the schema accepts', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const isEvent = fieldsAtFault(input).length === 0;
        expect(isSegmentEvent(input)).toBe(isEvent);
        expect(issuesOf(input).length === 0).toBe(isEvent);
      }),
      { numRuns: 5_000 },
    );
  });

  test('the issues name exactly the fields that the schema refuses', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        expect(issuesOf(input).map(({ path }) => path)).toEqual(fieldsAtFault(input));
      }),
      { numRuns: 2_000 },
    );
  });

  test('it returns an event or an error with issues, never throws and never changes the input', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        if (typeof input === 'object' && input !== null) Object.freeze(input);
        const result = parseEvent(input);
        if (result.ok) expect(isSegmentEvent(result.event)).toBe(true);
        else expect(result.error.issues).not.toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });
});

test.each([
  ['Track', 'track'],
  ['Identify', 'identify'],
  [' page\n', 'page'],
  ['DELETE', 'delete'],
])('the type %j is an error that suggests %s, since the event would be skipped', (type, meant) => {
  const result = parseEvent({ type, userId: 'u1' });
  expect(result).toMatchObject({
    ok: false,
    error: {
      code: 'invalid_event',
      message: `Unknown "type". Did you mean '${meant}'?`,
      issues: [{ path: 'type', expected: 'a call type in lower case', received: 'string' }],
    },
  });
});
