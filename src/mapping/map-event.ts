import type { Plan, SkipReason } from '../onesignal/plan.js';
import type { IdentifyEvent, SegmentEvent, TrackEvent } from '../segment/event.js';
import { wrongType } from '../segment/wrong-type.js';
import { audienceOf, isComputedTrait } from './audience.js';
import { planFrom } from './build-plan.js';
import { draftAlias } from './calls/alias-to-alias.js';
import { draftAudience } from './calls/audience-to-segment.js';
import { draftComputedTrait } from './calls/computed-trait-to-tags.js';
import { draftGroup } from './calls/group-to-tags.js';
import { draftIdentify } from './calls/identify-to-tags.js';
import { draftTrack } from './calls/track-to-tags.js';
import { reportUnreadFields } from './calls/unread-fields.js';
import { draftView } from './calls/view-to-custom-event.js';
import type { ExactMapping } from './define-mapping.js';
import type { Draft } from './draft.js';
import { mappingRule } from './mapping-rules.js';
import { allOperations } from './opt-ins/operations.js';
import { optIns } from './opt-ins/opt-ins.js';
import { prepare } from './opt-ins/prepare.js';
import type { MappingOptions } from './options.js';
import { prepareOnce } from './prepare-once.js';
import { skipReasonOfCall, skipReasonOfDeletion } from './skip-reason.js';

/** Maps events with options that were prepared once. */
export interface Mapper {
  /** Maps an event. Never throws. */
  map(event: SegmentEvent): MappedEvent;
}

/** A plan, and where its parts came from. */
export interface MappedEvent {
  readonly plan: Plan;
  /**
   * Paths of the fields that the plan's parts came from, dotted from the root of the event. By the key of a tag, or by
   * the keys of `operation-keys.ts` for profile fields, subscriptions, aliases and purchases. Empty if nothing is
   * planned.
   *
   * Computed on the first call, because it is needed only if delivery drops a part.
   */
  tagPaths(): ReadonlyMap<string, string>;
}

/**
 * Maps a Segment event to a plan: what to change in OneSignal, what is left out, and why.
 *
 * Pure: it reads no clock, does no I/O and does not modify the event. The same event always gives the same plan.
 *
 * It chooses among `identifyToTags`, `trackToTags`, `audienceToSegment` and `computedTraitToTags`. Other calls are
 * skipped with reason `unsupported_type` unless you turn them on with `page`, `screen`, `group`, `alias` or
 * `deleteUsers`.
 *
 * @param event - A parsed event.
 * @param mapping - Mapping options. Unknown ones do not compile, even in a variable.
 * @returns The plan. If the options are invalid, it fails with `invalid_mapping`; if a hook throws, with `hook_failed`.
 * Never throws.
 *
 * @example
 * mapEvent({ type: 'identify', messageId: 'm1', userId: 'u1', traits: { plan: 'pro', address: { city: 'Graz' } } });
 * // { status: 'planned', messageId: 'm1',
 * //   operations: [{ type: 'update_user', user: { label: 'external_id', id: 'u1' }, tags: { plan: 'pro' } }],
 * //   dropped: [{ path: 'traits.address', reason: 'nested' }] }
 *
 * @see {@link https://segment.com/docs/connections/destinations/catalog/onesignal-new/ | Segment: OneSignal}
 */
export function mapEvent<const Options extends MappingOptions = MappingOptions>(
  event: SegmentEvent,
  mapping?: MappingOptions & Options & ExactMapping<Options>,
): Plan {
  return planFrom(
    event,
    () => (mapping === undefined ? prepare() : checkAndPrepare(mapping)),
    (draft) => draftEvent(draft, event),
    allOperations,
    optIns,
  );
}

/**
 * Creates a mapper for many events, which prepares the options once.
 *
 * @internal
 */
export function createMapper(mapping?: MappingOptions): Mapper {
  const settings = prepare(mapping);
  return {
    map(event) {
      let drafted: Draft | undefined;
      let paths: ReadonlyMap<string, string> | undefined;
      const fill = (draft: Draft) => {
        drafted = draft;
        return draftEvent(draft, event);
      };
      const plan = planFrom(event, () => settings, fill, allOperations, optIns);
      return {
        plan,
        tagPaths() {
          paths ??= drafted === undefined || plan.operations.length === 0 ? new Map() : pathsOf(drafted);
          return paths;
        },
      };
    },
  };
}

const checkAndPrepare = /* @__PURE__ */ prepareOnce(mappingRule, prepare);

function pathsOf({ tags, paths: otherPaths }: Draft): ReadonlyMap<string, string> {
  const paths = new Map(otherPaths);
  for (const { key, path } of tags.values()) paths.set(key, path);
  return paths;
}

/** M18: calls other than identify and track are mapped only if they are turned on. */
function draftEvent(draft: Draft, event: SegmentEvent): SkipReason | undefined {
  const { settings } = draft;
  switch (event.type) {
    case 'identify':
    case 'track':
      return skipReasonOfCall(draft) ?? draftCall(draft, event);
    case 'page':
    case 'screen':
      if (settings[event.type] === undefined) return 'unsupported_type';
      return skipReasonOfCall(draft) ?? draftView(draft, event);
    case 'group':
      if (settings.groupPrefix === undefined) return 'unsupported_type';
      return skipReasonOfCall(draft) ?? draftGroup(draft, event, settings.groupPrefix);
    case 'alias':
      if (settings.alias === undefined) return 'unsupported_type';
      return skipReasonOfCall(draft) ?? draftAlias(draft, event, settings.alias);
    case 'delete':
      if (settings.deleteUsers !== true) return 'unsupported_type';
      return skipReasonOfDeletion(draft) ?? draftDeletion(draft);
    case 'other':
      return 'unsupported_type';
    default:
      return skipUnparsed(event);
  }
}

/** Only an event that was not parsed gets here. Skipping a `Track` would lose it silently, as `parseEvent` would not. */
function skipUnparsed({ type }: { readonly type?: unknown }): SkipReason {
  const error = wrongType(type);
  if (error !== undefined) throw error;
  return 'unsupported_type';
}

function draftCall(draft: Draft, event: IdentifyEvent | TrackEvent): SkipReason | undefined {
  const audience = audienceOf(event);
  if (audience !== undefined) return draftAudience(draft, event, audience);
  if (isComputedTrait(event)) return draftComputedTrait(draft, event);
  return event.type === 'track' ? draftTrack(draft, event) : draftIdentify(draft, event);
}

/** S5, option `deleteUsers`. */
function draftDeletion(draft: Draft): undefined {
  draft.others.push({ type: 'delete_user', user: draft.user });
  reportUnreadFields(draft);
}
