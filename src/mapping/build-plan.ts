import { ConfigurationError, EventError } from '../errors.js';
import type { Alias, Operation, Profile } from '../onesignal/operation.js';
import type { Plan, PlanFields, SkipReason } from '../onesignal/plan.js';
import { tagRank } from '../onesignal/tag-order.js';
import type { SegmentEvent } from '../segment/event.js';
import { happenedAt } from '../segment/timestamp.js';
import { type Draft, nobody, type OptIns } from './draft.js';
import { type CauseOf, namedCause } from './hook-cause.js';
import type { Settings } from './settings.js';
import { keepWithinLimit, tagsPerRequest } from './tags/tag-limit.js';
import { HookThrew } from './user-hook.js';

const maxMessageIdCharacters = 256;

/** Fills the draft of an event, or returns the reason why nothing is sent for it. */
export type DraftRule = (draft: Draft) => SkipReason | undefined;

/**
 * Builds the plan of an event: `update_user` once per 100 tags and profile fields (M11), `ensure_segment` if the
 * membership tag is still there (M13), then what the opt-ins add.
 *
 * Never throws: if the options cannot work, or a hook or a hostile input throws, the plan fails.
 *
 * @param prepare - Prepares the options of the call.
 */
export function planFrom(event: SegmentEvent, prepare: () => Settings, rule: DraftRule, optIns?: OptIns): Plan {
  const origin: Pick<PlanFields, 'messageId' | 'at'> = {};
  try {
    const { messageId } = event;
    const at = happenedAt(event);
    if (isMessageId(messageId)) origin.messageId = messageId;
    if (at !== undefined) origin.at = at;
    const draft: Draft = {
      event,
      settings: prepare(),
      optIns,
      user: nobody,
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
    if (operations.length === 0)
      return { status: 'skipped', reason: reason ?? 'empty', ...origin, operations, dropped };
    const { messageId: id, at: time } = origin;
    // Nearly always both are there. A literal is several times cheaper than a copy, and every event has a plan.
    if (id !== undefined && time !== undefined)
      return { status: 'planned', messageId: id, at: time, operations, dropped };
    return { status: 'planned', ...origin, operations, dropped };
  } catch (thrown) {
    const error = failureOf(thrown, event, optIns?.causeOf ?? namedCause);
    return { status: 'failed', error, ...origin, operations: [], dropped: [] };
  }
}

function failureOf(thrown: unknown, event: SegmentEvent, causeOf: CauseOf): EventError {
  if (thrown instanceof EventError) return thrown;
  if (thrown instanceof ConfigurationError)
    return new EventError('invalid_mapping', `The mapping options cannot work: ${thrown.message}`);
  if (!(thrown instanceof HookThrew))
    return new EventError('invalid_event', 'Reading the event threw an error. Pass plain JSON data.');
  const message = `The "${thrown.hook}" hook threw an error (see "cause").`;
  return new EventError('hook_failed', message, [], causeOf(thrown.thrown, event));
}

/** Segment's ids have at most 100 characters. A longer one is not cut, since it could then be that of another event. */
function isMessageId(id: unknown): id is string {
  return typeof id === 'string' && id !== '' && id.length <= maxMessageIdCharacters;
}

function operationsOf({ user, tags, profile, segment, subscriptions, others }: Draft): Operation[] {
  const operations = updatesOf(user, tags, profile);
  // M16a: if the membership tag was removed, the segment is not created either.
  if (segment !== undefined && [...tags.values()].some((tag) => tag.rank === tagRank.membership))
    operations.push(segment);
  for (const subscription of subscriptions?.values() ?? [])
    operations.push({ type: 'add_subscription', user, subscription });
  return others.length === 0 ? operations : [...operations, ...others];
}

function updatesOf(user: Alias, tags: Draft['tags'], profile: Profile = {}): Operation[] {
  const profileSize = Object.keys(profile).length;
  if (tags.size + profileSize === 0) return [];
  return tagsPerRequest(tags, profileSize).map((part, index) => {
    const update: Operation = { type: 'update_user', user, tags: part };
    return index === 0 && profileSize > 0 ? { ...update, profile } : update;
  });
}
