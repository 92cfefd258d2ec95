import type { EnsureSegment } from '../../onesignal/operation.js';
import type { Plan, SkipReason } from '../../onesignal/plan.js';
import type { IdentifyEvent, TrackEvent } from '../../segment/event.js';
import { type Audience, audienceOf } from '../audience.js';
import { planFrom } from '../build-plan.js';
import { type Draft, drop, rank } from '../draft.js';
import type { MappingOptions } from '../options.js';
import { prepare } from '../settings.js';
import { refusedCall } from '../skip-reason.js';
import { addTag } from '../tags/add-tag.js';
import { isIdentifier } from '../tags/field-name.js';
import { type FieldRule, gatherTags } from '../tags/gather-tags.js';
import { isExcluded, membershipKey } from '../tags/tag-key.js';
import { segmentNameOf } from './segment-name.js';
import { addTrackEvent, isCustomEvent } from './track-event.js';
import { dropUnreadTraits } from './unread-traits.js';
import { addUserDetails } from './user-details.js';

/**
 * M13, M14: turns an Engage audience's event into a membership tag and the segment that selects it.
 *
 * Shape: entered becomes the tag `{ big_spenders: 'true' }`, then the segment named after the audience with the filter
 * `big_spenders = 'true'`; exited becomes `{ big_spenders: '' }`, which removes the tag and so the user from the segment.
 * An identify's other traits become tags; a track's other properties are dropped `audience_property`, unless
 * `audienceProperties: 'tags'`. Dropped `metadata`: `audience_key`, `audience_name`.
 *
 * @param event - A parsed identify or track.
 * @param mapping - Keys, names and limits; whatever removes the membership tag removes the segment too.
 * @returns The plan; skipped `unsupported_type` where the event is no audience's, `unknown_membership` where a track does
 * not say whether the user is a member. Never throws.
 *
 * @example
 * audienceToSegment({
 *   type: 'identify',
 *   userId: 'u1',
 *   traits: { big_spenders: true },
 *   context: { personas: { computation_class: 'audience', computation_key: 'big_spenders' } },
 * }).operations;
 * // [{ type: 'update_user', user: { label: 'external_id', id: 'u1' }, tags: { big_spenders: 'true' } },
 * //  { type: 'ensure_segment', name: 'big_spenders', filters: [{ field: 'tag', key: 'big_spenders', relation: '=', value: 'true' }] }]
 *
 * @see {@link https://segment.com/docs/connections/destinations/catalog/onesignal-new/#engage | Segment: OneSignal, Engage}
 */
export function audienceToSegment(event: IdentifyEvent | TrackEvent, mapping?: MappingOptions): Plan {
  const settings = prepare(mapping);
  return planFrom(event, settings, (draft) => {
    const audience = audienceOf(event);
    if (audience === undefined) return 'unsupported_type';
    return refusedCall(event, settings) ?? draftAudience(draft, event, audience);
  });
}

/** M13, M14 and M15a as a rule. */
export function draftAudience(
  draft: Draft,
  event: IdentifyEvent | TrackEvent,
  audience: Audience,
): SkipReason | undefined {
  const { isMember, source } = audience;
  const { prefix } = draft.settings;
  if (isMember !== undefined) {
    addMembership(draft, audience, isMember);
    gatherTags(draft, source, prefix, audienceRule(draft, audience.key));
    dropUnreadTraits(draft, event, source);
    if (isCustomEvent(draft, event)) addTrackEvent(draft, event, source);
    return addUserDetails(draft);
  }
  const isEvent = isCustomEvent(draft, event);
  if (event.type === 'track' && !isEvent) return 'unknown_membership';
  // An identify's traits are true whatever became of the membership, and so is what a custom event tells.
  drop(draft, 'context.personas', 'unknown_membership');
  if (isEvent) {
    dropUnreadTraits(draft, event, source);
    addTrackEvent(draft, event, source);
  } else gatherTags(draft, source, prefix);
  return addUserDetails(draft);
}

function addMembership(draft: Draft, audience: Audience, isMember: boolean): void {
  const { event, settings } = draft;
  const { path } = audience;
  const key = membershipKey(audience.key, settings);
  if (isIdentifier(audience.key)) drop(draft, path, 'identifier');
  else if (isExcluded(audience.key, settings)) drop(draft, path, 'excluded');
  else {
    addTag(draft, { key, value: isMember ? 'true' : '', path, rank: rank.membership });
    // A removal needs no segment: whoever has no tag is in none.
    if (isMember) draft.segment = segmentOf(key, segmentNameOf(audience, event, settings));
  }
}

function segmentOf(key: string, name: string): EnsureSegment {
  return { type: 'ensure_segment', name, filters: [{ field: 'tag', key, relation: '=', value: 'true' }] };
}

/** M13: what an audience's event says of its fields besides the membership. */
function audienceRule({ event, settings }: Draft, key: string): FieldRule {
  const dropsOthers = event.type === 'track' && settings.audienceProperties !== 'tags';
  return (name) => {
    if (name === key) return 'used';
    if (name === 'audience_key' || name === 'audience_name') return 'metadata';
    // An e-mail address stays `identifier`: no option would let it through.
    return dropsOthers && !isIdentifier(name) ? 'audience_property' : undefined;
  };
}
