import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { EventError } from '../../src/errors.js';
import { identifyToTags } from '../../src/mapping/calls/identify-to-tags.js';
import { createMapper, mapEvent } from '../../src/mapping/map-event.js';
import type { MappingOptions } from '../../src/mapping/options.js';
import type { TagChange } from '../../src/mapping/tag-options.js';
import type { Plan } from '../../src/onesignal/plan.js';
import type { IdentifyEvent, SegmentEvent, TrackEvent } from '../../src/segment/event.js';
import { parseEvent } from '../../src/segment/parse.js';

const identify = (traits: IdentifyEvent['traits'] & object): IdentifyEvent => ({
  type: 'identify',
  userId: 'u1',
  traits,
});
const tagPaths = (event: SegmentEvent, mapping?: MappingOptions) => createMapper(mapping).map(event).tagPaths();
const audience: TrackEvent = {
  type: 'track',
  userId: 'u1',
  event: 'Audience Entered',
  properties: { vips: true },
  context: { personas: { computation_class: 'audience', computation_key: 'vips' } },
};

function tagsOf(plan: Plan): Record<string, string> {
  return Object.assign({}, ...plan.operations.map((operation) => ('tags' in operation ? operation.tags : {})));
}

function errorOf(plan: Plan): EventError {
  if (plan.status !== 'failed') throw new Error(`expected a failed plan, got ${plan.status}`);
  return plan.error;
}

/** A hook whose answer cannot be read. */
const throwing = () =>
  new Proxy<{ label: string; id: string; key?: string }>(
    { label: 'external_id', id: 'u1' },
    {
      get() {
        throw new Error('not readable');
      },
    },
  );

describe('mapEvent, values that only in-process callers can pass', () => {
  test('a field of the event, or of the result of the hook tag, that is undefined counts as absent', () => {
    const unset = undefined;
    const fields = { messageId: unset, anonymousId: unset, timestamp: unset, receivedAt: unset, context: unset };
    const events: [SegmentEvent, SegmentEvent][] = [
      [
        { type: 'identify', userId: 'u1', traits: { plan: 'pro' }, integrations: unset, ...fields },
        { type: 'identify', userId: 'u1', traits: { plan: 'pro' } },
      ],
      [
        { type: 'track', userId: 'u1', event: unset, properties: unset, traits: unset },
        { type: 'track', userId: 'u1' },
      ],
      [{ type: 'page', userId: unset, name: unset, category: unset, properties: unset }, { type: 'page' }],
      [
        { type: 'group', userId: 'u1', groupId: unset, traits: unset },
        { type: 'group', userId: 'u1' },
      ],
      [
        { type: 'alias', userId: 'u1', previousId: unset },
        { type: 'alias', userId: 'u1' },
      ],
    ];
    const mapping = { page: 'custom_event', group: true, alias: { label: 'legacy' } } as const;
    const tag = (): TagChange => ({ key: unset, value: unset });
    for (const [event, same] of events) {
      expect(mapEvent(event, { ...mapping, tag })).toEqual(mapEvent(same, mapping));
      expect(parseEvent(event)).toMatchObject({ ok: true });
    }
  });

  test('a Date becomes Unix seconds, rounded down', () => {
    const traits = { at: new Date('2024-05-06T07:08:09.999Z'), before1970: new Date(-1), elsewhere: foreignDate() };
    expect(tagsOf(mapEvent(identify(traits)))).toEqual({ at: '1714979289', before1970: '-1', elsewhere: '1714979289' });
  });

  test('a bigint becomes its digits', () => {
    expect(tagsOf(mapEvent(identify({ points: 12345678901234567890n })))).toEqual({ points: '12345678901234567890' });
  });

  test('minus zero becomes 0', () => {
    expect(tagsOf(mapEvent(identify({ delta: -0 })))).toEqual({ delta: '0' });
  });

  test('numbers that are not finite are dropped as not_finite', () => {
    const plan = mapEvent(identify({ a: Number.NaN, b: Number.POSITIVE_INFINITY, c: Number.NEGATIVE_INFINITY }));
    expect(plan).toStrictEqual({
      status: 'skipped',
      reason: 'empty',
      operations: [],
      dropped: ['traits.a', 'traits.b', 'traits.c'].map((path) => ({ path, reason: 'not_finite' })),
    });
  });

  test('an invalid Date, a function and a symbol are dropped as invalid_value', () => {
    const plan = mapEvent(identify({ a: new Date(Number.NaN), b: () => 1, c: Symbol('c') }));
    expect(plan.dropped).toEqual(
      ['traits.a', 'traits.b', 'traits.c'].map((path) => ({ path, reason: 'invalid_value' })),
    );
  });

  test('undefined is ignored, not dropped', () => {
    expect(mapEvent(identify({ a: undefined, plan: 'pro' }))).toStrictEqual({
      status: 'planned',
      operations: [{ type: 'update_user', user: { label: 'external_id', id: 'u1' }, tags: { plan: 'pro' } }],
      dropped: [],
    });
    const both = { ...audience, properties: { vips: true, city: undefined }, traits: { city: undefined } };
    expect(mapEvent(both).dropped).toEqual([]);
    expect(mapEvent(identify({ a: { b: undefined, c: 1 } }), { nested: 'flatten' }).dropped).toEqual([]);
  });

  test('a Map, a boxed string and a forged Date are objects, dropped as nested', () => {
    const traits = { a: new Map(), b: Object('text'), c: { [Symbol.toStringTag]: 'Date' } };
    expect(mapEvent(identify(traits)).dropped.map(({ reason }) => reason)).toEqual(['nested', 'nested', 'nested']);
  });

  test('a userId that is not finite counts as absent', () => {
    expect(mapEvent({ ...identify({ plan: 'pro' }), userId: Number.NaN })).toMatchObject({ reason: 'no_user_id' });
  });
});

describe('mapEvent, input that is not an event', () => {
  test('null and other values that are not objects result in a plan, and never throw', () => {
    const plan = (input: unknown) => mapEvent(input as SegmentEvent);
    expect(errorOf(plan(null)).code).toBe('invalid_event');
    for (const input of ['identify', [], {}, { type: null }, { type: '' }])
      expect(errorOf(plan(input)).code).toBe('missing_type');
  });

  test.each(['Track', 'IDENTIFY', ' page', 'Delete'])('an event of type %j fails instead of being skipped', (type) => {
    const input = { type, messageId: 'm1', userId: 'u1', properties: { plan: 'pro' } };
    const plan = mapEvent(input as SegmentEvent);
    expect(plan).toMatchObject({ status: 'failed', messageId: 'm1', operations: [] });
    const parsed = parseEvent(input);
    expect(errorOf(plan).toJSON()).toEqual(parsed.ok ? undefined : parsed.error.toJSON());
  });

  test.each(['other', 'video', 'toString'])('an event of type %j is skipped', (type) => {
    const plan = mapEvent({ type, userId: 'u1' } as SegmentEvent);
    expect(plan).toMatchObject({ status: 'skipped', reason: 'unsupported_type' });
  });

  test('a field that throws fails the plan, and its message is not repeated', () => {
    const traits = {
      get plan(): string {
        throw new Error('ada@example.com');
      },
    };
    const plan = mapEvent({ ...identify({}), messageId: 'm1', traits });
    expect(plan).toMatchObject({ status: 'failed', messageId: 'm1', operations: [], dropped: [] });
    expect(JSON.stringify(errorOf(plan))).not.toContain('ada@example.com');
  });

  test('an object that contains itself is dropped, or flattened within bounds', () => {
    const loop: Record<string, unknown> = { plan: 'pro' };
    loop.self = loop;
    expect(mapEvent(identify(loop)).dropped).toEqual([{ path: 'traits.self', reason: 'nested' }]);
    const plan = mapEvent(identify({ loop }), { nested: { maxDepth: Number.MAX_SAFE_INTEGER } });
    expect(plan.status).toBe('planned');
    expect(plan.dropped).toHaveLength(1);
  });

  test('traits nested 10,000 levels deep are dropped, or flattened within bounds', () => {
    let deep: unknown = 1;
    for (let level = 0; level < 10_000; level += 1) deep = { deep };
    expect(mapEvent(identify({ deep })).dropped).toEqual([{ path: 'traits.deep', reason: 'nested' }]);
    expect(mapEvent(identify({ deep }), { nested: 'flatten' }).dropped).toEqual([
      { path: 'traits.deep.deep.deep.deep', reason: 'nested' },
    ]);
  });
});

describe('mapEvent, the hook tag', () => {
  test('sees the key after rename and prefix, the value before it becomes a string, and the event', () => {
    const seen: unknown[] = [];
    const event = identify({ plan: 'pro', seats: 5, trial: false, gone: null });
    mapEvent(event, { prefix: 'seg_', rename: { plan: 'tier' }, tag: recording(seen) });
    expect(seen).toEqual([
      ['tier', 'pro', event],
      ['seg_seats', 5, event],
      ['seg_trial', false, event],
      ['seg_gone', null, event],
    ]);
  });

  test('changes a key, a value or both; null drops the tag, an empty change leaves it', () => {
    const tag: MappingOptions['tag'] = (key, value) => {
      if (key === 'a') return { key: 'A' };
      if (key === 'b') return { value: Number(value) * 2 };
      if (key === 'c') return { key: 'C', value: null };
      return key === 'd' ? null : {};
    };
    const plan = mapEvent(identify({ a: 1, b: 2, c: 3, d: 4, e: 5 }), { tag });
    expect(tagsOf(plan)).toEqual({ A: '1', b: '4', C: '', e: '5' });
    expect(plan.dropped).toEqual([{ path: 'traits.d', reason: 'excluded' }]);
  });

  test('returns keys that are checked like all others: reserved, blank and taken ones are reported', () => {
    const keys: Record<string, string> = { a: 'message', b: ' ', c: 'd' };
    const plan = mapEvent(identify({ a: 1, b: 2, d: 3, c: 4 }), { tag: (key) => ({ key: keys[key] ?? key }) });
    expect(tagsOf(plan)).toEqual({ d: '3' });
    expect(plan.dropped).toEqual([
      { path: 'traits.a', reason: 'reserved_key' },
      { path: 'traits.b', reason: 'invalid_value' },
      { path: 'traits.c', reason: 'duplicate_key' },
    ]);
  });

  test('returns a number that is not finite: it is dropped as not_finite', () => {
    expect(mapEvent(identify({ a: 1 }), { tag: () => ({ value: Number.NaN }) }).dropped).toEqual([
      { path: 'traits.a', reason: 'not_finite' },
    ]);
  });

  test('never sees a membership or a value that cannot be a tag', () => {
    const keys: string[][] = [];
    const tag: MappingOptions['tag'] = (key) => recording(keys)(key);
    mapEvent(
      { ...audience, properties: { vips: true, city: 'Graz', fn: () => 1 } },
      { audienceProperties: 'tags', tag },
    );
    expect(keys).toEqual([['city']]);
  });

  test('sees the leaves of a flattened trait and the tag of the event name', () => {
    const keys: string[][] = [];
    const tag: MappingOptions['tag'] = (key) => recording(keys)(key);
    const event: TrackEvent = { type: 'track', userId: 'u1', event: 'Moved', properties: { to: { city: 'Graz' } } };
    mapEvent(event, { tag, nested: 'flatten', eventName: { tag: 'last_event' } });
    expect(keys).toEqual([['last_event'], ['to_city']]);
  });

  test('a hook that throws fails the plan, with a plain cause', () => {
    const tag = () => {
      throw new TypeError('cannot read https://example.com/users/ada');
    };
    const plan = mapEvent({ ...identify({ plan: 'pro' }), messageId: 'm1' }, { tag });
    expect(plan).toMatchObject({ status: 'failed', messageId: 'm1', operations: [], dropped: [] });
    expect(errorOf(plan).code).toBe('hook_failed');
    expect(errorOf(plan).message).toBe('The "tag" hook threw an error (see "cause").');
    expect(errorOf(plan).cause).toStrictEqual({ name: 'TypeError', message: 'cannot read <url>' });
  });

  test.each<MappingOptions>([{ tag: throwing }, { user: throwing }])(
    'a hook whose result throws when it is read fails the plan too: %o',
    (mapping) => {
      const { code, cause } = errorOf(mapEvent(identify({ plan: 'pro' }), mapping));
      expect({ code, cause }).toEqual({ code: 'hook_failed', cause: { name: 'Error', message: 'not readable' } });
    },
  );

  test('a hook that throws leaves the ids and values of the event out of the cause', () => {
    const tag = () => {
      throw new Error('no acme-enterprise for ada-lovelace');
    };
    const event: IdentifyEvent = { type: 'identify', userId: 'ada-lovelace', traits: { plan: 'acme-enterprise' } };
    const { cause } = errorOf(mapEvent(event, { tag }));
    expect(cause).toStrictEqual({ name: 'Error', message: 'no <redacted> for <redacted>' });
  });

  test.each([
    ['a built-in error', new TypeError('no acme for ada'), 'TypeError'],
    ['a custom error', Object.assign(new Error('no acme for ada'), { name: 'ada' }), 'Error'],
    ['a string', 'ada', 'Error'],
    ['nothing', undefined, 'Error'],
  ])('a hook of identifyToTags that throws %s leaves all but a known name out of the cause', (_, thrown, name) => {
    const tag = () => {
      throw thrown;
    };
    const { code, cause } = errorOf(identifyToTags(identify({ plan: 'acme' }), { tag }));
    expect({ code, cause }).toStrictEqual({ code: 'hook_failed', cause: { name, message: '<redacted>' } });
  });

  test.each([
    ['nothing', undefined],
    ['a string', 'plan'],
    ['an array', ['plan']],
    ['a promise', Promise.resolve({ key: 'plan' })],
    ['a key that is not a string', { key: 5 }],
    ['a value that is not a scalar', { value: {} }],
    ['a value that is a bigint', { value: 5n }],
  ])('a hook that returns %s fails the plan', (_, answer) => {
    const plan = mapEvent(identify({ plan: 'pro' }), { tag: () => answer as unknown as null });
    expect(errorOf(plan).code).toBe('hook_failed');
    expect(errorOf(plan).message).toMatch(
      /^The "tag" hook must return null or an object with "key" or "value"\. It returned a value of type \w+\.$/,
    );
  });
});

test('identifyToTags skips an identify of which no tag is left, as mapEvent does', () => {
  for (const traits of [{}, { email: 'ada@example.com' }]) {
    const plan = identifyToTags(identify(traits));
    expect(plan).toMatchObject({ status: 'skipped', reason: 'empty', operations: [] });
    expect(plan).toEqual(mapEvent(identify(traits)));
  }
});

describe('mapEvent, the hook segmentName', () => {
  const nameOf = (options: MappingOptions) =>
    mapEvent(audience, options).operations.map((operation) => ('name' in operation ? operation.name : ''))[1];

  test('names the segment from the audience’s key without prefixes, and is cut to 128 code points', () => {
    expect(nameOf({ segmentName: (key, event) => `${event.type} ${key}`, prefix: 'seg_' })).toBe('track vips');
    expect(nameOf({ segmentName: () => '😀'.repeat(200) })).toBe('😀'.repeat(128));
  });

  test('is not called on an exit', () => {
    const exit = { ...audience, properties: { vips: false } };
    const segmentName = () => {
      throw new Error('asked');
    };
    expect(mapEvent(exit, { segmentName }).status).toBe('planned');
  });

  test('a hook that throws or returns no name fails the plan', () => {
    const throwing = () => {
      throw new Error('no');
    };
    expect(errorOf(mapEvent(audience, { segmentName: throwing })).code).toBe('hook_failed');
    expect(errorOf(mapEvent(audience, { segmentName: () => ' ' })).message).toBe(
      'The "segmentName" hook must return a string that is not blank. It returned a value of type string.',
    );
    expect(errorOf(mapEvent(audience, { segmentName: () => 5 as unknown as string }))).toBeInstanceOf(EventError);
  });
});

describe('tagPaths', () => {
  test('returns the field that each tag of the plan came from', () => {
    const event: TrackEvent = {
      ...audience,
      properties: { vips: true, firstName: 'Ada', address: { city: 'Graz' }, email: 'a@example.com', gone: null },
    };
    const mapping: MappingOptions = { audienceProperties: 'tags', nested: 'flatten', prefix: 'seg_' };
    const expected = new Map([
      ['seg_vips', 'properties.vips'],
      ['seg_first_name', 'properties.firstName'],
      ['seg_address_city', 'properties.address.city'],
      ['seg_gone', 'properties.gone'],
    ]);
    expect(tagPaths(event, mapping)).toEqual(expected);
  });

  test('returns the path of the audience key for a membership that only the event name states', () => {
    expect(tagPaths({ ...audience, properties: {} })).toEqual(new Map([['vips', 'context.personas.computation_key']]));
  });

  test('comes from the mapping that made the plan: hooks are not called again', () => {
    const calls: unknown[] = [];
    const mapped = createMapper({ tag: recording(calls) }).map(identify({ plan: 'pro' }));
    expect(mapped.tagPaths()).toEqual(new Map([['plan', 'traits.plan']]));
    expect(mapped.tagPaths()).toBe(mapped.tagPaths());
    expect(calls).toHaveLength(1);
  });

  test('leaves out tags that the limit dropped', () => {
    expect(tagPaths(identify({ plan: 'pro', seats: 5 }), { tagLimit: 1 })).toEqual(new Map([['plan', 'traits.plan']]));
  });

  test('is empty if nothing is planned', () => {
    expect(tagPaths({ type: 'page', userId: 'u1' })).toEqual(new Map());
    const tag = () => {
      throw new Error('no');
    };
    expect(tagPaths(identify({ plan: 'pro' }), { tag })).toEqual(new Map());
  });
});

/** A hook that changes nothing and records its calls. */
function recording(calls: unknown[]): (...call: unknown[]) => TagChange {
  return (...call) => {
    calls.push(call);
    return {};
  };
}

function foreignDate(): unknown {
  return runInNewContext('new Date("2024-05-06T07:08:09.999Z")');
}
