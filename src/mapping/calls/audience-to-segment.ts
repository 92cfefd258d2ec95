import type { EnsureSegment, Operation } from '../../onesignal/operation.js';
import type { Plan, SkipReason } from '../../onesignal/plan.js';
import { tagRank } from '../../onesignal/tag-order.js';
import type { IdentifyEvent, TrackEvent } from '../../segment/event.js';
import { type Audience, audienceOf } from '../audience.js';
import { tagUpdates } from '../build-plan.js';
import type { ExactMapping } from '../define-mapping.js';
import { type Draft, drop } from '../draft.js';
import { skipReasonOfCall } from '../skip-reason.js';
import type { TagOptions } from '../tag-options.js';
import { addTag } from '../tags/add-tag.js';
import { isIdentifier } from '../tags/field-name.js';
import { type FieldRule, gatherTags } from '../tags/gather-tags.js';
import { isExcluded, membershipTagKey } from '../tags/tag-key.js';
import { callHook } from '../user-hook.js';
import { addCallExtras } from './call-extras.js';
import { mapTags } from './map-tags.js';

/** OneSignal's limit on the name of a segment. */
const maxNameCodePoints = 128;

/**
 * Maps the event of an Engage audience (M13, M14) to a membership tag, and to the segment of the users who have it.
 *
 * Shape: entering the audience becomes the tag `{ big_spenders: 'true' }`, then a segment named after the audience with
 * the filter `big_spenders = 'true'`. Leaving it becomes `{ big_spenders: '' }`, which removes the tag, and with it the
 * user from the segment.
 *
 * The other traits of an identify become tags. The other properties of a track are dropped with reason
 * `audience_property`, unless `audienceProperties` is `'tags'`. `audience_key` and `audience_name` are dropped with
 * reason `metadata`.
 *
 * @param event - A parsed identify or track.
 * @param options - Options for keys, values and which events are mapped. Others do not compile, even in a variable. An
 * option that removes the membership tag removes the segment too. `eventName` has no effect here.
 * @returns The plan. It is skipped with reason `unsupported_type` if the event is not about an audience, and with
 * `unknown_membership` if a track does not say whether the user is a member. Never throws.
 *
 * @example
 * audienceToSegment({
 *   type: 'identify',
 *   userId: 'u1',
 *   traits: { big_spenders: true },
 *   context: { personas: { computation_class: 'audience', computation_key: 'big_spenders' } },
 * }).operations;
 * // [{ type: 'update_user', user: { label: 'external_id', id: 'u1' }, tags: { big_spenders: 'true' } },
 * //  { type: 'ensure_segment', name: 'big_spenders',
 * //    filters: [{ field: 'tag', key: 'big_spenders', relation: '=', value: 'true' }] }]
 *
 * @see {@link https://segment.com/docs/connections/destinations/catalog/onesignal-new/#engage | Segment: OneSignal, Engage}
 */
export function audienceToSegment<const Options extends TagOptions = TagOptions>(
  event: IdentifyEvent | TrackEvent,
  options?: TagOptions & Options & ExactMapping<Options, TagOptions>,
): Plan {
  return mapTags(
    event,
    options,
    { name: 'audienceToSegment', types: ['identify', 'track'] },
    (draft) => {
      const audience = audienceOf(event);
      if (audience === undefined) return 'unsupported_type';
      return skipReasonOfCall(draft) ?? draftAudience(draft, event, audience);
    },
    (draft) => addSegment(draft, tagUpdates(draft)),
  );
}

/** M13, M14, M15a: the rule of {@link audienceToSegment}. */
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
    addCallExtras(draft, source, draft.optIns?.chosenTrack(draft, event));
    draft.optIns?.addUserDetails(draft);
    return undefined;
  }
  const chosen = draft.optIns?.chosenTrack(draft, event);
  if (event.type === 'track' && (chosen === undefined || draft.optIns?.canNameUser(draft) !== true))
    return 'unknown_membership';
  // The traits of an identify and the custom event of a track are true whether or not the user is a member.
  drop(draft, 'context.personas', 'unknown_membership');
  if (chosen === undefined) gatherTags(draft, source, prefix);
  addCallExtras(draft, source, chosen);
  draft.optIns?.addUserDetails(draft);
  return undefined;
}

/** M13, M16a: creates the segment after the tags, unless the membership tag was removed. */
export function addSegment({ segment, tags }: Draft, operations: Operation[]): Operation[] {
  if (segment !== undefined && [...tags.values()].some(({ rank }) => rank === tagRank.membership))
    operations.push(segment);
  return operations;
}

function addMembership(draft: Draft, audience: Audience, isMember: boolean): void {
  const { settings } = draft;
  const { path } = audience;
  const key = membershipTagKey(audience.key, settings);
  if (isIdentifier(audience.key)) drop(draft, path, 'identifier');
  else if (isExcluded(audience.key, settings)) drop(draft, path, 'excluded');
  else {
    addTag(draft, { key, value: isMember ? 'true' : '', path, rank: tagRank.membership });
    // Leaving an audience needs no segment: a user without the tag is in none.
    if (isMember) draft.segment = segmentOf(key, segmentNameOf(draft, audience));
  }
}

function segmentOf(key: string, name: string): EnsureSegment {
  return { type: 'ensure_segment', name, filters: [{ field: 'tag', key, relation: '=', value: 'true' }] };
}

/** M16: the option `segmentName`, else `audience_name`, which linked audiences send, else the key of the audience. */
function segmentNameOf({ event, settings: { segmentName } }: Draft, { key, source }: Audience): string {
  if (segmentName !== undefined) {
    const hook = { name: 'segmentName', expected: 'a string that is not blank', isExpected: isNotBlank };
    return cut(callHook(hook, () => segmentName(key, event)));
  }
  const name = Object.hasOwn(source.fields, 'audience_name') ? source.fields.audience_name : undefined;
  return cut(isNotBlank(name) ? name : key);
}

function isNotBlank(name: unknown): name is string {
  return typeof name === 'string' && name.trim() !== '';
}

function cut(name: string): string {
  // Comparing code units first avoids a copy of most names, and cutting them first a copy of a whole long one.
  if (name.length <= maxNameCodePoints) return name;
  return Array.from(name.slice(0, 2 * maxNameCodePoints))
    .slice(0, maxNameCodePoints)
    .join('');
}

/** M13: how fields other than the membership are treated. */
function audienceRule({ event, settings }: Draft, key: string): FieldRule {
  const dropsOthers = event.type === 'track' && settings.audienceProperties !== 'tags';
  return (name) => {
    if (name === key) return 'used';
    if (name === 'audience_key' || name === 'audience_name') return 'metadata';
    // An email address stays `identifier`: `audienceProperties` would not let it through either.
    return dropsOthers && !isIdentifier(name) ? 'audience_property' : undefined;
  };
}
