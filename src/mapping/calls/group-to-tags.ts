import type { GroupEvent } from '../../segment/event.js';
import { type Draft, drop, rank } from '../draft.js';
import { traitsOf } from '../fields.js';
import { offerTag } from '../tags/add-tag.js';
import { gatherTags } from '../tags/gather-tags.js';
import { isExcluded, tagKey } from '../tags/tag-key.js';
import { isBlank } from '../tags/tag-value.js';

/**
 * S4, option `group`: the account that a user belongs to becomes the tag `group_id`, its traits become tags after a prefix.
 *
 * Shape: `groupId: 'g1'` with `{ plan: 'team' }` becomes `{ group_id: 'g1', group_plan: 'team' }`. The account's `email` and
 * `phone` are dropped `identifier`. Segment has no call by which a user leaves a group: a user has the last one.
 *
 * @see {@link https://segment.com/docs/connections/spec/group/ | Segment Spec: Group}
 */
export function draftGroup(draft: Draft, event: GroupEvent, groupPrefix: string): undefined {
  const { settings } = draft;
  const { groupId } = event;
  if (!isBlank(groupId)) {
    if (isExcluded('groupId', settings)) drop(draft, 'groupId', 'excluded');
    else offerTag(draft, tagKey('groupId', 'group_id', settings.prefix, settings), groupId, 'groupId', rank.other);
  }
  gatherTags(draft, traitsOf(event), settings.prefix + groupPrefix);
}
