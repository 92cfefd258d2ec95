import type { UpdateUser } from '../../onesignal/operation.js';
import { viewUserRequest } from '../../onesignal/request.js';
import { recordOf } from '../../record.js';
import { createExpiringMap } from '../expiring-map.js';
import { readJson } from '../judging/response.js';
import type { Verdict } from '../judging/verdict.js';
import type { PendingInput } from '../pending-input.js';
import type { Sender } from '../sending/sender.js';
import { SharedWork } from '../shared-work.js';
import { fittingKeys, isEmpty, lostKeys, pickTags, removalsOf, type Tags } from './fitting-tags.js';

const rememberedMs = 10 * 60 * 1000;
const maxRemembered = 10_000;

/** Sends an update of a user, or a part of one. */
export type SendUpdate = (operation: UpdateUser, inputs: readonly PendingInput[]) => Promise<Verdict>;

export interface TagCapOptions {
  sender: Sender;
  appId: string;
  /** The tag limit of the OneSignal plan, if it was given. */
  tagLimit: number | undefined;
  send: SendUpdate;
  /** Called with each update that OneSignal accepted. */
  onAccepted(operation: UpdateUser, inputs: readonly PendingInput[]): void | Promise<void>;
}

/** Writes as much as possible of an update to a user who has as many tags as the OneSignal plan allows. */
export interface TagCap {
  /** Whether OneSignal would refuse the update: the user was at the limit recently, and it adds tags. */
  isExpected(operation: UpdateUser): boolean;
  /** Call if OneSignal refused an update for the limit, or would. Returns the verdict on the last request. */
  recover(operation: UpdateUser, inputs: readonly PendingInput[]): Promise<Verdict>;
  /** Call after OneSignal refused to create a user, who has no tags yet, for the limit. */
  recoverNew(operation: UpdateUser, inputs: readonly PendingInput[], create: SendUpdate): Promise<Verdict>;
}

/**
 * Recovers from the tag limit (D8). OneSignal refuses an update that passes the limit as a whole, and counts before it
 * removes. So removals go alone, then the rest once more, then only the tags that the user already has.
 *
 * @see {@link https://documentation.onesignal.com/docs/add-user-data-tags | OneSignal: Data tags, limits}
 * @internal
 */
export function createTagCap({ sender, appId, tagLimit, send, onAccepted }: TagCapOptions): TagCap {
  const atCap = createExpiringMap<true>(maxRemembered);

  const view = async (operation: UpdateUser, inputs: readonly PendingInput[]): Promise<Verdict> => {
    const work = new SharedWork(inputs);
    const request = viewUserRequest(operation.user, appId);
    const verdict = await sender.send({ operation, request, isView: true }, work);
    work.finish();
    return verdict;
  };

  /** `known` holds the tags that the user has, if they could be read. */
  const sendFitting = async (
    operation: UpdateUser,
    inputs: readonly PendingInput[],
    known: Tags | undefined,
    sendPart: SendUpdate,
  ): Promise<Verdict> => {
    const part = pickTags(operation, fittingKeys(operation, inputs, known, tagLimit));
    const verdict: Verdict = isEmpty(part) ? { kind: 'tag_cap' } : await sendPart(part, inputs);
    if (verdict.kind === 'accepted') await onAccepted(part, inputs);
    else if (verdict.kind !== 'tag_cap') return verdict;
    const written = verdict.kind === 'accepted' ? part.tags : {};
    for (const input of inputs)
      if (input.isWanted) input.dropForRoom(lostKeys(input, operation, written, known), 'tag_limit');
    return { kind: 'accepted', body: undefined };
  };

  const fitToUser = async (operation: UpdateUser, inputs: readonly PendingInput[]): Promise<Verdict> => {
    atCap.set(operation.user.id, true, rememberedMs);
    const viewed = await view(operation, inputs);
    // An outage, a bad key or a missing user has nothing to do with the limit and must not cost tags.
    if (viewed.kind === 'unauthorized' || viewed.kind === 'user_missing') return viewed;
    if (viewed.kind === 'retryable' && viewed.error.code !== 'rate_limited') return viewed;
    return sendFitting(operation, inputs, viewed.kind === 'accepted' ? tagsOf(viewed.body) : undefined, send);
  };

  return {
    isExpected: (operation) => atCap.get(operation.user.id) !== undefined && removalsOf(operation) !== 'all',
    async recover(operation, inputs) {
      const removals = removalsOf(operation);
      if (removals === 'all' || removals.size === 0 || atCap.get(operation.user.id) !== undefined)
        return fitToUser(operation, inputs);

      const removal = pickTags(operation, removals);
      const rest = pickTags(operation, new Set(Object.keys(operation.tags).filter((key) => !removals.has(key))));
      const removed = await send(removal, inputs);
      if (removed.kind === 'tag_cap') return fitToUser(operation, inputs);
      if (removed.kind !== 'accepted') return removed;
      await onAccepted(removal, inputs);
      const verdict = await send(rest, inputs);
      if (verdict.kind === 'tag_cap') return fitToUser(rest, inputs);
      if (verdict.kind === 'accepted') await onAccepted(rest, inputs);
      return verdict;
    },
    recoverNew: (operation, inputs, create) => sendFitting(operation, inputs, {}, create),
  };
}

/** A transport may return the body as text. */
function tagsOf(body: unknown): Tags {
  const json = readJson(body);
  return recordOf(recordOf(recordOf(json.kind === 'json' ? json.value : undefined).properties).tags);
}
