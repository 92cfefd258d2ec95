import { type Plan, profileKey, type SkipReason } from '../onesignal/plan.js';
import type { IdentifyEvent, SegmentEvent, TrackEvent } from '../segment/event.js';
import { audienceOf } from './audience.js';
import { planFrom } from './build-plan.js';
import { draftAlias } from './calls/alias-to-alias.js';
import { draftAudience } from './calls/audience-to-segment.js';
import { draftComputedTrait, isComputedTrait } from './calls/computed-trait-to-tags.js';
import { draftGroup } from './calls/group-to-tags.js';
import { draftIdentify } from './calls/identify-to-tags.js';
import { draftTrack } from './calls/track-to-tags.js';
import { draftView } from './calls/view-to-custom-event.js';
import { draftDeletion } from './delete-to-deletion.js';
import type { Draft } from './draft.js';
import type { MappingOptions } from './options.js';
import { prepare, type Settings } from './settings.js';
import { refusedCall, refusedDeletion } from './skip-reason.js';

/** Mapping with its options made ready. */
export interface Mapper {
  /** The plan of an event; never throws. */
  mapEvent(event: SegmentEvent): Plan;
  /** From the key of each tag in the event's plan, and each field of the profile as `profile/language`, to the field that it came from, dotted from the event's root. */
  tagPaths(event: SegmentEvent): ReadonlyMap<string, string>;
}

/**
 * Turns a Segment event into a plan: what will be asked of OneSignal, what is left out and why.
 *
 * Pure: no clock, no network, the same event gives the same plan, and the event stays as it is. Chooses among
 * `identifyToTags`, `trackToTags`, `audienceToSegment` and `computedTraitToTags`; other calls are skipped
 * `unsupported_type` unless an option switches them on (`page`, `screen`, `group`, `alias`, `deleteUsers`).
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
  return planOf(event, prepare(mapping));
}

/**
 * Mapping for many events: makes the options ready once.
 *
 * @internal
 */
export function createMapper(mapping?: MappingOptions): Mapper {
  const settings = prepare(mapping);
  return {
    mapEvent: (event) => planOf(event, settings),
    tagPaths: (event) => pathsOf(event, settings),
  };
}

/**
 * From the key of each tag in the event's plan, and each field of the profile as `profile/language`, to the field that it
 * came from; empty where nothing is planned.
 *
 * @internal
 */
export function tagPaths(event: SegmentEvent, mapping?: MappingOptions): ReadonlyMap<string, string> {
  return pathsOf(event, prepare(mapping));
}

function planOf(event: SegmentEvent, settings: Settings): Plan {
  return planFrom(event, settings, (draft) => draftEvent(draft, event));
}

function pathsOf(event: SegmentEvent, settings: Settings): ReadonlyMap<string, string> {
  let drafted: Draft | undefined;
  const plan = planFrom(event, settings, (draft) => {
    drafted = draft;
    return draftEvent(draft, event);
  });
  if (drafted === undefined || plan.operations.length === 0) return new Map();
  return new Map([
    ...[...(drafted.profilePaths ?? [])].map(([field, path]): [string, string] => [profileKey(field), path]),
    ...[...drafted.tags.values()].map(({ key, path }): [string, string] => [key, path]),
  ]);
}

/**
 * M18: which rule an event falls under; calls but identify and track only where they are opted in.
 *
 * Where the rules are: M1 `user-id`, M2 `identify-to-tags`, M3 `track-to-tags`, `fields` and `event-name`, M4 and M5
 * `field-name`, M6 to M8 `tag-value`, M9 `flatten`, M10 and M16a `tag-key`, M11 `split`, M12 `tag-limit`, M13 and M14
 * `audience-to-segment`, M15 and M15a `audience`, M16 `segment-name`, M17 `computed-trait-to-tags`, M19 `loop`, M20
 * `integrations`; S1 `subscription`, `subscription-state`, `push-subscription` and `contact`, S2 `custom-event`,
 * `track-event`, `event-choice` and `idempotency-key`, S3 `profile` and `language`, S4 `group-to-tags`,
 * `view-to-custom-event` and `alias-to-alias`, S5 `delete-to-deletion`, S6 `purchases` and `money`, S7 `consent`, S8
 * `dates`; their order `refusal`, `gather-tags` and `plan-from`.
 */
function draftEvent(draft: Draft, event: SegmentEvent): SkipReason | undefined {
  const { settings } = draft;
  switch (event.type) {
    case 'identify':
    case 'track':
      return refusedCall(event, settings) ?? draftCall(draft, event);
    case 'page':
    case 'screen':
      if (settings[event.type] === undefined) return 'unsupported_type';
      return refusedCall(event, settings) ?? draftView(draft, event);
    case 'group':
      if (settings.groupPrefix === undefined) return 'unsupported_type';
      return refusedCall(event, settings) ?? draftGroup(draft, event, settings.groupPrefix);
    case 'alias':
      if (settings.alias === undefined) return 'unsupported_type';
      return refusedCall(event, settings) ?? draftAlias(draft, event, settings.alias);
    case 'delete':
      if (settings.deleteUsers !== true) return 'unsupported_type';
      return refusedDeletion(event, settings) ?? draftDeletion(draft);
    default:
      return 'unsupported_type';
  }
}

function draftCall(draft: Draft, event: IdentifyEvent | TrackEvent): SkipReason | undefined {
  const audience = audienceOf(event);
  if (audience !== undefined) return draftAudience(draft, event, audience);
  if (isComputedTrait(event)) return draftComputedTrait(draft, event);
  return event.type === 'track' ? draftTrack(draft, event) : draftIdentify(draft, event);
}
