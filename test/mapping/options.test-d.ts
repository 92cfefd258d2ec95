import { expectTypeOf, test } from 'vitest';
import type { EventError } from '../../src/errors.js';
import { mapEvent } from '../../src/mapping/map-event.js';
import type { MappingOptions } from '../../src/mapping/options.js';
import type { SegmentEvent } from '../../src/segment/event.js';
import { parseEvent } from '../../src/segment/parse.js';

const event: SegmentEvent = { type: 'identify', userId: 'u1', traits: { plan: 'pro' } };

test('every option may be given as undefined', () => {
  const options: MappingOptions = { include: undefined, tag: undefined, nested: undefined, eventName: undefined };
  mapEvent(event, options);
  mapEvent(event, undefined);
});

test('the event’s name cannot be kept in tags where custom events replace them', () => {
  mapEvent(event, { eventName: 'prefix', customEvents: { tags: 'keep' } });
  mapEvent(event, { customEvents: { tags: 'replace' } });
  // @ts-expect-error there are no tags to keep the name in
  mapEvent(event, { eventName: 'prefix', customEvents: { tags: 'replace' } });
});

test('options that do not exist, or mean nothing, do not compile', () => {
  // @ts-expect-error misspelt
  mapEvent(event, { inclued: ['plan'] });
  // @ts-expect-error one name is no list
  mapEvent(event, { include: 'plan' });
  // @ts-expect-error no such way
  mapEvent(event, { nested: 'json' });
  // @ts-expect-error a hook answers with a change or null
  mapEvent(event, { tag: () => 'plan' });
  // @ts-expect-error a hook is not asynchronous
  mapEvent(event, { tag: async () => ({ key: 'plan' }) });
  // @ts-expect-error a name is a text
  mapEvent(event, { segmentName: () => 5 });
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

test('parseEvent gives an event or an error, and zod stays inside', () => {
  expectTypeOf(parseEvent).returns.toEqualTypeOf<
    { ok: true; event: SegmentEvent } | { ok: false; error: EventError }
  >();
});
