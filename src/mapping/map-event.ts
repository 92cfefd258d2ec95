import type { Plan } from '../onesignal/plan.js';
import type { SegmentEvent } from '../segment/event.js';
import { audienceOf } from './audience.js';
import { draftAudience } from './audience-to-segment.js';
import { draftComputedTrait, isComputedTrait } from './computed-trait-to-tags.js';
import { type Draft, emptyDraft } from './draft.js';
import { draftIdentify } from './identify-to-tags.js';
import type { MappingOptions } from './options.js';
import { draftFrom, planFrom } from './plan-from.js';
import { prepare, type Settings } from './settings.js';
import { draftTrack } from './track-to-tags.js';

/** Mapping with its options made ready. */
export interface Mapper {
  /** The plan of an event; never throws. */
  mapEvent(event: SegmentEvent): Plan;
  /** From the key of each tag in the event's plan to the field that it came from, dotted from the event's root. */
  tagPaths(event: SegmentEvent): ReadonlyMap<string, string>;
}

/**
 * Turns a Segment event into a plan: what will be asked of OneSignal, what is left out and why.
 *
 * Pure: no clock, no network, the same event gives the same plan, and the event stays as it is. Chooses among
 * `identifyToTags`, `trackToTags`, `audienceToSegment` and `computedTraitToTags`; other calls are skipped
 * `unsupported_type`.
 *
 * @param event - A parsed event.
 * @param mapping - Keys, values, names and limits.
 * @returns The plan; failed with `hook_failed` where a hook of yours throws. Never throws.
 *
 * @example
 * mapEvent({ type: 'identify', messageId: 'm1', userId: 'u1', traits: { plan: 'pro', address: { city: 'Graz' } } });
 * // { status: 'planned', messageId: 'm1',
 * //   operations: [{ type: 'update_user', user: { label: 'external_id', id: 'u1' }, tags: { plan: 'pro' } }],
 * //   dropped: [{ path: 'traits.address', reason: 'nested' }] }
 *
 * @see {@link https://segment.com/docs/connections/destinations/catalog/onesignal-new/ | Segment: OneSignal}
 */
export function mapEvent(event: SegmentEvent, mapping?: MappingOptions): Plan {
  return planFrom(event, () => draftOf(event, prepare(mapping)));
}

/**
 * Mapping for many events: makes the options ready once.
 *
 * @internal
 */
export function createMapper(mapping?: MappingOptions): Mapper {
  const settings = prepare(mapping);
  return {
    mapEvent: (event) => planFrom(event, () => draftOf(event, settings)),
    tagPaths: (event) => pathsOf(event, settings),
  };
}

/**
 * From the key of each tag in the event's plan to the field that it came from; empty where nothing is planned.
 *
 * @internal
 */
export function tagPaths(event: SegmentEvent, mapping?: MappingOptions): ReadonlyMap<string, string> {
  return pathsOf(event, prepare(mapping));
}

function pathsOf(event: SegmentEvent, settings: Settings): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  planFrom(event, () => {
    const draft = draftOf(event, settings);
    for (const { key, path } of draft.tags.values()) paths.set(key, path);
    return draft;
  });
  return paths;
}

/** M18: which rule an event falls under. */
function draftOf(event: SegmentEvent, settings: Settings): Draft {
  if (event.type !== 'identify' && event.type !== 'track') return emptyDraft('unsupported_type');
  const audience = audienceOf(event);
  return draftFrom(event, settings, (draft) => {
    const gathering = { draft, event, settings };
    if (audience !== undefined) draftAudience(gathering, audience);
    else if (isComputedTrait(event)) draftComputedTrait(gathering);
    else if (event.type === 'track') draftTrack(gathering, event);
    else draftIdentify(gathering);
  });
}
