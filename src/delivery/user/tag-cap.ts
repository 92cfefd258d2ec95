import type { UpdateUser } from '../../onesignal/operation.js';
import { viewUserRequest } from '../../onesignal/request.js';
import { recordOf } from '../../record.js';
import { createExpiringMap } from '../expiring-map.js';
import { readJson } from '../judging/response.js';
import type { Verdict } from '../judging/verdict.js';
import { dropForRoom, type Entry, isWanted } from '../pending-input.js';
import type { Sender } from '../sending/sender.js';
import { createFlight, land } from '../shared-work.js';
import { fittingKeys, isEmpty, lostOf, partOf, removalsOf, type Tags } from './fitting-tags.js';

const rememberedMs = 10 * 60 * 1000;
const maxRemembered = 10_000;

/** Sends an update of a user, or the part of it that fits. */
export type SendUpdate = (operation: UpdateUser, entries: readonly Entry[]) => Promise<Verdict>;

/** What the recovery needs. */
export interface TagCapOptions {
  sender: Sender;
  appId: string;
  /** What OneSignal's plan allows, if the user of the library said so. */
  tagLimit: number | undefined;
  send: SendUpdate;
  /** Books what OneSignal accepted. */
  accepted(operation: UpdateUser, entries: readonly Entry[]): void | Promise<void>;
}

/** Gets as much as possible of an update to a user who has as many tags as OneSignal's plan allows. */
export interface TagCap {
  /** Whether it would be refused: the user was at the cap a short while ago. Removals alone never are. */
  isExpected(operation: UpdateUser): boolean;
  /** After OneSignal refused an update for the cap, or knowing that it would; the verdict is on what was sent last. */
  recover(operation: UpdateUser, entries: readonly Entry[]): Promise<Verdict>;
  /** After OneSignal refused for the cap to create a user, who has nothing yet. */
  recoverNew(operation: UpdateUser, entries: readonly Entry[], create: SendUpdate): Promise<Verdict>;
}

/**
 * Tag cap recovery (spec D8). OneSignal refuses an update that goes past the cap as a whole, and counts before it removes: so removals go alone, then the rest
 * once more, then only what the user has already.
 *
 * @see {@link https://documentation.onesignal.com/docs/add-user-data-tags | OneSignal: Data tags, limits}
 * @internal
 */
export function createTagCap({ sender, appId, tagLimit, send, accepted }: TagCapOptions): TagCap {
  const atCap = createExpiringMap<true>(maxRemembered);

  const view = async (operation: UpdateUser, entries: readonly Entry[]): Promise<Verdict> => {
    const flight = createFlight(entries);
    const verdict = await sender.send(
      { operation, request: viewUserRequest(operation.user, appId), reads: true },
      flight,
    );
    land(flight);
    return verdict;
  };

  /** `known`: the tags that the user has, as far as they could be read. */
  const sendWhatFits = async (
    operation: UpdateUser,
    entries: readonly Entry[],
    known: Tags | undefined,
    sendPart: SendUpdate,
  ): Promise<Verdict> => {
    const part = partOf(operation, fittingKeys(operation, entries, known, tagLimit));
    const verdict: Verdict = isEmpty(part) ? { kind: 'tag_cap' } : await sendPart(part, entries);
    if (verdict.kind === 'accepted') await accepted(part, entries);
    else if (verdict.kind !== 'tag_cap') return verdict;
    const written = verdict.kind === 'accepted' ? part.tags : {};
    for (const entry of entries.filter(isWanted))
      dropForRoom(entry, lostOf(entry, operation, written, known), 'tag_limit');
    return { kind: 'accepted', body: undefined };
  };

  const fitToUser = async (operation: UpdateUser, entries: readonly Entry[]): Promise<Verdict> => {
    atCap.set(operation.user.id, true, rememberedMs);
    const viewed = await view(operation, entries);
    // An outage, a bad key, a user who is gone: none of that is the cap's doing, and none of it may cost tags.
    if (viewed.kind === 'unauthorized' || viewed.kind === 'user_missing') return viewed;
    if (viewed.kind === 'retryable' && viewed.error.code !== 'rate_limited') return viewed;
    return sendWhatFits(operation, entries, viewed.kind === 'accepted' ? tagsOf(viewed.body) : undefined, send);
  };

  return {
    isExpected: (operation) => atCap.get(operation.user.id) !== undefined && removalsOf(operation) !== 'all',
    async recover(operation, entries) {
      const removals = removalsOf(operation);
      if (removals === 'all' || removals.size === 0 || atCap.get(operation.user.id) !== undefined)
        return fitToUser(operation, entries);

      const removal = partOf(operation, removals);
      const rest = partOf(operation, new Set(Object.keys(operation.tags).filter((key) => !removals.has(key))));
      const removed = await send(removal, entries);
      if (removed.kind === 'tag_cap') return fitToUser(operation, entries);
      if (removed.kind !== 'accepted') return removed;
      await accepted(removal, entries);
      const verdict = await send(rest, entries);
      if (verdict.kind === 'tag_cap') return fitToUser(rest, entries);
      if (verdict.kind === 'accepted') await accepted(rest, entries);
      return verdict;
    },
    recoverNew: (operation, entries, create) => sendWhatFits(operation, entries, {}, create),
  };
}

/** A transport may hand over text. */
function tagsOf(body: unknown): Tags {
  const json = readJson(body);
  return recordOf(recordOf(recordOf(json.kind === 'json' ? json.value : undefined).properties).tags);
}
