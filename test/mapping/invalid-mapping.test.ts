import { describe, expect, test } from 'vitest';
import {
  audienceToSegment,
  ConfigurationError,
  computedTraitToTags,
  defineMapping,
  type IdentifyEvent,
  identifyToTags,
  mapEvent,
  type Plan,
  type TrackEvent,
  trackToTags,
} from '../../src/index.js';

const identify: IdentifyEvent = {
  type: 'identify',
  messageId: 'm1',
  userId: 'u1',
  timestamp: '2026-03-01T10:00:00.000Z',
  traits: { plan: 'pro', ssn: '078-05-1120' },
};
const track: TrackEvent = { ...identify, type: 'track', event: 'Signed Up' };
const computed = (computation_class: string) => ({
  ...identify,
  context: { personas: { computation_class, computation_key: 'plan' } },
});

/** The plan that JavaScript callers get, whom no compiler stops. */
function planWith(map: (...args: never) => Plan, event: object, options: unknown): Plan {
  return Reflect.apply(map, undefined, [event, options]);
}

const mappers: [string, (...args: never) => Plan, object][] = [
  ['mapEvent', mapEvent, identify],
  ['identifyToTags', identifyToTags, identify],
  ['trackToTags', trackToTags, track],
  ['audienceToSegment', audienceToSegment, computed('audience')],
  ['computedTraitToTags', computedTraitToTags, computed('trait')],
];

describe.each(mappers)('%s', (_, map, event) => {
  test.each<[unknown, string]>([
    [{ prefix: 'acme_', excludes: ['ssn'] }, 'Unknown option "excludes". '],
    [{ consent: 'marketing' }, '"consent" must be an array of strings.'],
    [{ nested: { maxDepth: 0 } }, '"nested.maxDepth" must be an integer ≥ 1.'],
    [{ nested: { depth: 3 } }, 'Unknown option "nested.depth". Known options: maxDepth, maxTags.'],
    [null, '"options" must be an object.'],
    ['acme_', '"options" must be an object.'],
  ])('fails with invalid_mapping for %j, and sends nothing', (options, told) => {
    const plan = planWith(map, event, options);
    expect(plan).toMatchObject({
      status: 'failed',
      messageId: 'm1',
      at: '2026-03-01T10:00:00.000Z',
      error: { name: 'EventError', code: 'invalid_mapping', issues: [] },
      operations: [],
      dropped: [],
    });
    expect(plan).toHaveProperty('error.message', expect.stringContaining(`The mapping options are invalid: ${told}`));
  });

  test('checks an object once if it is valid', () => {
    let reads = 0;
    const options = {
      get prefix() {
        reads += 1;
        return 'acme_';
      },
    };
    planWith(map, event, options);
    const first = reads;
    planWith(map, event, options);
    // Each call reads the option, but only the first one checks it.
    expect(reads - first).toBeLessThan(first);
  });

  test('sees the values that an object has at the time of each call', () => {
    const options: { exclude: string[] } = { exclude: [] };
    expect(planWith(map, event, options)).toMatchObject({ operations: [{ tags: { ssn: '078-05-1120' } }] });
    options.exclude.push('ssn');
    expect(planWith(map, event, options).dropped).toContainEqual({ path: 'traits.ssn', reason: 'excluded' });
  });

  test('reads what defineMapping returned once', () => {
    let reads = 0;
    const options = Reflect.apply(defineMapping, undefined, [
      {
        get prefix() {
          reads += 1;
          return 'acme_';
        },
      },
    ]);
    const plan = planWith(map, event, options);
    const first = reads;
    expect(planWith(map, event, options)).toEqual(plan);
    expect(reads).toBe(first);
  });

  test('checks an object again after it has failed', () => {
    const options = { tagLimit: -1 };
    expect(planWith(map, event, options)).toMatchObject({ status: 'failed' });
    options.tagLimit = 5;
    expect(planWith(map, event, options).status).not.toBe('failed');
  });
});

test('mapEvent suggests the option that was meant', () => {
  const plan = planWith(mapEvent, track, { excludes: ['ssn'] });
  expect(plan).toHaveProperty('error.message', expect.stringContaining('Did you mean "exclude"?'));
});

test.each(mappers.slice(1))('%s lists the known options and points to mapEvent', (_, map, event) => {
  const plan = planWith(map, event, { customEvents: true });
  expect(plan).toHaveProperty(
    'error.message',
    expect.stringMatching(
      /Unknown option "customEvents"\. Known options: include, .*consent\. Opt-ins such as customEvents belong to mapEvent\.$/,
    ),
  );
});

test('mapEvent refuses to keep the event name if there are no tags', () => {
  const plan = planWith(mapEvent, track, { eventName: 'prefix', customEvents: { tags: 'replace' } });
  expect(plan).toMatchObject({ status: 'failed', error: { code: 'invalid_mapping' } });
  expect(plan).toHaveProperty('error.message', expect.stringContaining('"eventName" cannot be combined with'));
});

describe('defineMapping', () => {
  test('returns the same object, frozen to its leaves', () => {
    const options = { exclude: ['ssn'], nested: { maxDepth: 2 }, tag: () => null } as const;
    const mapping = defineMapping(options);
    expect(mapping).toBe(options);
    expect([mapping, mapping.exclude, mapping.nested].every(Object.isFrozen)).toBe(true);
    expect(Object.isFrozen(mapping.tag)).toBe(false);
    expect(mapEvent(identify, defineMapping({ exclude: ['ssn'] }))).toMatchObject({
      operations: [{ tags: { plan: 'pro' } }],
      dropped: [{ path: 'traits.ssn', reason: 'excluded' }],
    });
  });

  test.each<[unknown, string, string]>([
    [{ excludes: ['ssn'] }, 'excludes', 'Unknown option "excludes". Did you mean "exclude"?'],
    [{ consent: 'marketing' }, 'consent', '"consent" must be an array of strings.'],
    [{ nested: { maxDepht: 2 } }, 'nested.maxDepht', 'Unknown option "nested.maxDepht". Did you mean "maxDepth"?'],
    [undefined, 'options', 'Options are missing. Call defineMapping({ … }).'],
    [7, 'options', '"options" must be an object.'],
    [[], 'options', '"options" must be an object.'],
  ])('throws for %j', (options, option, message) => {
    const define = () => Reflect.apply(defineMapping, undefined, [options]);
    expect(define).toThrow(ConfigurationError);
    expect(define).toThrow(expect.objectContaining({ option, message }));
  });
});

test.each<[string, (...args: never) => Plan, string, string]>([
  ['identifyToTags', identifyToTags, 'track', "'identify'"],
  ['trackToTags', trackToTags, 'identify', "'track'"],
  ['audienceToSegment', audienceToSegment, 'group', "'identify' or 'track'"],
  ['computedTraitToTags', computedTraitToTags, 'group', "'identify' or 'track'"],
])('%s says which function to call for another event', (name, map, other, expected) => {
  const message = `${name} needs an event of type ${expected}, in lower case. Call mapEvent for others.`;
  for (const type of [other, 'Identify', 'Track', undefined])
    expect(planWith(map, { ...identify, type }, undefined)).toMatchObject({
      status: 'failed',
      error: { code: 'invalid_event', message, issues: [{ path: 'type', expected, received: typeof type }] },
      operations: [],
    });
});
