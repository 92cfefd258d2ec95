import type { Alias } from '../../onesignal/operation.js';
import type { OrderGuard } from '../guards/order-guard.js';
import type { SeenGuard } from '../guards/seen-guard.js';
import type { UnchangedGuard } from '../guards/unchanged-guard.js';
import type { PendingInput } from '../pending-input.js';
import type { Slot } from '../sending/app-pacer.js';
import { mergeWrites } from './merge-writes.js';
import type { PerformWrites } from './perform-writes.js';
import type { Part } from './write-job.js';

export interface UserWriterOptions {
  orderGuard: OrderGuard | undefined;
  unchangedGuard: UnchangedGuard | undefined;
  seenGuard: SeenGuard | undefined;
  perform: PerformWrites;
}

/** Sends the writes of several inputs, in the order of time, to one user. The first request uses the slot. */
export type WriteUser = (user: Alias, inputs: readonly PendingInput[], slot: Slot) => Promise<unknown>;

/** Guards the writes of several inputs, merges them and sends them. @internal */
export function createUserWriter({ orderGuard, unchangedGuard, seenGuard, perform }: UserWriterOptions): WriteUser {
  const send = (inputs: readonly PendingInput[], slot: Slot): Promise<unknown> =>
    perform(partsOf(inputs.filter((input) => input.isWanted && input.writes.length > 0)), slot);
  const guardAndSend = async (checking: void | Promise<void>, ...[user, inputs, slot]: Parameters<WriteUser>) => {
    await checking;
    await unchangedGuard?.dropUnchanged(user, inputs);
    await seenGuard?.dropSeen(user, inputs);
    await send(inputs, slot);
  };

  return (user, inputs, slot) => {
    // Once more: the earlier delivery may have left a write on its way.
    for (const input of inputs) input.resume();
    const checking = orderGuard?.dropStale(user, inputs);
    // Nearly always no store answers later, and nothing has to be awaited: that would cost a turn of the event loop.
    if (checking === undefined && unchangedGuard === undefined && seenGuard === undefined) return send(inputs, slot);
    return guardAndSend(checking, user, inputs, slot);
  };
}

function partsOf(writing: readonly PendingInput[]): readonly Part[] {
  const [operation, ...others] = writing.length === 1 ? (writing[0]?.writes ?? []) : [];
  // Nearly always: one event with one write.
  if (operation !== undefined && others.length === 0) return [{ operation, inputs: writing }];
  return mergeWrites(writing).map(({ operation, inputs: indexes }) => ({
    operation,
    inputs: indexes.flatMap((index) => writing[index] ?? []),
  }));
}
