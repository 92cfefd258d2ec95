import type { AddSubscription, UpdateUser } from '../../onesignal/operation.js';
import type { OneSignalRequest } from '../../onesignal/transport.js';
import type { Verdict } from '../judging/verdict.js';
import { type PendingInput, stillWanted } from '../pending-input.js';
import type { Slot } from '../sending/app-pacer.js';
import type { Job, Sending } from '../sending/sender.js';
import { SharedWork } from '../shared-work.js';
import type { UserWrite } from '../user-write.js';
import { narrow } from './merge-writes.js';

/** A merged operation, and the inputs it was merged from. */
export interface Part<Write extends UserWrite = UserWrite> {
  readonly operation: Write;
  readonly inputs: readonly PendingInput[];
  /** Whether it was fitted into the room for tags (D8), so that it must not be sent with a new tag for a removal. */
  readonly isFitted?: boolean;
}

export function isUpdatePart(part: Part): part is Part<UpdateUser> {
  return part.operation.type === 'update_user';
}

export function isSubscriptionPart(part: Part): part is Part<AddSubscription> {
  return part.operation.type === 'add_subscription';
}

type Operations = readonly [UserWrite, ...UserWrite[]];

/** Makes one request of one or several operations on a user. */
export type BuildRequest = (operations: Operations) => OneSignalRequest;

/** Sends parts in one request. The first attempt uses the slot. */
export type Ship = (parts: readonly Part[], build: BuildRequest, slot?: Slot) => Promise<Verdict>;

/**
 * One request of several parts. Each attempt contains only the writes that are still wanted: nothing is sent again for
 * a caller that has left or run out of time.
 *
 * @internal
 */
export class WriteJob implements Job {
  /** Cancelled when none of its callers waits any longer. */
  readonly work: SharedWork;
  readonly user: string | undefined;
  readonly #wanted: readonly Part[];
  readonly #build: BuildRequest;
  #parts: readonly Part[];
  #isSent = false;
  #isInDoubt = false;
  #hasChanged = false;

  constructor(parts: readonly Part[], build: BuildRequest) {
    this.#wanted = parts;
    this.#parts = parts;
    this.#build = build;
    this.user = parts[0]?.inputs[0]?.userKey;
    this.work = new SharedWork(wantedInputsOf(parts));
  }

  /** What the last attempt held. Before the first one, a verdict (on a refused key) is about all parts. */
  get parts(): readonly Part[] {
    return this.#parts;
  }

  /** Whether OneSignal may have applied an attempt, although no answer says so. */
  get isInDoubt(): boolean {
    return this.#isInDoubt;
  }

  /** Whether an earlier attempt held something else. */
  get hasChanged(): boolean {
    return this.#hasChanged;
  }

  next(): Sending | undefined {
    const before = this.#parts;
    this.#parts = wantedOf(this.#wanted);
    this.#hasChanged ||= this.#isSent && countInputs(this.#parts) !== countInputs(before);
    const [first, ...others] = this.#parts;
    if (first === undefined) return undefined;
    this.#isSent = true;
    const operations: Operations = [first.operation, ...others.map(({ operation }) => operation)];
    return { operations, request: this.#build(operations) };
  }

  onDoubt(): void {
    this.#isInDoubt = true;
  }
}

/** Every input that is still wanted, once for each part: it leaves as often as it has joined. */
function wantedInputsOf(parts: readonly Part[]): readonly PendingInput[] {
  return parts.flatMap(({ inputs }) => inputs.filter(({ isWanted }) => isWanted));
}

/** The parts themselves if everything in them is still wanted, which is nearly always the case. */
function wantedOf(parts: readonly Part[]): readonly Part[] {
  if (parts.every(({ inputs }) => stillWanted(inputs) === inputs)) return parts;
  const wanted: Part[] = [];
  for (const { operation, inputs, isFitted } of parts) {
    const left = stillWanted(inputs);
    const narrowed = left === inputs ? [operation] : narrow(operation, left);
    if (isFitted && narrowed.some((own) => setsRemoved(own, operation))) return [];
    for (const own of narrowed) wanted.push({ operation: own, inputs: left });
  }
  return wanted;
}

/** Whether what is left of an update sets a tag that the whole of it removes: to an older value, of another caller. */
function setsRemoved(left: UserWrite, whole: UserWrite): boolean {
  if (left.type !== 'update_user' || whole.type !== 'update_user') return false;
  return Object.entries(left.tags).some(([key, value]) => value !== '' && whole.tags[key] === '');
}

/** Callers only ever leave, so parts with as many inputs as before are the same. */
function countInputs(parts: readonly Part[]): number {
  return parts.reduce((count, { inputs }) => count + inputs.length, 0);
}
