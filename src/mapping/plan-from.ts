import { EventError } from '../errors.js';
import type { Operation } from '../onesignal/operation.js';
import type { Plan, PlanFields, SkipReason } from '../onesignal/plan.js';
import type { SegmentEvent } from '../segment/event.js';
import { happenedAt } from '../segment/timestamp.js';
import { type Draft, rank } from './draft.js';
import type { Settings } from './settings.js';
import { splitTags } from './split.js';
import { keepWithinLimit } from './tag-limit.js';
import { externalIdOf } from './user-id.js';

/** What one kind of event becomes: fills the draft, or says why nothing is sent. */
export type DraftRule = (draft: Draft) => SkipReason | undefined;

/**
 * Makes a plan by a rule: its fields, then the limit on tags (M12), then `update_user` once per 100 tags (M11) and, if the
 * membership is still there, `ensure_segment` (M13).
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
    const dropped: PlanFields['dropped'] = [];
    const draft: Draft = { event, settings, tags: new Map(), dropped };
    const reason = rule(draft);
    keepWithinLimit(draft);
    const id = externalIdOf(event.userId);
    const operations = id === undefined || draft.tags.size === 0 ? [] : operationsOf(draft, id);
    return reason === undefined && operations.length > 0
      ? { status: 'planned', ...origin, operations, dropped }
      : { status: 'skipped', reason: reason ?? 'empty', ...origin, operations, dropped };
  } catch (thrown) {
    const error =
      thrown instanceof EventError
        ? thrown
        : new EventError('invalid_event', 'the event is invalid: reading one of its fields throws');
    return { status: 'failed', error, ...origin, operations: [], dropped: [] };
  }
}

function operationsOf({ tags, segment }: Draft, id: string): Operation[] {
  const operations: Operation[] = splitTags(tags).map((part) => ({
    type: 'update_user',
    user: { label: 'external_id', id },
    tags: part,
  }));
  // Whatever took the membership tag away takes its segment away.
  if (segment !== undefined && [...tags.values()].some((tag) => tag.rank === rank.membership)) operations.push(segment);
  return operations;
}
