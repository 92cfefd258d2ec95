import type { Operation } from '../../onesignal/operation.js';
import { addSegment } from '../calls/audience-to-segment.js';
import type { Draft } from '../draft.js';
import { tagsPerRequest } from '../tags/tag-limit.js';

/**
 * The operations of an event: `update_user` once per 100 tags and profile fields (M11), `ensure_segment` if the
 * membership tag is still there (M13), then what the opt-ins add.
 */
export function allOperations(draft: Draft): Operation[] {
  const { user, subscriptions, others } = draft;
  const operations = addSegment(draft, updatesOf(draft));
  for (const subscription of subscriptions?.values() ?? [])
    operations.push({ type: 'add_subscription', user, subscription });
  return others.length === 0 ? operations : [...operations, ...others];
}

function updatesOf({ user, tags, profile = {} }: Draft): Operation[] {
  const profileSize = Object.keys(profile).length;
  if (tags.size + profileSize === 0) return [];
  return tagsPerRequest(tags, profileSize).map((part, index) => {
    const update: Operation = { type: 'update_user', user, tags: part };
    return index === 0 && profileSize > 0 ? { ...update, profile } : update;
  });
}
