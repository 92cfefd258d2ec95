import type { AddSubscription, UpdateUser } from '../../onesignal/operation.js';
import { toRequest, upsertUserRequest } from '../../onesignal/request.js';
import { conclude } from '../conclude.js';
import type { Verdict } from '../judging/verdict.js';
import { missUser } from '../missing-user.js';
import type { PendingInput } from '../pending-input.js';
import type { Slot } from '../sending/app-pacer.js';
import { keysOf, type UserWrite } from '../user-write.js';
import { createUpdateFitter, type UpdateFitterOptions } from './fit-update.js';
import { createRefusalHandler } from './refused-writes.js';
import type { UserMemory } from './user-memory.js';
import {
  type BuildRequest,
  createWriteSender,
  isSubscriptionPart,
  isUpdatePart,
  type Part,
  type Sent,
  type Ship,
} from './write-sender.js';

export interface PerformerOptions extends UpdateFitterOptions {
  missingUser: 'skip' | 'create' | 'retry';
  memory: UserMemory;
}

/** Sends the merged operations on one user, and tells each input its result. */
export type PerformWrites = (parts: readonly Part[], slot: Slot) => Promise<unknown>;

/**
 * Sends the writes of a user in as few requests as the API allows (D3). `POST /users` takes an update and all
 * subscriptions at once, but creates a user who does not exist. So it is used where users are to be created, and
 * otherwise only after another request has shown that the user exists.
 *
 * @internal
 */
export function createWritePerformer(options: PerformerOptions): PerformWrites {
  const { sender, appId, missingUser, room, memory, accept } = options;
  const send = createWriteSender(sender);
  const fitUpdate = createUpdateFitter(options);
  const alone: BuildRequest = ([operation]) => toRequest(operation, appId);
  const upsert: BuildRequest = (operations) => upsertUserRequest(operations, appId);

  /** OneSignal may have applied a request without our knowledge: the user may exist, with other tags than were known. */
  const noteDoubts = (
    [first]: readonly Part[],
    { verdict, isInDoubt, hasChanged }: Sent,
    build: BuildRequest,
  ): void => {
    if (first === undefined) return;
    // Otherwise the last answer settles it: it is about the same writes.
    const isUnsettled = verdict.kind === 'cancelled' || verdict.kind === 'retryable' || verdict.kind === 'unauthorized';
    const mayHaveArrived = isInDoubt && isUnsettled;
    if (mayHaveArrived || hasChanged) room.forget(first.operation.user);
    if (mayHaveArrived && build === upsert) memory.mayExist(first.operation.user);
  };

  /** The user exists but was not visible to an update a moment ago, so the tags to be removed may be there. */
  const acceptWithoutRemovals = async ({ parts }: Sent): Promise<void> => {
    await accept(parts.flatMap(withoutRemovals));
    for (const { operation, inputs } of parts) {
      if (operation.type !== 'update_user') continue;
      const removed = new Set(Object.keys(operation.tags).filter((key) => operation.tags[key] === ''));
      for (const input of inputs)
        if (input.writes.some((write) => write.type === 'update_user' && keysOf(write).some((key) => removed.has(key))))
          missUser(input, operation.type, { missingUser, isKnown: true });
    }
  };

  /** Sends one request and acts on its verdict, except on a missing user and a refusal for the tag limit. */
  const ship: Ship = async (parts, build, slot) => {
    const sent = await send(parts, build, slot);
    const { verdict } = sent;
    noteDoubts(parts, sent, build);
    if (verdict.kind === 'accepted' && build === upsert && verdict.status === 202) await acceptWithoutRemovals(sent);
    else if (verdict.kind === 'accepted') {
      const recording = accept(sent.parts);
      if (recording !== undefined) await recording;
    }
    if (verdict.kind === 'refused' || verdict.kind === 'warned') await handleRefusal(sent.parts, build, verdict);
    if (verdict.kind === 'retryable' || verdict.kind === 'unauthorized')
      for (const { inputs } of sent.parts) conclude(inputs, verdict);
    return verdict;
  };

  /** Sends an update piece by piece, as far as the plan has room for its tags. */
  const update = (
    part: Part<UpdateUser>,
    shipPiece: Ship,
    build: BuildRequest,
    slot?: Slot,
    isMissing = false,
  ): Promise<Verdict> =>
    fitUpdate(part.operation, part.inputs, (piece, own) => shipPiece([piece], build, own), {
      mayBeNew: build === upsert && !memory.isKnown(part.operation.user),
      isMissing,
      onFoundToExist: () => memory.mayExist(part.operation.user),
      slot,
    });

  const miss = async ({ operation, inputs }: Part): Promise<void> => {
    const isKnown = memory.isKnown(operation.user);
    if (operation.type === 'delete_user' && !isKnown) {
      await accept([{ operation, inputs }]);
      return;
    }
    const warning = isKnown ? undefined : memory.missed();
    for (const input of inputs) {
      if (warning !== undefined) input.warn(warning);
      missUser(input, operation.type, { missingUser, isKnown });
    }
  };

  /** Sends one part alone, and settles its inputs in any case. */
  const settle = async (part: Part, build: BuildRequest = alone, slot?: Slot): Promise<Verdict> => {
    const verdict = isUpdatePart(part) ? await update(part, ship, build, slot) : await ship([part], build, slot);
    if (verdict.kind === 'user_missing') await miss(part);
    return verdict;
  };
  const handleRefusal = createRefusalHandler(settle);

  /** Creates the user, or changes an existing one, with all subscriptions in the first request. */
  const createUser = async (
    first: Part<UpdateUser> | undefined,
    subscriptions: readonly Part<AddSubscription>[],
    slot?: Slot,
    isMissing = false,
  ): Promise<void> => {
    let left = subscriptions;
    const shipPiece: Ship = async (pieces, build, own) => {
      const verdict = await ship([...pieces, ...left], build, own);
      if (verdict.kind !== 'tag_cap' && verdict.kind !== 'cancelled') left = [];
      return verdict;
    };
    const verdict =
      first === undefined ? await shipPiece([], upsert, slot) : await update(first, shipPiece, upsert, slot, isMissing);
    // No request was needed for the tags, so the slot may not be used yet.
    if (left.length > 0) await shipPiece([], upsert, slot);
    if (verdict.kind !== 'user_missing') return;
    for (const part of [...(first ? [first] : []), ...subscriptions]) await miss(part);
  };

  /** Sends an update to a user who may not exist. Returns whether the user is known to exist. */
  const updateOrMiss = async (
    first: Part<UpdateUser>,
    subscriptions: readonly Part<AddSubscription>[],
    slot: Slot,
  ): Promise<'exists' | 'unknown' | 'created'> => {
    const verdict = await update(first, ship, alone, slot);
    if (verdict.kind !== 'user_missing') return verdict.kind === 'accepted' ? 'exists' : 'unknown';
    const isCreated = missingUser === 'create' && (wantsTag(first.inputs) || subscriptions.length > 0);
    // A user who is not visible yet cannot be told from one without tags, so those of a known one have to wait.
    if (!isCreated || memory.isKnown(first.operation.user)) {
      await miss(first);
      return 'unknown';
    }
    await createUser(first, subscriptions, slot, true);
    return 'created';
  };

  const subscribe = async (
    subscriptions: readonly Part<AddSubscription>[],
    exists: boolean,
    slot: Slot,
  ): Promise<void> => {
    const [first, ...others] = subscriptions;
    if (first === undefined) return;
    if (exists && others.length > 0) {
      await ship(subscriptions, upsert, slot);
      return;
    }
    const verdict = await settle(first, alone, slot);
    await subscribe(others, verdict.kind === 'accepted', slot);
  };

  const performAll = async (parts: readonly Part[], slot: Slot): Promise<void> => {
    const [first, ...moreUpdates] = parts.filter(isUpdatePart);
    const subscriptions = parts.filter(isSubscriptionPart);
    const others = parts.filter((part) => !isUpdatePart(part) && !isSubscriptionPart(part));

    for (const part of others) if (part.operation.type === 'delete_user') await settle(part, alone, slot);
    if (
      missingUser === 'create' &&
      (first === undefined ? subscriptions.length > 0 : removesNothing(first.operation))
    ) {
      await createUser(first, subscriptions, slot);
    } else {
      const found = first === undefined ? 'unknown' : await updateOrMiss(first, subscriptions, slot);
      if (found === 'unknown' && missingUser === 'create' && subscriptions.length > 0)
        await createUser(undefined, subscriptions, slot);
      else if (found !== 'created') await subscribe(subscriptions, found === 'exists', slot);
    }
    for (const part of moreUpdates) await settle(part, alone, slot);
    for (const part of others) if (part.operation.type !== 'delete_user') await settle(part, alone, slot);
  };

  return (parts, slot) => {
    const [only] = parts;
    // Nearly always: one update of a user who is not to be created.
    const isLoneUpdate = parts.length === 1 && only !== undefined && isUpdatePart(only) && missingUser !== 'create';
    return isLoneUpdate ? settle(only, alone, slot) : performAll(parts, slot);
  };
}

/** The part as `POST /users` sends it. */
function withoutRemovals(part: Part): Part[] {
  if (!isUpdatePart(part)) return [part];
  const { operation, inputs } = part;
  const tags = Object.fromEntries(Object.entries(operation.tags).filter(([, value]) => value !== ''));
  if (Object.keys(tags).length === 0 && operation.profile === undefined) return [];
  return [{ operation: { ...operation, tags }, inputs }];
}

/** Whether one of the inputs sets a tag, even if another one that it is merged with removes the tag again. */
function wantsTag(inputs: readonly PendingInput[]): boolean {
  const setsTag = (write: UserWrite): boolean =>
    write.type === 'update_user' && Object.values(write.tags).some((value) => value !== '');
  return inputs.some(({ writes }) => writes.some(setsTag));
}

/** `POST /users` is documented to set tags, not to remove them. */
function removesNothing({ tags, profile }: UpdateUser): boolean {
  return Object.values(tags).every((value) => value !== '') && (profile !== undefined || Object.keys(tags).length > 0);
}
