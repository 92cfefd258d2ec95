import type { UpdateUser } from '../../onesignal/operation.js';
import { viewUserRequest } from '../../onesignal/request.js';
import { recordOf } from '../../record.js';
import { conclude } from '../conclude.js';
import { readJson } from '../judging/response.js';
import type { Verdict } from '../judging/verdict.js';
import { type PendingInput, stillWanted } from '../pending-input.js';
import type { Slot } from '../sending/pacer.js';
import type { Sender } from '../sending/sender.js';
import { SharedWork } from '../shared-work.js';
import { countToTry, isEmpty, pickTags, splitUpdate, wantedOf, withoutPart } from './fitting-tags.js';
import { narrow } from './merge-writes.js';
import type { TagLimitRange, TagRoom } from './tag-room.js';

/** Sends a part of an update and, if OneSignal accepted it, records that. */
export type SendUpdate = (part: UpdateUser, slot?: Slot) => Promise<Verdict>;

export interface FitOptions {
  /** Whether the request creates the user if there is none. A new user has no tags. */
  mayBeNew: boolean;
  /** Whether OneSignal has just not found the user. */
  isMissing: boolean;
  /** Called if the user exists after all, but cannot be read yet. */
  onFoundToExist: () => void;
  slot: Slot | undefined;
}

/** Sends an update, or as much of it as the plan's tag limit allows; the rest is dropped `tag_limit`. */
export type FitUpdate = (
  update: UpdateUser,
  inputs: readonly PendingInput[],
  send: SendUpdate,
  options: FitOptions,
) => Promise<Verdict>;

/**
 * Keeps updates within the tag limit of the OneSignal plan (D8). OneSignal refuses an update that would exceed the limit
 * as a whole, and counts before it removes. So removals go first where they free the room that is needed, and of the new
 * tags only as many are sent as fit.
 *
 * @see {@link https://documentation.onesignal.com/docs/add-user-data-tags | OneSignal: Data tags, limits}
 * @internal
 */
export function createUpdateFitter(sender: Sender, appId: string, room: TagRoom): FitUpdate {
  return async (update, inputs, send, { mayBeNew, isMissing, onFoundToExist, slot }) => {
    // Nearly always: no limit has shown yet, and the update is within it.
    const isLimited = Number.isFinite(room.limit.atMost);
    let verdict = isLimited ? undefined : await send(update, slot);
    if (verdict !== undefined && verdict.kind !== 'tag_cap') return verdict;
    const fitting = createFitting(update, inputs, send, { room, onFoundToExist });
    if (isMissing) fitting.takeForNew();
    if (verdict === undefined) verdict = await fitting.sendUnlessRefused(slot);
    else fitting.noteRefusal(update);
    if (verdict.kind !== 'tag_cap') return verdict;
    if (room.known(update.user)?.isComplete && (isMissing || !fitting.isRefused())) {
      verdict = await fitting.sendWhatFits(slot);
      if (verdict.kind !== 'tag_cap') return verdict;
    }
    // Refused against all that was known: somebody else may have changed the tags.
    if (fitting.isRefused()) room.forget(update.user);
    verdict = await fitting.sendRemovalsFirst(slot);
    if (verdict.kind !== 'tag_cap') return verdict;
    // The read is paced by itself, and may have to wait for long.
    slot?.release();
    const viewed = await viewUser(sender, appId, update, inputs);
    if (viewed.kind === 'accepted') fitting.read(Object.keys(tagsOf(viewed.body)));
    else if (viewed.kind === 'user_missing' && mayBeNew) fitting.takeForNew();
    else {
      // Nothing is dropped for want of a read: the events come back.
      if (viewed.kind === 'refused' || viewed.kind === 'warned') for (const input of inputs) input.defer(viewed.error);
      if (viewed.kind === 'retryable' || viewed.kind === 'unauthorized') conclude(inputs, viewed);
      return viewed;
    }
    verdict = await fitting.sendWhatFits();
    return verdict.kind === 'tag_cap' ? fitting.dropAll() : verdict;
  };
}

/** One update on its way: what is left of it, and the steps by which to send that. */
function createFitting(
  update: UpdateUser,
  inputs: readonly PendingInput[],
  send: SendUpdate,
  { room, onFoundToExist }: { room: TagRoom } & Pick<FitOptions, 'onFoundToExist'>,
) {
  const { user } = update;
  let rest = update;
  let refused: UpdateUser | undefined;
  /** Whether the tags were read just now. A limit is learned from nothing else: tags change elsewhere too. */
  let isRead = false;
  /** Whether the user was not found. A user who exists may not be visible yet. */
  let isTakenForNew = false;
  let isFoundToExist = false;
  let fewestRefused = Number.POSITIVE_INFINITY;

  const hasKeys = (): ReadonlySet<string> => room.known(user)?.keys ?? new Set();
  /** How many tags are too many is known only together with the tags that the user has. */
  const noteRefusal = (part: UpdateUser): void => {
    refused = part;
    const known = room.known(user);
    if (!known?.isComplete) return;
    const { added } = splitUpdate(part, inputs, known.keys);
    if (added.length === 0) return;
    const count = known.keys.size + added.length;
    if (isRead) room.refusedAt(count);
    else fewestRefused = Math.min(fewestRefused, count);
  };
  const limit = (): TagLimitRange => {
    const atMost = Math.min(room.limit.atMost, fewestRefused - 1);
    return { atLeast: Math.min(room.limit.atLeast, atMost), atMost };
  };
  /** OneSignal says whether it created the user. */
  const learnWhetherNew = (status: number | undefined): void => {
    if (!isTakenForNew) return;
    isTakenForNew = false;
    if (status === 202) {
      isFoundToExist = true;
      room.forget(user);
      return;
    }
    isRead = true;
    if (Number.isFinite(fewestRefused)) room.refusedAt(fewestRefused);
  };
  /** Leaves out tags that only callers wanted who have left: they take no room. */
  const leaveOutUnwanted = (): void => {
    const wanted = stillWanted(inputs);
    if (wanted.length === 0 || wanted.length === inputs.length) return;
    const [left] = narrow(rest, wanted);
    rest = left?.type === 'update_user' ? left : { type: 'update_user', user, tags: {} };
  };
  const sendPart: SendUpdate = async (part, slot) => {
    let verdict = await send(part, slot);
    // Those who wanted this part have left, but not those who want the rest.
    if (verdict.kind === 'cancelled' && stillWanted(inputs).length > 0) verdict = { kind: 'accepted', body: undefined };
    if (verdict.kind === 'accepted') {
      rest = withoutPart(rest, part);
      learnWhetherNew(verdict.status);
    }
    if (verdict.kind === 'tag_cap') noteRefusal(part);
    return verdict;
  };
  const drop = (keys: readonly string[]): Verdict => {
    for (const input of inputs) if (input.isWanted) input.dropForRoom(wantedOf(input, keys), 'tag_limit');
    return { kind: 'accepted', body: undefined };
  };

  /** Sends all that is left, unless that is certain to be refused. */
  const sendUnlessRefused = async (slot?: Slot): Promise<Verdict> => {
    leaveOutUnwanted();
    const wanted = stillWanted(inputs).length;
    const { atMost } = limit();
    const has = hasKeys();
    const { kept, added } = splitUpdate(rest, inputs, has);
    if (has.size + added.length <= atMost) return sendPart(rest, slot);
    if (room.known(user)?.isComplete || kept.length > 0 || has.size >= atMost) return { kind: 'tag_cap' };
    // More new tags than any user has room for. If the first ones are accepted, the user has no others.
    const first = added.slice(0, atMost - has.size);
    const verdict = await sendPart(pickTags(rest, first), slot);
    if (verdict.kind !== 'accepted') return verdict;
    return stillWanted(inputs).length === wanted ? drop(added.slice(first.length)) : { kind: 'tag_cap' };
  };

  return {
    sendUnlessRefused,
    noteRefusal,
    isRefused: () => refused !== undefined,
    /** The user has exactly these tags, so it is known how many were too many. */
    read(keys: readonly string[]): void {
      isRead = true;
      fewestRefused = Number.POSITIVE_INFINITY;
      room.read(user, keys);
      if (refused !== undefined) noteRefusal(refused);
    },
    /** The user was not found, so probably has no tags. */
    takeForNew(): void {
      isTakenForNew = true;
      room.read(user, []);
      if (refused !== undefined) noteRefusal(refused);
    },
    /** OneSignal refuses even what needs no room. Removals of tags that the user does not have are done. */
    dropAll: (): Verdict => drop(Object.keys(rest.tags).filter((key) => rest.tags[key] !== '' || hasKeys().has(key))),
    /** Sends the removals alone, which frees their room, then the rest. */
    async sendRemovalsFirst(slot?: Slot): Promise<Verdict> {
      const keys = Object.keys(rest.tags);
      const removals = keys.filter((key) => rest.tags[key] === '');
      if (removals.length === 0 || removals.length === keys.length) return { kind: 'tag_cap' };
      const removed = await sendPart(pickTags(rest, removals), slot);
      return removed.kind === 'accepted' ? sendUnlessRefused() : removed;
    },
    /** Once the user's tags are known: sends what needs no room, and new tags as far as they fit. */
    async sendWhatFits(slot?: Slot): Promise<Verdict> {
      leaveOutUnwanted();
      const { kept, added } = splitUpdate(rest, inputs, hasKeys());
      const frees = kept.some((key) => rest.tags[key] === '' && hasKeys().has(key));
      if (frees && hasKeys().size + added.length > limit().atMost) {
        const verdict = await sendPart(pickTags(rest, kept), slot);
        if (verdict.kind !== 'accepted') return verdict;
      }
      for (;;) {
        leaveOutUnwanted();
        const split = splitUpdate(rest, inputs, hasKeys());
        const has = hasKeys().size;
        const count = countToTry(has, split.added.length, limit());
        const part = pickTags(rest, [...split.kept, ...split.added.slice(0, count)]);
        // Not even one tag fits, or others were there before: the tags of a user who is not visible yet have to wait.
        const isUnseen = isFoundToExist || (isTakenForNew && count === 0 && room.limit.atMost > 0);
        if (isUnseen && split.added.length > 0) {
          onFoundToExist();
          return { kind: 'user_missing' };
        }
        if (isEmpty(part)) return drop(split.added);
        const { atMost } = limit();
        const verdict = await sendPart(part, slot);
        // Without a read, what is known may be wrong.
        if (verdict.kind === 'tag_cap' && (isRead || isTakenForNew) && limit().atMost < atMost) continue;
        if (verdict.kind !== 'accepted' || split.added.length === count) return verdict;
      }
    },
  };
}

async function viewUser(
  sender: Sender,
  appId: string,
  update: UpdateUser,
  inputs: readonly PendingInput[],
): Promise<Verdict> {
  const work = new SharedWork(inputs);
  const request = viewUserRequest(update.user, appId);
  const verdict = await sender.send({ next: () => ({ operations: [update], request }), view: 'view_user' }, work);
  work.finish();
  return verdict;
}

/** A transport may return the body as text. */
function tagsOf(body: unknown): Readonly<Record<string, unknown>> {
  const json = readJson(body);
  return recordOf(recordOf(recordOf(json.kind === 'json' ? json.value : undefined).properties).tags);
}
