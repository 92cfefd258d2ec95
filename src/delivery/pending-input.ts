import { DeliveryError, type EventError } from '../errors.js';
import type { EnsureSegment, Operation, SendCustomEvents } from '../onesignal/operation.js';
import type { Drop, DropReason, Plan, SkipReason } from '../onesignal/plan.js';
import type { Outcome } from './outcome.js';
import type { Passenger } from './shared-work.js';

/** A planned event on its way in: its plan, and where each of its tags came from. */
export interface Submission {
  /** What is to be done. */
  plan: Plan;
  /** The dotted path of the field that a tag came from; asked only where delivery drops a tag. */
  pathOf: (key: string) => string;
}

/** Operations on a user, which that user's lane does; the others are shared between users. */
export type UserWrite = Exclude<Operation, EnsureSegment | SendCustomEvents>;

/** What an input has come to so far; a later, graver result replaces it (spec D5b). */
type Result =
  | { status: 'delivered' }
  | { status: 'skipped'; reason: SkipReason }
  | { status: 'failed'; error: EventError | DeliveryError }
  | { status: 'retryable'; error: DeliveryError; retryAfterMs?: number };

const gravity = { delivered: 0, skipped: 1, failed: 2, retryable: 3 } as const;

/** One input under way. */
export interface Entry extends Passenger {
  readonly plan: Plan;
  /** When the event happened, unix ms, never later than it was handed over; absent where that could not be read. */
  readonly atMs: number | undefined;
  readonly pathOf: (key: string) => string;
  /** What is left to be done for it in its user's lane. */
  writes: UserWrite[];
  readonly applied: Set<Operation['type']>;
  readonly dropped: Drop[];
  readonly warnings: DeliveryError[];
  result: Result;
  /** Nothing more is sent for it: it will be delivered again as a whole, or its user is unknown. */
  stopped: boolean;
  /** Its membership tag was not written, so its segment is not created for it either. */
  withoutSegment: boolean;
  /** Pieces of work that its outcome waits for. */
  open: number;
  /** Called once, when no work is open. */
  readonly settle: (entry: Entry) => void;
}

/** Whether it still wants to be worked on. @internal */
export function isWanted(entry: Entry): boolean {
  return !entry.gone && !entry.stopped;
}

/** The graver result stays; of two equally grave ones the first, with the longer wait. @internal */
export function come(entry: Entry, result: Result): void {
  const { result: known } = entry;
  if (gravity[result.status] > gravity[known.status]) {
    entry.result = result;
  } else if (known.status === 'retryable' && result.status === 'retryable' && result.retryAfterMs !== undefined) {
    entry.result = { ...known, retryAfterMs: Math.max(known.retryAfterMs ?? 0, result.retryAfterMs) };
  }
}

/** Comes back as retryable; nothing more is sent for it. @internal */
export function hold(entry: Entry, error: DeliveryError, retryAfterMs?: number): void {
  entry.stopped = true;
  come(
    entry,
    retryAfterMs === undefined ? { status: 'retryable', error } : { status: 'retryable', error, retryAfterMs },
  );
}

/** Reports tags that are not written. @internal */
export function dropTags(entry: Entry, keys: Iterable<string>, reason: DropReason): void {
  for (const key of keys) {
    const path = entry.pathOf(key);
    if (!entry.dropped.some((drop) => drop.path === path && drop.reason === reason))
      entry.dropped.push({ path, reason });
  }
}

/** One piece of work less; the last one settles it. @internal */
export function finish(entry: Entry): void {
  entry.open--;
  if (entry.open === 0 && !entry.gone) entry.settle(entry);
}

/** The key of the tag that makes the user a member of the segment that the event ensures, if it does. @internal */
export function membershipKey(entry: Entry): string | undefined {
  for (const operation of entry.plan.operations) {
    if (operation.type === 'ensure_segment') return operation.filters[0]?.key;
  }
  return undefined;
}

/** Tags that are not written for want of room; where the membership is among them, the segment stays away too. @internal */
export function dropForRoom(entry: Entry, keys: ReadonlySet<string>, reason: 'tag_limit' | 'too_many_tags'): void {
  dropTags(entry, keys, reason);
  const membership = membershipKey(entry);
  if (membership === undefined || !keys.has(membership) || entry.withoutSegment) return;
  entry.withoutSegment = true;
  const why =
    reason === 'tag_limit'
      ? "the user is at the limit of tags of OneSignal's plan"
      : 'the event has more tags than can be sent within the deadline';
  entry.warnings.push(
    new DeliveryError('membership_not_set', `update_user did not set the membership of the audience: ${why}`, {
      operation: 'update_user',
    }),
  );
}

/** The outcome of an input whose work is done. @internal */
export function outcomeOf({ plan, applied, dropped, warnings, result }: Entry): Outcome {
  const { messageId } = plan;
  // Copies: work that is shared with other calls may go on after this one has its outcome.
  const fields = { applied: [...applied], dropped: [...dropped], warnings: [...warnings] };
  // Not by spreading the result: where it comes last, engines copy it slowly, and every input has an outcome.
  return Object.assign(messageId === undefined ? fields : { messageId, ...fields }, result);
}
