import { tagRank } from '../../onesignal/tag-order.js';
import type { GroupEvent } from '../../segment/event.js';
import { type Draft, drop } from '../draft.js';
import { traitsOf } from '../fields.js';
import { offerTag } from '../tags/add-tag.js';
import { gatherTags } from '../tags/gather-tags.js';
import { isExcluded, tagKey } from '../tags/tag-key.js';
import { isBlank } from '../tags/tag-value.js';
import { reportUnreadFields } from './unread-fields.js';

/**
 * S4, option `group`: the group of a user becomes the tag `group_id`, its traits become tags with a prefix.
 *
 * Shape: `groupId: 'g1'` with `{ plan: 'team' }` becomes `{ group_id: 'g1', group_plan: 'team' }`. The group's `email`
 * and `phone` are dropped with reason `identifier`. Segment has no call for leaving a group, so a user keeps the latest
 * one.
 *
 * @see {@link https://segment.com/docs/connections/spec/group/ | Segment Spec: Group}
 */
export function draftGroup(draft: Draft, event: GroupEvent, groupPrefix: string): undefined {
  const { settings } = draft;
  const { groupId } = event;
  if (!isBlank(groupId)) {
    if (isExcluded('groupId', settings)) drop(draft, 'groupId', 'excluded');
    else offerTag(draft, tagKey('groupId', 'group_id', settings.prefix, settings), groupId, 'groupId', tagRank.other);
  }
  gatherTags(draft, traitsOf(event), settings.prefix + groupPrefix);
  reportUnreadFields(draft, 'traits');
}
