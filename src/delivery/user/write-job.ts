import type { AddSubscription, UpdateUser } from '../../onesignal/operation.js';
import type { OneSignalRequest } from '../../onesignal/transport.js';
import { userKey } from '../../onesignal/user-key.js';
import type { Verdict } from '../judging/verdict.js';
import { type PendingInput, stillWanted } from '../pending-input.js';
import type { Slot } from '../sending/app-pacer.js';
import type { Sender, Sending } from '../sending/sender.js';
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

/** The verdict on a request, and the parts that its last attempt held. */
export interface Sent {
  readonly verdict: Verdict;
  readonly parts: readonly Part[];
  /** Whether OneSignal may have applied an attempt, although no answer says so. */
  readonly isInDoubt: boolean;
  /** Whether an earlier attempt held something else. */
  readonly hasChanged: boolean;
}

type Operations = readonly [UserWrite, ...UserWrite[]];

/** Makes one request of one or several operations on a user. */
export type BuildRequest = (operations: Operations) => OneSignalRequest;

/** Sends parts in one request. The first attempt uses the slot. */
export type Ship = (parts: readonly Part[], build: BuildRequest, slot?: Slot) => Promise<Verdict>;

/**
 * Each attempt contains only the writes that are still wanted: nothing is sent again for a caller that has left or run
 * out of time.
 *
 * @internal
 */
export function createWriteSender(
  sender: Sender,
): (parts: readonly Part[], build: BuildRequest, slot?: Slot) => Promise<Sent> {
  return async (parts, build, slot) => {
    // Before the first attempt, a verdict (on a refused key) is about all of them.
    let sent = parts;
    let isSent = false;
    let isInDoubt = false;
    let hasChanged = false;
    const next = (): Sending | undefined => {
      const before = sent;
      sent = wantedOf(parts);
      hasChanged ||= isSent && countInputs(sent) !== countInputs(before);
      const [first, ...others] = sent.map(({ operation }) => operation);
      if (first === undefined) return undefined;
      isSent = true;
      const operations: Operations = [first, ...others];
      return { operations, request: build(operations) };
    };
    const [first] = parts;
    const work = new SharedWork(inputsOf(parts).filter(({ isWanted }) => isWanted));
    const onDoubt = (): void => {
      isInDoubt = true;
    };
    const verdict = await sender.send(
      first === undefined ? { next } : { next, onDoubt, user: userKey(first.operation.user) },
      work,
      slot,
    );
    work.finish();
    return { verdict, parts: sent, isInDoubt, hasChanged };
  };
}

/** Every input once. Nearly always there is a single part. */
function inputsOf(parts: readonly Part[]): readonly PendingInput[] {
  const [first, ...others] = parts;
  if (first !== undefined && others.length === 0) return first.inputs;
  return [...new Set(parts.flatMap(({ inputs }) => inputs))];
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
