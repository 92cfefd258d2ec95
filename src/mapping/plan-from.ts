import { EventError } from '../errors.js';
import type { Operation } from '../onesignal/operation.js';
import type { Plan, PlanFields } from '../onesignal/plan.js';
import type { SegmentEvent } from '../segment/event.js';
import { isRecord } from '../segment/recognise.js';
import { happenedAt } from '../segment/timestamp.js';
import { type Draft, emptyDraft } from './draft.js';
import { skipReasonOf } from './gate.js';
import type { Settings } from './settings.js';
import { splitTags } from './split.js';
import { keepWithinLimit } from './tag-limit.js';
import { externalIdOf } from './user-id.js';

/**
 * M1 and the order of the rules: first whatever skips the whole event, then its fields, then the limit on tags (M12).
 *
 * Throws only what a hook or a hostile input throws.
 *
 * @param rule - What this kind of event becomes: fills the draft, or says why nothing is sent.
 *
 * @see {@link https://segment.com/docs/connections/destinations/catalog/onesignal-new/ | Segment: OneSignal}
 */
export function draftFrom(event: SegmentEvent, settings: Settings, rule: (draft: Draft) => void): Draft {
  const draft = emptyDraft(skipReasonOf(event, settings));
  if (draft.skip !== undefined) return draft;
  rule(draft);
  keepWithinLimit(draft, settings.tagLimit);
  if (draft.skip === undefined && draft.tags.size === 0) draft.skip = 'empty';
  return draft;
}

/**
 * A draft as a plan: `update_user` once per 100 tags (M11), then `ensure_segment` if the membership is still there (M13).
 *
 * Never throws: what `makeDraft` throws becomes a failed plan.
 *
 * @see {@link https://documentation.onesignal.com/reference/update-user | OneSignal: Update user}
 */
export function planFrom(event: SegmentEvent, makeDraft: () => Draft): Plan {
  let origin: Pick<PlanFields, 'messageId' | 'at'> = {};
  try {
    if (!isRecord(event)) throw new EventError('invalid_event', 'the event is invalid: give it to parseEvent first');
    origin = originOf(event);
    const draft = makeDraft();
    const { skip, dropped } = draft;
    if (skip !== undefined) return { status: 'skipped', reason: skip, ...origin, operations: [], dropped };
    return { status: 'planned', ...origin, operations: operationsOf(draft, externalIdOf(event) ?? ''), dropped };
  } catch (thrown) {
    const error =
      thrown instanceof EventError
        ? thrown
        : new EventError('invalid_event', 'the event is invalid: reading one of its fields throws');
    return { status: 'failed', error, ...origin, operations: [], dropped: [] };
  }
}

function originOf(event: SegmentEvent): Pick<PlanFields, 'messageId' | 'at'> {
  const { messageId } = event;
  const at = happenedAt(event);
  return {
    ...(typeof messageId === 'string' && messageId !== '' ? { messageId } : {}),
    ...(at === undefined ? {} : { at }),
  };
}

function operationsOf({ tags, segment }: Draft, id: string): Operation[] {
  const operations: Operation[] = splitTags(tags).map((part) => ({
    type: 'update_user',
    user: { label: 'external_id', id },
    tags: part,
  }));
  if (segment !== undefined && tags.has(segment.key))
    operations.push({
      type: 'ensure_segment',
      name: segment.name,
      filters: [{ field: 'tag', key: segment.key, relation: '=', value: 'true' }],
    });
  return operations;
}
