import type { UpdateUser } from '../../onesignal/operation.js';
import { conclude } from '../conclude.js';
import type { Verdict } from '../judging/verdict.js';
import { type PendingInput, stillWanted } from '../pending-input.js';
import type { Slot } from '../sending/app-pacer.js';
import type { Sender } from '../sending/sender.js';
import { Fitting, type SendUpdate } from './fitting.js';
import type { TagRoom } from './tag-room.js';
import { UserRoom } from './user-room.js';
import { tagKeysOf, viewUser } from './view-user.js';
import type { Part } from './write-job.js';

export interface UpdateFitterOptions {
  sender: Sender;
  appId: string;
  room: TagRoom;
  /** Records operations that are done. */
  accept: (parts: readonly Part[]) => void | Promise<void>;
}

export interface FitOptions {
  /** Whether OneSignal has just refused the whole update for the limit. */
  isRefused: boolean;
  /** Whether the request creates the user if there is none. A new user has no tags. Asked late: what is known expires. */
  mayBeNew: () => boolean;
  /** Whether OneSignal has just not found the user. */
  isMissing: boolean;
  /** Called if the user exists after all, but cannot be read yet. */
  onFoundToExist: () => void;
  slot: Slot | undefined;
}

/** Sends as much of an update as the plan's tag limit allows; the rest is dropped `tag_limit`. */
export type FitUpdate = (
  update: UpdateUser,
  inputs: readonly PendingInput[],
  send: SendUpdate,
  options: FitOptions,
) => Promise<Verdict>;

/**
 * Keeps updates within the tag limit of the OneSignal plan (D8). OneSignal refuses an update that would exceed the
 * limit as a whole, and counts before it removes. So removals go first where they free the room that is needed, and of
 * the new tags only as many are sent as fit.
 *
 * @see {@link https://documentation.onesignal.com/docs/add-user-data-tags | OneSignal: Data tags, limits}
 * @internal
 */
export function createUpdateFitter({ sender, appId, room, accept }: UpdateFitterOptions): FitUpdate {
  return async (update, inputs, send, { isRefused, mayBeNew, isMissing, onFoundToExist, slot }) => {
    const userRoom = new UserRoom(room, update.user);
    const fitting = new Fitting(update, inputs, send, { room: userRoom, accept, onFoundToExist });
    if (isMissing) fitting.takeForNew();
    let verdict: Verdict = { kind: 'tag_cap' };
    if (!isRefused) verdict = await fitting.sendUnlessRefused(slot);
    else if (stillWanted(inputs) === inputs) fitting.noteRefusal(update);
    if (verdict.kind !== 'tag_cap') return verdict;
    if (userRoom.tags.isComplete && (isMissing || !fitting.isRefused)) {
      verdict = await fitting.sendWhatFits(slot);
      if (verdict.kind !== 'tag_cap') return verdict;
    }
    // Refused against all that was known: another client may have changed the tags.
    if (fitting.isRefused) room.forget(update.user);
    verdict = await fitting.sendRemovalsFirst(slot);
    if (verdict.kind !== 'tag_cap') return verdict;
    // Reads have their own rate limit, and may have to wait for long.
    slot?.release();
    for (;;) {
      const wanted = stillWanted(inputs).length;
      const viewed = await viewUser(sender, appId, update, inputs);
      if (viewed.kind === 'accepted') fitting.read(tagKeysOf(viewed.body));
      else if (viewed.kind === 'user_missing' && mayBeNew()) fitting.takeForNew();
      else {
        // Without a read no tag is dropped: the events come back.
        if (viewed.kind === 'refused' || viewed.kind === 'warned')
          for (const input of inputs) input.defer(viewed.error);
        if (viewed.kind === 'retryable' || viewed.kind === 'unauthorized') conclude(inputs, viewed);
        return viewed;
      }
      verdict = await fitting.sendWhatFits();
      if (verdict.kind !== 'tag_cap') return verdict;
      // If a caller has left meanwhile, something else was refused than was fitted. Callers only leave, so this ends.
      if (stillWanted(inputs).length === wanted) return fitting.dropAll();
    }
  };
}
