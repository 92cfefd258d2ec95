import type { DeliveryError } from '../../errors.js';
import type { Alias } from '../../onesignal/operation.js';
import { createUserRequest, toRequest } from '../../onesignal/request.js';
import type { OneSignalRequest } from '../../onesignal/transport.js';
import { userKey } from '../../onesignal/user-key.js';
import type { Verdict } from '../judging/verdict.js';
import { missUser } from '../missing-user.js';
import { come, type Entry, hold, isWanted, type UserWrite } from '../pending-input.js';
import type { Sender } from '../sending/sender.js';
import { createFlight, land } from '../shared-work.js';
import { inTime, mergeWrites, narrow } from './merge-writes.js';
import type { OrderGuard } from './order-guard.js';
import type { SeenGuard } from './seen-guard.js';
import { createTagCap, type SendUpdate } from './tag-cap.js';

/** What the writer needs. */
export interface UserWriterOptions {
  sender: Sender;
  appId: string;
  guard: OrderGuard | undefined;
  seen: SeenGuard | undefined;
  missingUser: 'skip' | 'create' | 'retry';
  tagLimit: number | undefined;
}

/** Does, for one user, what several inputs want. */
export type WriteUser = (user: Alias, entries: readonly Entry[], isReady: boolean) => Promise<void>;

/**
 * Writes to one user: merges, sends, and finds out for each input what became of it.
 *
 * @internal
 */
export function createUserWriter({ sender, appId, guard, seen, missingUser, tagLimit }: UserWriterOptions): WriteUser {
  /** Sends for those inputs that still want it; for nobody it sends nothing. */
  const sendRequest = async (
    operation: UserWrite,
    request: OneSignalRequest,
    entries: readonly Entry[],
    isReady: boolean,
  ): Promise<Verdict> => {
    const wanted = entries.filter(isWanted);
    if (wanted.length === 0) {
      if (isReady) sender.giveBack();
      return { kind: 'cancelled' };
    }
    const flight = createFlight(wanted);
    const verdict = await sender.send({ operation, request, user: userKey(operation.user) }, flight, isReady);
    land(flight);
    return verdict;
  };

  const accepted = (operation: UserWrite, entries: readonly Entry[]): void | Promise<void> => {
    for (const entry of entries) entry.applied.add(operation.type);
    if (operation.type === 'update_user') return guard?.record(operation, entries);
    if (operation.type === 'delete_user') return guard?.forget(operation.user, entries);
    if (operation.type === 'add_purchases') return seen?.remember(entries);
  };

  const update: SendUpdate = (operation, entries) =>
    sendRequest(operation, toRequest(operation, appId), entries, false);
  const create: SendUpdate = (operation, entries) =>
    sendRequest(operation, createUserRequest(operation, appId), entries, false);
  const tagCap = createTagCap({ sender, appId, tagLimit, send: update, accepted });

  /** Sends one merged operation; `isReady`: the room for its first attempt is there. */
  const perform = async (operation: UserWrite, entries: readonly Entry[], isReady: boolean): Promise<void> => {
    if (operation.type === 'update_user' && tagCap.isExpected(operation)) {
      if (isReady) sender.giveBack();
      await conclude(operation, entries, await tagCap.recover(operation, entries));
      return;
    }
    const verdict = await sendRequest(operation, toRequest(operation, appId), entries, isReady);
    if (verdict.kind === 'accepted') await accepted(operation, entries);
    else if (verdict.kind === 'user_missing') await missing(operation, entries);
    else await conclude(operation, entries, verdict);
  };

  /** What follows from a verdict, but for what was accepted already. */
  const conclude = async (operation: UserWrite, entries: readonly Entry[], verdict: Verdict): Promise<void> => {
    switch (verdict.kind) {
      case 'accepted':
      case 'cancelled':
        return;
      case 'user_missing':
        return missing(operation, entries);
      case 'tag_cap':
        if (operation.type === 'update_user')
          await conclude(operation, entries, await tagCap.recover(operation, entries));
        return;
      case 'warned':
        for (const entry of entries) entry.warnings.push(verdict.error);
        return;
      case 'refused':
        return refused(operation, entries, verdict.error);
      case 'retryable':
      case 'unauthorized':
        for (const entry of entries) hold(entry, verdict.error, verdict.retryAfterMs);
    }
  };

  /** A refused request for several inputs is sent again in halves, down to each input alone: only what is refused alone fails (spec D1). */
  const refused = async (operation: UserWrite, entries: readonly Entry[], error: DeliveryError): Promise<void> => {
    if (entries.length === 1) {
      for (const entry of entries) come(entry, { status: 'failed', error });
      return;
    }
    const middle = Math.ceil(entries.length / 2);
    for (const half of [entries.slice(0, middle), entries.slice(middle)]) await performFor(operation, half);
  };

  /** Performs what is left of an operation for those inputs that still want it. */
  const performFor = async (operation: UserWrite, entries: readonly Entry[]): Promise<void> => {
    const wanted = entries.filter(isWanted);
    for (const narrowed of narrow(operation, wanted)) await perform(narrowed, wanted, false);
  };

  const missing = async (operation: UserWrite, entries: readonly Entry[]): Promise<void> => {
    if (
      missingUser === 'create' &&
      operation.type === 'update_user' &&
      Object.values(operation.tags).some((value) => value !== '')
    ) {
      let verdict = await create(operation, entries);
      if (verdict.kind === 'accepted') return accepted(operation, entries);
      if (verdict.kind === 'tag_cap') verdict = await tagCap.recoverNew(operation, entries, create);
      if (verdict.kind !== 'user_missing') return conclude(operation, entries, verdict);
    }
    // A user whose tags were just accepted exists, but may not be visible everywhere yet.
    for (const entry of entries)
      missUser(entry, operation.type, missingUser === 'retry' || entry.applied.has('update_user'));
  };

  return async (user, entries, isReady) => {
    const checking = guard?.dropStale(user, entries);
    if (checking !== undefined) await checking;
    const looking = seen?.dropSeen(entries);
    if (looking !== undefined) await looking;
    let held = isReady;
    const wanted = inTime(entries.filter((entry) => isWanted(entry) && entry.writes.length > 0));
    for (const { operation, inputs } of mergeWrites(wanted)) {
      const all = inputs.flatMap((input) => wanted[input] ?? []);
      if (all.every(isWanted)) {
        await perform(operation, all, held);
        held = false;
      } else {
        await performFor(operation, all);
      }
    }
    if (held) sender.giveBack();
  };
}
