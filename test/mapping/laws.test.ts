import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createMapper, mapEvent } from '../../src/mapping/map-event.js';
import type { MappingOptions } from '../../src/mapping/options.js';
import type { EventNameTag, TagValue } from '../../src/mapping/tag-options.js';
import type { Plan } from '../../src/onesignal/plan.js';
import type { SegmentEvent } from '../../src/segment/event.js';
import { isSegmentEvent } from '../../src/segment/recognize.js';

const name = fc.oneof(
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'firstName',
    'first_name',
    'LAST_NAME',
    'email',
    'Phone',
    'message',
    'user',
    'vips',
    'audience_key',
    'audience_name',
    'trait_key',
    'a',
    'b',
    'a_b',
    '',
    ' ',
    '7',
    'subscription_id',
  ),
  fc.string({ maxLength: 4 }),
);
const scalar = fc.oneof(
  fc.string({ maxLength: 4, unit: 'binary' }),
  fc.constantFrom('', ' ', 'true', 'false', '\ud800'),
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
);
/** An object with own keys, even `__proto__`. */
const record = (value: fc.Arbitrary<unknown>) =>
  fc
    .array(fc.tuple(name, value), { maxLength: 8 })
    .map((entries): Record<string, unknown> => Object.fromEntries(entries));
const nested = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, scalar, record(tie('value')), fc.array(tie('value'), { maxLength: 3 })),
})).value;
const manyFields = fc
  .tuple(fc.integer({ min: 90, max: 250 }), scalar)
  .map(([count, value]) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`t${index}`, value])));
const fields = fc.oneof(
  { weight: 9, arbitrary: record(nested) },
  { weight: 1, arbitrary: manyFields },
  fc.constantFrom(null, []),
);
const personas = fc.record(
  {
    computation_class: fc.constantFrom('audience', 'journey_step', 'trait'),
    computation_key: name,
    audience_key: name,
  },
  { requiredKeys: [], noNullPrototype: true },
);
const anyEvent = fc.record(
  {
    type: fc.constantFrom('identify', 'identify', 'track', 'track', 'track', 'page', 'group'),
    messageId: fc.constantFrom('m1', '', null),
    userId: fc.constantFrom<unknown>('u1', 'u1', 'u1', 'u1', 7, null, 'NA', '\ud800'),
    event: fc.constantFrom(
      'Audience Entered',
      'Audience Exited',
      'Journey Step Entered',
      'Order Completed',
      'Push Sent',
      '',
    ),
    timestamp: fc.constantFrom<unknown>(
      '2024-05-06T07:08:09.123Z',
      '2024-05-06T07:08:09+02:00',
      1631210063,
      '2017',
      null,
    ),
    receivedAt: fc.constantFrom('2024-05-06T07:08:09.000Z', 'x', null),
    integrations: fc.constantFrom(null, [], { All: false }, { OneSignal: true }),
    context: fc.oneof(
      fc.constantFrom(null, []),
      fc.record({ personas: fc.oneof(personas, fc.constant(null)) }, { noNullPrototype: true }),
    ),
    properties: fields,
    traits: fields,
  },
  { requiredKeys: ['type'], noNullPrototype: true },
);
/** Random fields alone rarely form an audience event with a membership. */
const ofAudience = anyEvent.map((one) => ({
  ...one,
  userId: 'u1',
  context: { personas: { computation_class: 'audience', computation_key: 'vips' } },
  properties: { ...one.properties, vips: true },
  traits: { ...one.traits, vips: true },
}));
const event = fc.oneof({ weight: 3, arbitrary: anyEvent }, { weight: 1, arbitrary: ofAudience });
const options: fc.Arbitrary<MappingOptions> = fc.record(
  {
    include: fc.array(name, { maxLength: 6 }),
    exclude: fc.array(name, { maxLength: 3 }),
    rename: fc.dictionary(fc.string({ maxLength: 2 }), name, { maxKeys: 3 }),
    prefix: fc.constantFrom('', 'seg_', 'custom'),
    audiencePrefix: fc.constantFrom('', 'aud_'),
    nested: fc.constantFrom<MappingOptions['nested']>('drop', 'flatten', { maxDepth: 1 }, { maxTags: 2 }),
    tagLimit: fc.integer({ min: 0, max: 6 }),
    audienceProperties: fc.constantFrom<MappingOptions['audienceProperties']>('drop', 'tags'),
    loops: fc.constantFrom<MappingOptions['loops']>('skip', 'allow'),
    integrations: fc.constantFrom<MappingOptions['integrations']>('ignore', 'respect', { respect: 'My Fn' }),
    eventName: fc.constantFrom<'drop' | 'prefix' | EventNameTag>('drop', 'prefix', { tag: 'a' }),
    segmentName: fc.constant((key: string) => `Audience ${key}`),
    tag: fc.constantFrom(
      (key: string) => ({ key: key.toLowerCase() }),
      (key: string, value: TagValue) =>
        key === 'a' ? null : { value: typeof value === 'string' ? value.trim() : value },
    ),
  },
  { requiredKeys: [] },
);
const situation = fc.tuple(event, fc.oneof(fc.constant(undefined), options));

/** The laws hold for every JSON value, whether or not it is an event. */
const cast = (value: unknown) => value as SegmentEvent;
const tagPaths = (event: SegmentEvent, mapping?: MappingOptions) => createMapper(mapping).map(event).tagPaths();
const mapped = (plan: Plan) => plan.status === 'planned' || (plan.status === 'skipped' && plan.reason === 'empty');

function freezeDeep<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) freezeDeep(inner);
  }
  return value;
}

describe('mapEvent, for every event and all options', () => {
  test('does not modify the event, and gives the same plan for the same event', () => {
    fc.assert(
      fc.property(situation, ([input, mapping]) => {
        const copy = structuredClone(input);
        const plan = mapEvent(cast(freezeDeep(input)), mapping);
        // Vitest mistakes a field named `constructor` for the type of the object.
        expect(isDeepStrictEqual(input, copy)).toBe(true);
        expect(mapEvent(cast(copy), mapping)).toStrictEqual(plan);
      }),
      { numRuns: 1_000 },
    );
  });

  test('a plan is plain JSON', () => {
    fc.assert(
      fc.property(situation, ([input, mapping]) => {
        const plan = mapEvent(cast(input), mapping);
        expect(plan.status).not.toBe('failed');
        expect(JSON.parse(JSON.stringify(plan))).toStrictEqual(plan);
      }),
      { numRuns: 1_000 },
    );
  });

  test('every top-level trait or property of a mapped event is in an operation or in dropped', () => {
    fc.assert(
      fc.property(situation, ([input, mapping]) => {
        const plan = mapEvent(cast(input), mapping);
        if (!mapped(plan)) return;
        const carried = [...tagPaths(cast(input), mapping).values(), ...plan.dropped.map(({ path }) => path)];
        for (const root of ['properties', 'traits'] as const)
          for (const field of Object.keys(input[root] ?? {})) {
            const path = `${root}.${field}`;
            expect(carried.some((one) => one === path || one.startsWith(`${path}.`))).toBe(true);
          }
      }),
      { numRuns: 2_000 },
    );
  });

  test('no field is both sent and dropped, and none is dropped twice', () => {
    fc.assert(
      fc.property(situation, ([input, mapping]) => {
        const dropped = mapEvent(cast(input), mapping).dropped.map(({ path }) => path);
        // The key of an audience can come from a property, which is reported on its own as well.
        const paths = dropped.filter((path) => !path.endsWith('.audience_key') && !/\..*\./.test(path));
        expect(new Set(paths).size).toBe(paths.length);
        const sent = [...tagPaths(cast(input), mapping).values()];
        expect(sent.filter((path) => paths.includes(path))).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  test('every operation is one valid request', () => {
    const reserved =
      /^(message|notification|subscription|user|template|app|org|dynamic_content|data_feed|journey|custom_data)$/;
    fc.assert(
      fc.property(situation, ([input, mapping]) => {
        const plan = mapEvent(cast(input), mapping);
        expect(plan.operations.length > 0).toBe(plan.status === 'planned');
        for (const operation of plan.operations) {
          if (operation.type === 'update_user') {
            const keys = Object.keys(operation.tags);
            expect(keys.length).toBeGreaterThan(0);
            expect(keys.length).toBeLessThanOrEqual(100);
            expect(keys.filter((key) => key.trim() === '' || reserved.test(key))).toEqual([]);
            expect(Object.values(operation.tags).every((value) => typeof value === 'string')).toBe(true);
          } else
            expect(operation).toMatchObject({ type: 'ensure_segment', filters: [{ relation: '=', value: 'true' }] });
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('a segment is ensured only if its membership tag is set', () => {
    fc.assert(
      fc.property(situation, ([input, mapping]) => {
        const { operations } = mapEvent(cast(input), mapping);
        const entries = operations.flatMap((one) => (one.type === 'update_user' ? Object.entries(one.tags) : []));
        const tags = new Map(entries);
        for (const operation of operations)
          if (operation.type === 'ensure_segment') expect(tags.get(operation.filters[0]?.key ?? '')).toBe('true');
      }),
      { numRuns: 2_000 },
    );
  });

  test('the number of tags that are set stays within tagLimit', () => {
    fc.assert(
      fc.property(situation, fc.integer({ min: 0, max: 4 }), ([input, mapping], tagLimit) => {
        const { operations } = mapEvent(cast(input), { ...mapping, tagLimit });
        const values = operations.flatMap((one) => (one.type === 'update_user' ? Object.values(one.tags) : []));
        expect(values.filter((value) => value !== '').length).toBeLessThanOrEqual(tagLimit);
      }),
      { numRuns: 1_000 },
    );
  });

  test('most of the arbitrary events are valid events', () => {
    const events = fc.sample<unknown>(event, { numRuns: 500, seed: 1 }).filter(isSegmentEvent);
    expect(events.length).toBeGreaterThan(450);
    const plans = events.map((one) => mapEvent(one));
    expect(plans.filter(mapped).length).toBeGreaterThan(150);
    expect(
      plans.filter(({ operations }) => operations.some(({ type }) => type === 'ensure_segment')).length,
    ).toBeGreaterThan(30);
  });
});

describe('mapEvent, for anything at all', () => {
  const anything = fc.anything({
    key: name,
    maxDepth: 5,
    withBigInt: true,
    withBoxedValues: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withSet: true,
    withSparseArray: true,
    withTypedArray: true,
  });
  const call = fc.record({
    type: fc.constantFrom('identify', 'track'),
    userId: anything,
    event: anything,
    properties: anything,
    traits: anything,
    context: fc.oneof(anything, fc.record({ personas: anything })),
    messageId: anything,
    timestamp: anything,
    integrations: anything,
  });
  const throwing = (kind: string): unknown =>
    new Proxy(
      { type: kind, userId: 'u1', traits: { a: 1 } },
      {
        get: (target, key) => (key === 'traits' ? throwing(kind) : Reflect.get(target, key)),
        ownKeys: () => {
          throw new Error('no keys');
        },
      },
    );

  test('never throws, and never changes a prototype', () => {
    const fieldsOf = (prototype: object) =>
      Reflect.ownKeys(prototype).map((key) => [key, Object.getOwnPropertyDescriptor(prototype, key)?.value]);
    const prototypes = () => [Object.prototype, Array.prototype].map(fieldsOf);
    const before = prototypes();
    fc.assert(
      fc.property(fc.oneof(anything, call), options, (input, mapping) => {
        expect(['planned', 'skipped', 'failed']).toContain(mapEvent(cast(input), mapping).status);
        tagPaths(cast(input), mapping);
      }),
      { numRuns: 2_000 },
    );
    expect(prototypes()).toEqual(before);
  });

  test('a Proxy that throws fails the plan', () => {
    expect(mapEvent(cast(throwing('identify')))).toMatchObject({ status: 'failed', error: { code: 'invalid_event' } });
  });
});
