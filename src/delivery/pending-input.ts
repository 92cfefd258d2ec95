import { DeliveryError, type OperationType } from '../errors.js';
import type { Operation } from '../onesignal/operation.js';
import type { Drop, DropReason, Plan, SkipReason } from '../onesignal/plan.js';
import { plainCause, textsIn } from '../redact.js';
import { createOutcome, type Outcome, type Result } from './outcome.js';
import type { Participant, SharedWork } from './shared-work.js';
import { isUserWrite, type UserWrite, withoutKeys } from './user-write.js';

/** A planned event on its way into delivery. */
export interface Submission {
  readonly plan: Plan;
  /** The dotted path of the field that a tag came from; called only for tags that delivery drops. */
  readonly pathOf: (key: string) => string;
}

/** How grave each result is: an input with several operations gets the gravest one (D5b). */
const gravity = { delivered: 0, skipped: 1, failed: 2, retryable: 3 } as const;

/** How an input begins. */
export interface PendingInputStart extends Submission {
  /** When the event happened, in unix milliseconds; `undefined` if that could not be read. */
  readonly atMs: number | undefined;
  readonly deadlineAt: number;
  /** Whether its call was over before the input began. */
  readonly isGone: boolean;
  /** Called once with the outcome, when all its work is done. Never called after {@link PendingInput.leave}. */
  readonly onSettled: (outcome: Outcome) => void;
}

/** One input under way: its remaining writes and its results so far. Only its own methods change it. */
export class PendingInput implements Participant {
  readonly plan: Plan;
  readonly atMs: number | undefined;
  readonly deadlineAt: number;
  /** The tag that makes the user a member of the segment that the event ensures, if there is one. */
  readonly membershipKey: string | undefined;
  readonly #pathOf: (key: string) => string;
  readonly #onSettled: (outcome: Outcome) => void;
  readonly #applied = new Set<Operation['type']>();
  readonly #dropped: Drop[];
  readonly #warnings: DeliveryError[] = [];
  readonly #works: SharedWork[] = [];
  #writes: readonly UserWrite[];
  #result: Result = { status: 'delivered' };
  #isGone: boolean;
  #isStopped = false;
  #lacksSegment = false;
  #openWork = 1;

  constructor({ plan, pathOf, atMs, deadlineAt, isGone, onSettled }: PendingInputStart) {
    this.plan = plan;
    this.atMs = atMs;
    this.deadlineAt = deadlineAt;
    this.membershipKey = membershipKeyOf(plan);
    this.#pathOf = pathOf;
    this.#onSettled = onSettled;
    this.#dropped = [...plan.dropped];
    this.#writes = plan.operations.filter(isUserWrite);
    this.#isGone = isGone;
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  /** Whether its operations should still be sent: its call still waits for it, and nothing has stopped it. */
  get isWanted(): boolean {
    return !this.#isGone && !this.#isStopped;
  }

  /** Whether its segment must not be created, because the membership tag was not written. */
  get lacksSegment(): boolean {
    return this.#lacksSegment;
  }

  /** The writes that its user's queue still has to send. */
  get writes(): readonly UserWrite[] {
    return this.#writes;
  }

  get status(): Outcome['status'] {
    return this.#result.status;
  }

  /** Whether OneSignal accepted an operation of this type. */
  hasApplied(type: Operation['type']): boolean {
    return this.#applied.has(type);
  }

  /** OneSignal accepted an operation of this type. */
  applied(type: Operation['type']): void {
    this.#applied.add(type);
  }

  /** Reports a problem that does not keep the event from being delivered. */
  warn(error: DeliveryError): void {
    this.#warnings.push(error);
  }

  /** Comes back as `retryable`; nothing more is sent for it. */
  defer(error: DeliveryError, retryAfterMs?: number): void {
    this.#isStopped = true;
    this.#come(
      retryAfterMs === undefined ? { status: 'retryable', error } : { status: 'retryable', error, retryAfterMs },
    );
  }

  /** Comes back as `retryable` after an error inside this library, which must not lose the input. */
  deferInterrupted(thrown: unknown): void {
    const message = 'An error inside segment-onesignal interrupted the write (see "cause"). Please report it.';
    this.defer(new DeliveryError('unavailable', message, { cause: plainCause(thrown, textsIn(this.plan.operations)) }));
  }

  /** Part of the event can never be sent; the rest is still sent. */
  fail(error: Extract<Result, { status: 'failed' }>['error']): void {
    this.#come({ status: 'failed', error });
  }

  /** Nothing more is sent for it, and that is not an error. */
  skip(reason: SkipReason): void {
    this.#isStopped = true;
    this.#come({ status: 'skipped', reason });
  }

  /** Reports tags that are not written. */
  drop(keys: Iterable<string>, reason: DropReason): void {
    for (const key of keys) {
      const path = this.#pathOf(key);
      if (!this.#dropped.some((drop) => drop.path === path && drop.reason === reason))
        this.#dropped.push({ path, reason });
    }
  }

  /** Reports tags for which there is no room. Without its membership tag the event must not create the segment. */
  dropForRoom(keys: ReadonlySet<string>, reason: 'tag_limit' | 'too_many_tags'): void {
    this.drop(keys, reason);
    if (this.membershipKey === undefined || !keys.has(this.membershipKey) || this.#lacksSegment) return;
    this.#lacksSegment = true;
    this.warn(membershipNotSet(reason));
  }

  /** Takes tags and profile fields, by key, out of its writes because a newer event wrote them. */
  dropStale(keys: ReadonlySet<string>): void {
    this.drop(keys, 'stale');
    if (this.membershipKey !== undefined && keys.has(this.membershipKey)) this.#lacksSegment = true;
    this.removeKeys(keys);
    const isShared = ({ type }: Operation) =>
      type === 'send_custom_events' || (type === 'ensure_segment' && !this.#lacksSegment);
    if (this.#writes.length === 0 && !this.plan.operations.some(isShared)) this.skip('stale');
  }

  /** Takes tags and profile fields, by key, out of its writes. */
  removeKeys(keys: ReadonlySet<string>): void {
    this.#writes = withoutKeys(this.#writes, keys);
  }

  /** Takes all writes of a type out. */
  removeWrites(type: UserWrite['type']): void {
    this.#writes = this.#writes.filter((write) => write.type !== type);
  }

  /** The outcome waits for one more piece of work. */
  begin(): void {
    this.#openWork++;
  }

  /** One piece of work is done; the last one settles the input. */
  finish(): void {
    this.#openWork--;
    if (this.#openWork === 0 && !this.#isGone) this.#onSettled(this.#outcome());
  }

  /** Nobody waits for it any more: work that only it wanted is cancelled. */
  leave(): void {
    this.#isGone = true;
    for (const work of this.#works.splice(0)) work.leave();
  }

  /** Leaves with a `retryable` outcome, because its call has no time left. */
  expire(error: DeliveryError): void {
    this.leave();
    this.defer(error);
    this.#onSettled(this.#outcome());
  }

  joined(work: SharedWork): void {
    this.#works.push(work);
  }

  released(work: SharedWork): void {
    const index = this.#works.indexOf(work);
    if (index >= 0) this.#works.splice(index, 1);
  }

  /** The graver result stays; of two retryable ones the first, with the longer wait. */
  #come(result: Result): void {
    const known = this.#result;
    if (gravity[result.status] > gravity[known.status]) {
      this.#result = result;
    } else if (known.status === 'retryable' && result.status === 'retryable' && result.retryAfterMs !== undefined) {
      this.#result = { ...known, retryAfterMs: Math.max(known.retryAfterMs ?? 0, result.retryAfterMs) };
    }
  }

  /** Made of copies: work that is shared with other calls may go on after this input has its outcome. */
  #outcome(): Outcome {
    const fields = { applied: [...this.#applied], dropped: [...this.#dropped], warnings: [...this.#warnings] };
    return createOutcome(this.plan.messageId, fields, this.#result);
  }
}

function membershipKeyOf({ operations }: Plan): string | undefined {
  for (const operation of operations) if (operation.type === 'ensure_segment') return operation.filters[0]?.key;
  return undefined;
}

function membershipNotSet(reason: 'tag_limit' | 'too_many_tags'): DeliveryError {
  const why =
    reason === 'tag_limit'
      ? "the user has as many tags as OneSignal's plan allows"
      : 'the event has more tags than can be sent within the deadline';
  const message = `The audience membership was not set: ${why}.`;
  return new DeliveryError('membership_not_set', message, { operation: 'update_user' });
}

/** OneSignal may not show a new user for up to a minute; this allows twice that (D4). */
const freshMs = 2 * 60 * 1000;
const freshRetryMs = 10_000;

/**
 * Ends an input whose user OneSignal does not know: skipped, as Segment's own destination does, or retryable while the
 * user may be too new to be visible.
 *
 * @internal
 */
export function missUser(
  input: PendingInput,
  operation: OperationType,
  missingUser: 'skip' | 'create' | 'retry',
): void {
  // A user whose tags were just accepted exists, but may not be visible everywhere yet.
  const mayBeFresh = missingUser === 'retry' || input.hasApplied('update_user');
  if (mayBeFresh && input.atMs !== undefined && Date.now() - input.atMs < freshMs) {
    const message = `${operation} found no such user. A new user can take a minute to become visible.`;
    input.defer(new DeliveryError('unavailable', message, { operation, status: 404 }), freshRetryMs);
  } else input.skip('user_not_found');
}
