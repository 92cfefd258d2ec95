import type { UpdateUser } from '../../onesignal/operation.js';
import { toRequest, upsertUserRequest } from '../../onesignal/request.js';
import { conclude } from '../conclude.js';
import type { Verdict } from '../judging/verdict.js';
import { missUser } from '../missing-user.js';
import type { Slot } from '../sending/app-pacer.js';
import { filterTags, keysOf } from '../user-write.js';
import { createUpdateFitter, type FitOptions, type UpdateFitterOptions } from './fit-update.js';
import { createRefusalHandler } from './refused-writes.js';
import type { UserMemory } from './user-memory.js';
import { type BuildRequest, isUpdatePart, type Part, type Ship, WriteJob } from './write-job.js';

export interface SettlerOptions extends UpdateFitterOptions {
  missingUser: 'skip' | 'create' | 'retry';
  memory: UserMemory;
}

/** Sends parts of a user's write, and tells their inputs the result. */
export interface WriteSettler {
  /** Sends one operation under its own endpoint. */
  readonly alone: BuildRequest;
  /** Creates the user with all operations, or updates the one that exists. */
  readonly upsert: BuildRequest;
  /** Sends one request and acts on its verdict, except on a missing user and a refusal for the tag limit. */
  readonly ship: Ship;
  /** Sends an update, if the limit requires it piece by piece. Leaves a missing user to the caller. */
  update(
    part: Part<UpdateUser>,
    shipPiece: Ship,
    build: BuildRequest,
    slot?: Slot,
    isMissing?: boolean,
  ): Promise<Verdict>;
  /** Sends one part alone, and settles its inputs in any case. */
  settle(part: Part, build?: BuildRequest, slot?: Slot): Promise<Verdict>;
  /** Settles the inputs of a part whose user OneSignal does not know. */
  miss(part: Part): Promise<void>;
}

/** In place of a request that was not sent, because the limit is known and may not allow it. */
const notTried: Verdict = { kind: 'tag_cap' };

/** @internal */
export function createWriteSettler(options: SettlerOptions): WriteSettler {
  const { sender, appId, missingUser, room, memory, accept } = options;
  const fitUpdate = createUpdateFitter(options);
  const alone: BuildRequest = ([operation]) => toRequest(operation, appId);
  const upsert: BuildRequest = (operations) => upsertUserRequest(operations, appId);

  /** OneSignal may have applied a request without our knowledge: the user may exist, with other tags than were known. */
  const noteDoubts = (job: WriteJob, verdict: Verdict, [first]: readonly Part[], build: BuildRequest): void => {
    if (first === undefined) return;
    // Otherwise the last answer settles it: it is about the same writes.
    const isUnsettled = ['cancelled', 'retryable', 'unauthorized'].includes(verdict.kind);
    const mayHaveArrived = job.isInDoubt && isUnsettled;
    if (mayHaveArrived || job.hasChanged) room.forget(first.operation.user);
    if (mayHaveArrived && build === upsert) memory.mayExist(first.operation.user);
    if (isUnsettled && missingUser === 'create') memory.expect(job.user ?? '');
  };

  /** The user exists but was not visible to an update a moment ago, so the tags to be removed may be there. */
  const acceptWithoutRemovals = async (parts: readonly Part[]): Promise<void> => {
    await accept(parts.flatMap(withoutRemovals));
    for (const { operation, inputs } of parts) {
      if (operation.type !== 'update_user') continue;
      const removed = new Set(Object.keys(operation.tags).filter((key) => operation.tags[key] === ''));
      for (const input of inputs)
        if (input.writes.flatMap(keysOf).some((key) => removed.has(key)))
          missUser(input, operation.type, { missingUser, isKnown: true });
    }
  };

  const ship: Ship = async (parts, build, slot) => {
    const job = new WriteJob(parts, build);
    const verdict = await sender.send(job, job.work, slot);
    job.work.finish();
    noteDoubts(job, verdict, parts, build);
    if (verdict.kind === 'accepted' && build === upsert && verdict.status === 202)
      await acceptWithoutRemovals(job.parts);
    else if (verdict.kind === 'accepted') {
      const recording = accept(job.parts);
      if (recording !== undefined) await recording;
    }
    if (verdict.kind === 'refused' || verdict.kind === 'warned') await handleRefusal(job.parts, build, verdict);
    if (verdict.kind === 'retryable' || verdict.kind === 'unauthorized')
      for (const { inputs } of job.parts) conclude(inputs, verdict);
    return verdict;
  };

  /** Sends a part whole, unless the user may have no room for all of its tags. */
  const shipWhole = (part: Part, shipPiece: Ship, build: BuildRequest, slot?: Slot): Verdict | Promise<Verdict> =>
    room.isLimited && isUpdatePart(part) ? notTried : shipPiece([part], build, slot);

  const sendFitting = (
    part: Part<UpdateUser>,
    shipPiece: Ship,
    build: BuildRequest,
    state: Pick<FitOptions, 'isRefused' | 'isMissing' | 'slot'>,
  ): Promise<Verdict> =>
    fitUpdate(part.operation, part.inputs, (piece, own) => shipPiece([piece], build, own), {
      ...state,
      mayBeNew: () => build === upsert && !memory.isKnown(part.operation.user),
      onFoundToExist: () => memory.mayExist(part.operation.user),
    });

  const update: WriteSettler['update'] = async (part, shipPiece, build, slot, isMissing = false) => {
    const verdict = await shipWhole(part, shipPiece, build, slot);
    if (verdict.kind !== 'tag_cap') return verdict;
    return sendFitting(part, shipPiece, build, { isRefused: verdict !== notTried, isMissing, slot });
  };

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

  const settle: WriteSettler['settle'] = async (part, build = alone, slot) => {
    let verdict = await shipWhole(part, ship, build, slot);
    if (verdict.kind === 'tag_cap' && isUpdatePart(part))
      verdict = await sendFitting(part, ship, build, { isRefused: verdict !== notTried, isMissing: false, slot });
    if (verdict.kind === 'user_missing') await miss(part);
    return verdict;
  };
  const handleRefusal = createRefusalHandler(settle);

  return { alone, upsert, ship, update, settle, miss };
}

/** The part as `POST /users` sends it. */
function withoutRemovals(part: Part): Part[] {
  if (!isUpdatePart(part)) return [part];
  const { operation, inputs } = part;
  const tags = filterTags(operation.tags, (_, value) => value !== '');
  if (Object.keys(tags).length === 0 && operation.profile === undefined) return [];
  return [{ operation: { ...operation, tags }, inputs }];
}
