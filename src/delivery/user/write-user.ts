import type { Alias, UpdateUser } from '../../onesignal/operation.js';
import { createUserRequest, toRequest } from '../../onesignal/request.js';
import type { OneSignalRequest } from '../../onesignal/transport.js';
import { userKey } from '../../onesignal/user-key.js';
import { conclude, halvesOf } from '../conclude.js';
import type { Verdict } from '../judging/verdict.js';
import { missUser, type PendingInput } from '../pending-input.js';
import type { Slot } from '../sending/pacer.js';
import type { Sender } from '../sending/sender.js';
import { SharedWork } from '../shared-work.js';
import type { UserWrite } from '../user-write.js';
import { inTime, mergeWrites, narrow } from './merge-writes.js';
import type { OrderGuard } from './order-guard.js';
import type { SeenGuard } from './seen-guard.js';
import { createTagCap, type SendUpdate } from './tag-cap.js';

export interface UserWriterOptions {
  sender: Sender;
  appId: string;
  orderGuard: OrderGuard | undefined;
  seenGuard: SeenGuard | undefined;
  missingUser: 'skip' | 'create' | 'retry';
  tagLimit: number | undefined;
}

/** Sends the writes of several inputs to one user. The first request uses the slot. */
export type WriteUser = (user: Alias, inputs: readonly PendingInput[], slot: Slot) => Promise<void>;

/** Guards and merges the writes of several inputs, then performs them one by one. @internal */
export function createUserWriter(options: UserWriterOptions): WriteUser {
  const { orderGuard, seenGuard } = options;
  const perform = createPerformer(options);

  return async (user, inputs, slot) => {
    // Awaited only if a store answers later: an await costs a turn of the event loop.
    const checking = orderGuard?.dropStale(user, inputs);
    if (checking !== undefined) await checking;
    const looking = seenGuard?.dropSeen(inputs);
    if (looking !== undefined) await looking;
    const writing = inTime(inputs.filter((input) => input.isWanted && input.writes.length > 0));
    for (const { operation, inputs: indexes } of mergeWrites(writing)) {
      const merged = indexes.flatMap((index) => writing[index] ?? []);
      const wanted = merged.filter(({ isWanted }) => isWanted);
      const parts = wanted.length === merged.length ? [operation] : narrow(operation, wanted);
      for (const part of parts) await perform(part, wanted, slot);
    }
  };
}

/** Sends one merged operation and finds out for each of its inputs what became of it. */
type Perform = (operation: UserWrite, inputs: readonly PendingInput[], slot?: Slot) => Promise<void>;

function createPerformer({ sender, appId, orderGuard, seenGuard, missingUser, tagLimit }: UserWriterOptions): Perform {
  const onAccepted = (operation: UserWrite, inputs: readonly PendingInput[]): void | Promise<void> => {
    for (const input of inputs) input.applied(operation.type);
    if (operation.type === 'update_user') return orderGuard?.record(operation, inputs);
    if (operation.type === 'delete_user') return orderGuard?.forget(operation.user, inputs);
    if (operation.type === 'add_purchases') return seenGuard?.remember(inputs);
  };
  const send = createWriteSender(sender);
  const update: SendUpdate = (operation, inputs) => send(operation, toRequest(operation, appId), inputs);
  const create: SendUpdate = (operation, inputs) => send(operation, createUserRequest(operation, appId), inputs);
  const tagCap = createTagCap({ sender, appId, tagLimit, send: update, onAccepted });

  const perform: Perform = async (operation, inputs, slot) => {
    if (operation.type === 'update_user' && tagCap.isExpected(operation)) {
      slot?.release();
      return settle(operation, inputs, await tagCap.recover(operation, inputs));
    }
    const verdict = await send(operation, toRequest(operation, appId), inputs, slot);
    if (verdict.kind === 'accepted') await onAccepted(operation, inputs);
    else await settle(operation, inputs, verdict);
  };

  /** Acts on a verdict; whatever was accepted is recorded already. */
  const settle = async (operation: UserWrite, inputs: readonly PendingInput[], verdict: Verdict): Promise<void> => {
    if (verdict.kind === 'accepted' || verdict.kind === 'cancelled') return;
    if (verdict.kind === 'user_missing') return createOrMiss(operation, inputs);
    if (verdict.kind === 'tag_cap') {
      if (operation.type === 'update_user') await settle(operation, inputs, await tagCap.recover(operation, inputs));
      return;
    }
    if (verdict.kind === 'refused' && inputs.length > 1) await performInHalves(operation, inputs);
    else conclude(inputs, verdict);
  };

  /** Down to single inputs: only an input that is refused alone fails (D1). */
  const performInHalves = async (operation: UserWrite, inputs: readonly PendingInput[]): Promise<void> => {
    for (const half of halvesOf(inputs)) {
      const wanted = half.filter(({ isWanted }) => isWanted);
      for (const part of narrow(operation, wanted)) await perform(part, wanted);
    }
  };

  const createOrMiss = async (operation: UserWrite, inputs: readonly PendingInput[]): Promise<void> => {
    if (missingUser === 'create' && operation.type === 'update_user' && setsTag(operation)) {
      const created = await create(operation, inputs);
      if (created.kind === 'accepted') return onAccepted(operation, inputs);
      const verdict = created.kind === 'tag_cap' ? await tagCap.recoverNew(operation, inputs, create) : created;
      if (verdict.kind !== 'user_missing') return settle(operation, inputs, verdict);
    }
    for (const input of inputs) missUser(input, operation.type, missingUser);
  };

  return perform;
}

/** Sends for those inputs that still want it; nothing is sent for nobody. */
function createWriteSender(sender: Sender) {
  return async (
    operation: UserWrite,
    request: OneSignalRequest,
    inputs: readonly PendingInput[],
    slot?: Slot,
  ): Promise<Verdict> => {
    const wanted = inputs.filter(({ isWanted }) => isWanted);
    if (wanted.length === 0) return { kind: 'cancelled' };
    const work = new SharedWork(wanted);
    const verdict = await sender.send({ operation, request, user: userKey(operation.user) }, work, slot);
    work.finish();
    return verdict;
  };
}

function setsTag({ tags }: UpdateUser): boolean {
  return Object.values(tags).some((value) => value !== '');
}
