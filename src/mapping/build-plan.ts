import { EventError } from '../errors.js';
import type { Alias, Operation, Profile } from '../onesignal/operation.js';
import type { Plan, PlanFields, SkipReason } from '../onesignal/plan.js';
import type { SegmentEvent } from '../segment/event.js';
import { happenedAt } from '../segment/timestamp.js';
import { type Draft, rank } from './draft.js';
import type { Settings } from './settings.js';
import { splitTags } from './tags/split.js';
import { keepWithinLimit } from './tags/tag-limit.js';
import { externalIdOf } from './user-id.js';

/** What one kind of event becomes: fills the draft, or says why nothing is sent. */
export type DraftRule = (draft: Draft) => SkipReason | undefined;

/**
 * Makes a plan by a rule: its fields, then the limit on tags (M12), then `update_user` once per 100 tags and profile fields
 * (M11), `ensure_segment` if the membership is still there (M13), and whatever the opt-ins add.
 *
 * Never throws: what a hook or a hostile input throws becomes a failed plan.
 *
 * @see {@link https://documentation.onesignal.com/reference/update-user | OneSignal: Update user}
 */
export function planFrom(event: SegmentEvent, settings: Settings, rule: DraftRule): Plan {
  const origin: Pick<PlanFields, 'messageId' | 'at'> = {};
  try {
    const { messageId } = event;
    const at = happenedAt(event);
    if (typeof messageId === 'string' && messageId !== '') origin.messageId = messageId;
    if (at !== undefined) origin.at = at;
    const draft: Draft = {
      event,
      settings,
      user: { label: 'external_id', id: externalIdOf(event.userId) ?? '' },
      at,
      tags: new Map(),
      others: [],
      dropped: [],
    };
    const reason = rule(draft);
    keepWithinLimit(draft);
    const operations = reason === undefined ? operationsOf(draft) : [];
    const { dropped, error } = draft;
    if (error !== undefined) return { status: 'failed', error, ...origin, operations, dropped };
    // Not by spreading: where it does not come first, engines copy slowly, and every event has a plan.
    return operations.length > 0
      ? Object.assign({ status: 'planned' } as const, origin, { operations, dropped })
      : { status: 'skipped', reason: reason ?? 'empty', ...origin, operations, dropped };
  } catch (thrown) {
    const error =
      thrown instanceof EventError
        ? thrown
        : new EventError('invalid_event', 'the event is invalid: reading one of its fields throws');
    return { status: 'failed', error, ...origin, operations: [], dropped: [] };
  }
}

function operationsOf({ user, tags, profile, segment, subscriptions, others }: Draft): Operation[] {
  const operations = updatesOf(user, tags, profile);
  // Whatever took the membership tag away takes its segment away.
  if (segment !== undefined && [...tags.values()].some((tag) => tag.rank === rank.membership)) operations.push(segment);
  for (const subscription of subscriptions?.values() ?? [])
    operations.push({ type: 'add_subscription', user, subscription });
  return others.length === 0 ? operations : [...operations, ...others];
}

function updatesOf(user: Alias, tags: Draft['tags'], profile: Profile = {}): Operation[] {
  const profileSize = Object.keys(profile).length;
  if (profileSize === 0) return splitTags(tags, 0).map((part) => ({ type: 'update_user', user, tags: part }));
  const [first = {}, ...rest] = splitTags(tags, profileSize);
  return [
    { type: 'update_user', user, tags: first, profile },
    ...rest.map((part): Operation => ({ type: 'update_user', user, tags: part })),
  ];
}
