import type { Plan } from '../onesignal/plan.js';
import type { IdentifyEvent, TrackEvent } from '../segment/event.js';
import { type Audience, audienceOf } from './audience.js';
import { drop, emptyDraft, rank } from './draft.js';
import { isIdentifier } from './field-name.js';
import { type FieldRule, gatherTags } from './gather-tags.js';
import { addTag, type Gathering } from './offer-tag.js';
import type { MappingOptions } from './options.js';
import { draftFrom, planFrom } from './plan-from.js';
import { segmentNameOf } from './segment-name.js';
import { prepare, type Settings } from './settings.js';
import { isExcluded, membershipKey } from './tag-key.js';

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
  return planFrom(event, () => {
    const audience = audienceOf(event);
    if (audience === undefined) return emptyDraft('unsupported_type');
    const settings = prepare(mapping);
    return draftFrom(event, settings, (draft) => draftAudience({ draft, event, settings }, audience));
  });
}

/** M13, M14 and M15a as a rule. */
export function draftAudience(gathering: Gathering, audience: Audience): void {
  const { draft, event } = gathering;
  if (audience.isMember !== undefined) {
    addMembership(gathering, audience, audience.isMember);
    gatherTags(gathering, audience.source, { rule: audienceRule(gathering, audience.key) });
  } else if (event.type === 'track') draft.skip = 'unknown_membership';
  else {
    // M15a: the traits are true whatever became of the membership.
    drop(draft, 'context.personas', 'unknown_membership');
    gatherTags(gathering, audience.source);
  }
}

function addMembership({ draft, event, settings }: Gathering, audience: Audience, isMember: boolean): void {
  const refused = refusedMembership(audience.key, settings);
  const key = membershipKey(audience.key, settings);
  const value = isMember ? 'true' : '';
  if (refused === undefined) addTag(draft, { key, value, path: audience.path, rank: rank.membership, prevails: true });
  else drop(draft, audience.path, refused);
  // A removal needs no segment: whoever has no tag is in none.
  if (isMember && draft.tags.has(key)) draft.segment = { name: segmentNameOf(audience, event, settings), key };
}

function refusedMembership(key: string, settings: Settings): 'identifier' | 'excluded' | undefined {
  if (isIdentifier(key)) return 'identifier';
  return isExcluded(key, settings) ? 'excluded' : undefined;
}

/** M13: what an audience's event says of its fields besides the membership. */
function audienceRule({ event, settings }: Gathering, key: string): FieldRule {
  const dropsOthers = event.type === 'track' && !settings.keepsAudienceProperties;
  return (name) => {
    if (name === key) return 'used';
    if (name === 'audience_key' || name === 'audience_name') return 'metadata';
    // An e-mail address stays `identifier`: no option would let it through.
    return dropsOthers && !isIdentifier(name) ? 'audience_property' : undefined;
  };
}
