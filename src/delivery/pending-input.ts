import type { Clock } from '../clock.js';
import type { DeliveryError, OperationType } from '../errors.js';
import type { Operation } from '../onesignal/operation.js';
import { aliasKey, purchasesKey, subscriptionKey } from '../onesignal/operation-keys.js';
import type { DropReason, Plan, SkipReason } from '../onesignal/plan.js';
import { AcceptedWrites, type Progress } from './accepted-writes.js';
import { deadlinePassed, interrupted, membershipNotSet } from './input-errors.js';
import type { Outcome, Result } from './outcome.js';
import { OutcomeDraft } from './outcome-draft.js';
import { isDeletion } from './planned-user.js';
import type { Participant, SharedWork } from './shared-work.js';
import { isUserWrite, keysOf, type UserWrite, withoutAccepted, withoutKeys } from './user-write.js';

/** A planned event on its way into delivery. */
export interface Submission {
  readonly plan: Plan;
  /** The dotted path of the field that a tag came from; called only for tags that delivery drops. */
  readonly pathOf: (key: string) => string;
}

/** The call that an input is part of. */
export interface CallOfInput {
  readonly clock: Clock;
  /** Unix milliseconds. */
  readonly deadlineAt: number;
  /** Whether nobody waits for its outcomes any longer. */
  readonly isOver: boolean;
  /** Takes the outcome of an input, once, when all its work is done. Never called after {@link PendingInput.leave}. */
  settled(input: PendingInput, outcome: Outcome): void;
}

/** How an input begins. */
export interface PendingInputStart extends Submission {
  /** Its place among the inputs of its call. */
  readonly index: number;
  /** The key of the user whom the event is about; `undefined` if it is about none. */
  readonly userKey: string | undefined;
  /** The key of the event, by which a redelivery is recognized; `undefined` if it cannot be. */
  readonly eventKey: string | undefined;
  /** When the event happened, in Unix milliseconds, never later than it arrived; `undefined` if that is not known. */
  readonly atMs: number | undefined;
  /** When it was handed to this delivery, in Unix milliseconds. */
  readonly arrivedMs: number;
  readonly progress: Progress;
}

/** One input under way: its remaining writes and its results so far. Only its own methods change it. */
export class PendingInput implements Participant {
  readonly plan: Plan;
  readonly index: number;
  /** When the event happened, in Unix milliseconds, never later than it arrived; `undefined` if that is not known. */
  readonly atMs: number | undefined;
  /** When it was handed to this delivery, in Unix milliseconds. */
  readonly arrivedMs: number;
  /** The key of the user whom the event is about; `undefined` if it is about none. */
  readonly userKey: string | undefined;
  /** The tag that makes the user a member of the segment that the event ensures, if there is one. */
  readonly membershipKey: string | undefined;
  readonly #pathOf: (key: string) => string;
  readonly #call: CallOfInput;
  readonly #accepted: AcceptedWrites;
  readonly #draft: OutcomeDraft;
  readonly #works: SharedWork[] = [];
  #leaveHandlers: (() => void)[] | undefined;
  #writes: readonly UserWrite[];
  #isGone: boolean;
  #isStopped = false;
  #lacksSegment = false;
  #isMember = false;
  #openWork = 1;

  constructor(start: PendingInputStart, call: CallOfInput) {
    const { plan, index, pathOf, atMs, arrivedMs, userKey, eventKey, progress } = start;
    this.plan = plan;
    this.index = index;
    this.arrivedMs = arrivedMs;
    this.membershipKey = membershipKeyOf(plan);
    this.atMs = atMs;
    this.#pathOf = pathOf;
    this.#call = call;
    this.userKey = userKey;
    this.#accepted = new AcceptedWrites(eventKey, progress);
    this.#draft = new OutcomeDraft(plan.dropped);
    this.#writes = plan.operations.filter(isUserWrite);
    // An observer of an earlier input's outcome may have aborted the call.
    this.#isGone = call.isOver;
  }

  get clock(): Clock {
    return this.#call.clock;
  }

  get deadlineAt(): number {
    return this.#call.deadlineAt;
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

  /** Whether the tags that its segment needs are written. */
  get hasWrittenTags(): boolean {
    const isUpdate = ({ type }: Operation) => type === 'update_user';
    return this.#isMember || this.hasApplied('update_user') || !this.plan.operations.some(isUpdate);
  }

  /** Whether it deletes its user, and will be delivered again. */
  get isPendingDeletion(): boolean {
    return isDeletion(this.plan) && (this.#isGone || this.status === 'retryable');
  }

  /** The writes that its user's queue still has to send. */
  get writes(): readonly UserWrite[] {
    return this.#writes;
  }

  get status(): Outcome['status'] {
    return this.#draft.status;
  }

  /** Whether OneSignal accepted an operation of this type. */
  hasApplied(type: OperationType): boolean {
    return this.#draft.hasApplied(type);
  }

  /** Goes on where an earlier delivery of the event stopped: what was accepted then is not sent again. */
  resume(): void {
    const accepted = this.#accepted.takeEarlier();
    if (accepted.length === 0) return;
    for (const { type } of accepted) this.applied(type);
    this.#writes = this.#writes.flatMap((write) => withoutAccepted(write, accepted));
  }

  /** OneSignal accepted an operation that is not a user write. */
  applied(type: OperationType): void {
    this.#draft.applied(type);
  }

  /** OneSignal accepted an operation that this input's writes are part of. */
  accepted(operation: UserWrite): void {
    this.applied(operation.type);
    this.#accepted.add(operation);
    if (this.#isGone) this.#accepted.save(this.#writes);
  }

  /** Reports a problem that does not keep the event from being delivered. */
  warn(error: DeliveryError): void {
    this.#draft.warn(error);
  }

  /** Comes back as `retryable`; nothing more is sent for it. */
  defer(error: DeliveryError, retryAfterMs?: number): void {
    this.#isStopped = true;
    this.#draft.addResult(
      retryAfterMs === undefined ? { status: 'retryable', error } : { status: 'retryable', error, retryAfterMs },
    );
  }

  /** Comes back as `retryable` after an error inside this library, which must not lose the input. */
  deferInterrupted(thrown: unknown): void {
    this.defer(interrupted(this.plan.operations, thrown));
  }

  /** Part of the event can never be sent; the rest is still sent. */
  fail(error: Extract<Result, { status: 'failed' }>['error']): void {
    this.#draft.addResult({ status: 'failed', error });
  }

  /** Nothing more is sent for it, and that is not an error. */
  skip(reason: SkipReason): void {
    this.#isStopped = true;
    this.#draft.addResult({ status: 'skipped', reason });
  }

  /** Reports tags or other parts, by key, that are not written. */
  drop(keys: Iterable<string>, reason: DropReason): void {
    for (const key of keys) this.#draft.drop(this.#pathOf(key), reason);
  }

  /** Reports tags for which there is no room. Without its membership tag the event must not create the segment. */
  dropForRoom(keys: ReadonlySet<string>, reason: 'tag_limit' | 'too_many_tags'): void {
    this.drop(keys, reason);
    if (this.#lacksSegment || !this.#makesMember(keys)) return;
    this.#lacksSegment = true;
    this.warn(membershipNotSet(reason));
  }

  /** Takes tags and profile fields, by key, out of its writes because a newer event wrote them. */
  dropStaleKeys(keys: ReadonlySet<string>): void {
    this.drop(keys, 'stale');
    if (this.#makesMember(keys)) this.#lacksSegment = true;
    this.removeKeys(keys);
  }

  /** Takes tags and profile fields, by key, out of its writes because OneSignal has the same values already. */
  dropUnchangedKeys(keys: ReadonlySet<string>): void {
    this.drop(
      this.#writes.flatMap(keysOf).filter((key) => keys.has(key)),
      'unchanged',
    );
    if (this.#makesMember(keys)) this.#isMember = true;
    this.removeKeys(keys);
  }

  /** Takes a write other than an update out, and reports the field it came from. */
  dropWrite(write: Exclude<UserWrite, { type: 'update_user' }>, reason: DropReason): void {
    if (write.type === 'add_subscription') this.drop([subscriptionKey(write.subscription)], reason);
    if (write.type === 'add_alias') this.drop([aliasKey(write.alias)], reason);
    if (write.type === 'add_purchases') this.drop([purchasesKey], reason);
    this.#writes = this.#writes.filter((own) => own !== write);
  }

  /** Takes tags and profile fields, by key, out of its writes. */
  removeKeys(keys: ReadonlySet<string>): void {
    this.#writes = withoutKeys(this.#writes, keys);
  }

  /** Whether its membership tag is among these. */
  #makesMember(keys: ReadonlySet<string>): boolean {
    return this.membershipKey !== undefined && keys.has(this.membershipKey);
  }

  /** After parts of it were dropped: an event of which nothing is left is skipped. */
  skipIfNothingIsLeft(reason: 'stale' | 'unchanged'): void {
    const isShared = ({ type }: Operation) =>
      type === 'send_custom_events' || (type === 'ensure_segment' && !this.#lacksSegment);
    if (this.#writes.length === 0 && !this.plan.operations.some(isShared)) this.skip(reason);
  }

  /** The outcome waits for one more piece of work. */
  begin(): void {
    this.#openWork++;
  }

  /** One piece of work is done; the last one settles the input. */
  finish(): void {
    this.#openWork--;
    if (this.#openWork > 0 || this.#isGone) return;
    if (this.status === 'retryable') this.#accepted.save(this.#writes);
    this.#call.settled(this, this.#draft.toOutcome(this.plan.messageId));
  }

  /** Calls the handler when nobody waits for the input any more. */
  onLeave(handler: () => void): void {
    this.#leaveHandlers ??= [];
    this.#leaveHandlers.push(handler);
  }

  /** Nobody waits for it any more: work that only it wanted is cancelled. */
  leave(): void {
    this.#isGone = true;
    for (const work of this.#works.splice(0)) work.leave();
    for (const handler of this.#leaveHandlers?.splice(0) ?? []) handler();
    this.#accepted.save(this.#writes);
  }

  /** Leaves with a `retryable` outcome, because its call has no time left. */
  expire(): void {
    this.leave();
    this.defer(deadlinePassed());
    this.#call.settled(this, this.#draft.toOutcome(this.plan.messageId));
  }

  /** Defers the input if its deadline has passed, even if the timer of its call was held up. */
  deferIfLate(now: number): boolean {
    if (now < this.deadlineAt) return false;
    this.defer(deadlinePassed());
    return true;
  }

  joined(work: SharedWork): void {
    this.#works.push(work);
  }

  released(work: SharedWork): void {
    const index = this.#works.lastIndexOf(work);
    if (index >= 0) this.#works.splice(index, 1);
  }
}

/**
 * The inputs that should still be sent for. Asked right before each request: a stalled process wakes up late.
 *
 * @internal
 */
export function stillWanted(inputs: readonly PendingInput[]): readonly PendingInput[] {
  const now = inputs[0]?.clock.now() ?? 0;
  const isLeft = (input: PendingInput): boolean => input.isWanted && !input.deferIfLate(now);
  return inputs.every(isLeft) ? inputs : inputs.filter(isLeft);
}

function membershipKeyOf({ operations }: Plan): string | undefined {
  for (const operation of operations) if (operation.type === 'ensure_segment') return operation.filters[0]?.key;
  return undefined;
}
