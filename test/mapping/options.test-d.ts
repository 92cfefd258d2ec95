import { expectTypeOf, test } from 'vitest';
import type { EventError } from '../../src/errors.js';
import { audienceToSegment } from '../../src/mapping/calls/audience-to-segment.js';
import { computedTraitToTags } from '../../src/mapping/calls/computed-trait-to-tags.js';
import { identifyToTags } from '../../src/mapping/calls/identify-to-tags.js';
import { trackToTags } from '../../src/mapping/calls/track-to-tags.js';
import { defineMapping } from '../../src/mapping/define-mapping.js';
import { mapEvent } from '../../src/mapping/map-event.js';
import type { MappingOptions } from '../../src/mapping/options.js';
import type { TagOptions } from '../../src/mapping/tag-options.js';
import type { SegmentEvent } from '../../src/segment/event.js';
import { parseEvent } from '../../src/segment/parse.js';

const event: SegmentEvent = { type: 'identify', userId: 'u1', traits: { plan: 'pro' } };

test('every option may be given as undefined', () => {
  const options: MappingOptions = { include: undefined, tag: undefined, nested: undefined, eventName: undefined };
  mapEvent(event, options);
  mapEvent(event, undefined);
});

test('the event name cannot be kept in tags if custom events replace them', () => {
  mapEvent(event, { eventName: 'prefix', customEvents: { tags: 'keep' } });
  mapEvent(event, { customEvents: { tags: 'replace' } });
  // @ts-expect-error there are no tags to keep the name in
  mapEvent(event, { eventName: 'prefix', customEvents: { tags: 'replace' } });
});

test('options that do not exist, or mean nothing, do not compile', () => {
  // @ts-expect-error misspelled
  mapEvent(event, { inclued: ['plan'] });
  // @ts-expect-error not an array
  mapEvent(event, { include: 'plan' });
  // @ts-expect-error not one of the choices
  mapEvent(event, { nested: 'json' });
  // @ts-expect-error a hook returns a change or null
  mapEvent(event, { tag: () => 'plan' });
  // @ts-expect-error a hook is not asynchronous
  mapEvent(event, { tag: async () => ({ key: 'plan' }) });
  // @ts-expect-error a name is a string
  mapEvent(event, { segmentName: () => 5 });
});

test('unknown options do not compile, not even in a variable', () => {
  const options = { prefix: 'acme_', excludes: ['ssn'] };
  // @ts-expect-error misspelled
  defineMapping(options);
  // @ts-expect-error misspelled
  mapEvent(event, options);
  const within = { nested: { maxDepth: 2, maxTag: 5 } };
  // @ts-expect-error misspelled
  defineMapping(within);
  // @ts-expect-error misspelled
  mapEvent(event, within);
  const renamed = { rename: { plan: 'tier' }, dates: ['since'], customEvents: { only: ['Signed Up'] } };
  mapEvent(event, defineMapping(renamed));
  // @ts-expect-error misspelled
  defineMapping({ inclued: ['plan'] });
  // @ts-expect-error there are no tags to keep the name in
  defineMapping({ eventName: 'prefix', customEvents: { tags: 'replace' } });
});

test('options of any origin can be defined and passed', () => {
  const mapping: MappingOptions = {};
  mapEvent(event, mapping);
  mapEvent(event, defineMapping(mapping));
  const maybe: MappingOptions | undefined = Math.random() > 0.5 ? mapping : undefined;
  mapEvent(event, maybe);
  const defined = defineMapping({
    tag: (key, value) => ({ key: key.toUpperCase(), value }),
    segmentName: (key, { type }) => `${key} ${type}`,
    customEvents: { only: ({ event: name }) => name === 'Signed Up', tags: 'replace' },
    nested: { maxDepth: 2 },
    subscriptions: { email: true },
    integrations: { respect: 'Mine' },
    eventName: 'drop',
    alias: { label: 'crm_id' },
    group: true,
  });
  expectTypeOf(defined).toExtend<MappingOptions>();
  expectTypeOf(defined.segmentName).returns.toEqualTypeOf<string>();
  expectTypeOf<Parameters<typeof mapEvent>[1]>().toExtend<MappingOptions | undefined>();
});

test('functions for one kind of event accept only options about tags, even in a variable', () => {
  const misspelt = { prefix: 'acme_', excludes: ['ssn'] };
  const optIn = { prefix: 'acme_', customEvents: true };
  const fine = { prefix: 'acme_', exclude: ['ssn'] };
  const any: MappingOptions = fine;
  const tags: TagOptions = fine;
  identifyToTags(event, fine);
  audienceToSegment(event, tags);
  computedTraitToTags(event, undefined);
  identifyToTags(event, defineMapping({ exclude: ['ssn'] }));
  trackToTags({ type: 'track' }, { tag: (key) => ({ key }), user: ({ userId }) => ({ label: 'crm_id', id: userId }) });
  // @ts-expect-error misspelt
  identifyToTags(event, misspelt);
  // @ts-expect-error belongs to mapEvent
  trackToTags({ type: 'track' }, optIn);
  const alone = { excludes: ['ssn'] };
  // @ts-expect-error misspelt, and no other option
  identifyToTags(event, alone);
  // @ts-expect-error misspelt, and no other option
  mapEvent(event, alone);
  // @ts-expect-error misspelt, and no other option
  defineMapping(alone);
  // @ts-expect-error may hold opt-ins
  audienceToSegment(event, any);
  // @ts-expect-error misspelt
  computedTraitToTags(event, { nested: { depth: 2 } });
});

test('opt-ins that cannot work do not compile', () => {
  mapEvent(event, { customEvents: ['Order Completed'], page: 'custom_event', group: { prefix: 'account_' } });
  mapEvent(event, { customEvents: { only: ({ event: name }) => name !== undefined, tags: 'replace' } });
  mapEvent(event, {
    alias: { label: 'legacy_id' },
    profile: ['language'],
    subscriptions: { email: true },
    dates: 'auto',
  });
  // @ts-expect-error an alias needs a label
  mapEvent(event, { alias: true });
  // @ts-expect-error no such channel
  mapEvent(event, { subscriptions: { whatsapp: true } });
  // @ts-expect-error no such field
  mapEvent(event, { profile: ['city'] });
  // @ts-expect-error pages become custom events, or nothing
  mapEvent(event, { page: 'tags' });
  // @ts-expect-error not one of the choices
  mapEvent(event, { customEvents: { tags: 'drop' } });
  // @ts-expect-error there are no tags to keep the name in
  mapEvent(event, { eventName: { tag: 'last_event' }, customEvents: { only: ['A'], tags: 'replace' } });
  // @ts-expect-error a filter is not asynchronous
  mapEvent(event, { customEvents: async () => true });
  // @ts-expect-error not an array
  mapEvent(event, { consent: 'marketing' });
});

test('a switch over the status of a plan is exhaustive and narrows', () => {
  const plan = mapEvent(event);
  switch (plan.status) {
    case 'planned':
      expectTypeOf(plan).not.toHaveProperty('reason');
      break;
    case 'skipped':
      expectTypeOf(plan.reason).toBeString();
      break;
    case 'failed':
      expectTypeOf(plan.error).toEqualTypeOf<EventError>();
      break;
    default:
      expectTypeOf(plan).toBeNever();
  }
});

test('parseEvent returns an event or an error, and exposes no type of zod', () => {
  expectTypeOf(parseEvent).returns.toEqualTypeOf<
    { ok: true; event: SegmentEvent } | { ok: false; error: EventError }
  >();
});
