import { ConfigurationError, EventError } from '../errors.js';
import type { Operation } from '../onesignal/operation.js';
import type { Plan, PlanFields, SkipReason } from '../onesignal/plan.js';
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
 * Builds the plan of an event.
 *
 * Never throws: if the options cannot work, or a hook or a hostile input throws, the plan fails.
 *
 * @param prepare - Prepares the options of the call.
 * @param operationsOf - The operations of a draft, in the order to send them.
 */
export function planFrom(
  event: SegmentEvent,
  prepare: () => Settings,
  fill: DraftRule,
  operationsOf: (draft: Draft) => Operation[],
  optIns?: OptIns,
): Plan {
  const origin: Pick<PlanFields, 'messageId' | 'at'> = {};
  try {
    const { messageId } = event;
    const at = happenedAt(event);
    if (isMessageId(messageId)) origin.messageId = messageId;
    if (at !== undefined) origin.at = at;
    const settings = prepare();
    const draft: Draft = { event, settings, optIns, user: nobody, at, tags: new Map(), others: [], dropped: [] };
    const reason = fill(draft);
    keepWithinLimit(draft);
    const operations = reason === undefined ? operationsOf(draft) : [];
    const { dropped, error } = draft;
    const { messageId: id, at: time } = origin;
    // The usual case. A literal is several times cheaper than a copy, and every event has a plan.
    if (id !== undefined && time !== undefined && error === undefined && operations.length > 0)
      return { status: 'planned', messageId: id, at: time, operations, dropped };
    const rest = { ...origin, operations, dropped };
    if (error !== undefined) return { status: 'failed', error, ...rest };
    if (operations.length === 0) return { status: 'skipped', reason: reason ?? 'empty', ...rest };
    return { status: 'planned', ...rest };
  } catch (thrown) {
    const error = failureOf(thrown, event, optIns?.causeOf ?? namedCause);
    return { status: 'failed', error, ...origin, operations: [], dropped: [] };
  }
}

function failureOf(thrown: unknown, event: SegmentEvent, causeOf: CauseOf): EventError {
  if (thrown instanceof EventError) return thrown;
  if (thrown instanceof ConfigurationError)
    return new EventError('invalid_mapping', `The mapping options are invalid: ${thrown.message}`);
  if (!(thrown instanceof HookThrew))
    return new EventError('invalid_event', 'Reading the event threw an error. Pass plain JSON data.');
  const message = `The "${thrown.hook}" hook threw an error (see "cause").`;
  return new EventError('hook_failed', message, [], causeOf(thrown.thrown, event));
}

/** Segment's ids have at most 100 characters. A longer one is not cut, since it could then be that of another event. */
function isMessageId(id: unknown): id is string {
  return typeof id === 'string' && id !== '' && id.length <= maxMessageIdCharacters;
}

/** M11: `update_user` once per 100 tags. */
export function tagUpdates({ user, tags }: Draft): Operation[] {
  return tags.size === 0 ? [] : tagsPerRequest(tags, 0).map((part) => ({ type: 'update_user', user, tags: part }));
}
