import type { AddSubscription, UpdateUser } from '../../onesignal/operation.js';
import type { PendingInput } from '../pending-input.js';
import type { Slot } from '../sending/app-pacer.js';
import type { UserWrite } from '../user-write.js';
import { createWriteSettler, type SettlerOptions } from './settle-writes.js';
import { isSubscriptionPart, isUpdatePart, type Part, type Ship } from './write-job.js';

/** Sends the merged operations on one user, and tells each input its result. */
export type PerformWrites = (parts: readonly Part[], slot: Slot) => Promise<unknown>;

/**
 * Sends the writes of a user in as few requests as the API allows (D3). `POST /users` takes an update and all
 * subscriptions at once, but creates a user who does not exist. So it is used where users are to be created, and
 * otherwise only after another request has shown that the user exists.
 *
 * @internal
 */
export function createWritePerformer(options: SettlerOptions): PerformWrites {
  const { missingUser, memory } = options;
  const { alone, upsert, ship, update, settle, miss } = createWriteSettler(options);

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
    const isCreated = missingUser === 'create' && (wantsUser(first.inputs) || subscriptions.length > 0);
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

    for (const part of others) {
      if (part.operation.type !== 'delete_user') continue;
      await settle(part, alone, slot);
      // What comes after it would be deleted with the user.
      if (part.inputs.some((input) => input.isPendingDeletion)) return;
    }
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

/** Whether one of the inputs would create the user alone, even if another one that it is merged with removes its tags. */
function wantsUser(inputs: readonly PendingInput[]): boolean {
  const creates = (write: UserWrite): boolean =>
    write.type === 'update_user' && (removesNothing(write) || Object.values(write.tags).some((value) => value !== ''));
  return inputs.some(({ writes }) => writes.some(creates));
}

/** `POST /users` is documented to set tags, not to remove them. */
function removesNothing({ tags, profile }: UpdateUser): boolean {
  return Object.values(tags).every((value) => value !== '') && (profile !== undefined || Object.keys(tags).length > 0);
}
