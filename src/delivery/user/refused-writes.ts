import { DeliveryError } from '../../errors.js';
import type { UpdateUser } from '../../onesignal/operation.js';
import { conclude, halvesOf } from '../conclude.js';
import type { Verdict } from '../judging/verdict.js';
import { type PendingInput, stillWanted } from '../pending-input.js';
import { narrow } from './merge-writes.js';
import { type BuildRequest, isUpdatePart, type Part } from './write-job.js';

type Refusal = Extract<Verdict, { kind: 'refused' | 'warned' }>;

/** Finds the part of a refused request that is at fault, by sending its parts. */
export type HandleRefusal = (parts: readonly Part[], build: BuildRequest, refusal: Refusal) => Promise<void>;

/**
 * A refused request fails only the writes that are at fault: several operations are sent one by one, an update with a
 * profile once more without it, and one operation of several inputs in halves, down to single inputs (D1).
 *
 * @param settle - Sends one part alone, and settles its inputs.
 * @internal
 */
export function createRefusalHandler(settle: (part: Part, build?: BuildRequest) => Promise<Verdict>): HandleRefusal {
  const settleInHalves = async ({ operation, inputs }: Part, build: BuildRequest): Promise<void> => {
    for (const half of halvesOf(inputs)) {
      const wanted = stillWanted(half);
      for (const narrowed of narrow(operation, wanted)) await settle({ operation: narrowed, inputs: wanted }, build);
    }
  };

  return async (parts, build, refusal) => {
    const [part, ...others] = parts;
    if (part === undefined) return;
    if (others.length > 0) {
      for (const single of parts) await settle(asWhole(single), isUpdatePart(single) ? build : undefined);
    } else if (refusal.kind === 'refused' && isUpdatePart(part) && mayBlameProfile(part.operation, refusal.error)) {
      const { profile: _, ...operation } = part.operation;
      await settle({ operation, inputs: part.inputs }, build);
      for (const input of part.inputs) if (lostProfile(input)) input.warn(profileRefused(refusal.error));
    } else if (refusal.kind === 'refused' && part.inputs.length > 1) {
      await settleInHalves(part, build);
    } else conclude(part.inputs, refusal);
  };
}

/** What is sent anew is not held back as a fitted part is. */
function asWhole({ operation, inputs }: Part): Part {
  return { operation, inputs };
}

/** OneSignal refuses a language it does not support together with everything else in the update. */
function mayBlameProfile({ profile, tags }: UpdateUser, { status }: DeliveryError): boolean {
  return status === 400 && profile !== undefined && Object.keys(tags).length > 0;
}

function lostProfile(input: PendingInput): boolean {
  const hasProfile = input.writes.some((write) => write.type === 'update_user' && write.profile !== undefined);
  return hasProfile && input.hasApplied('update_user');
}

function profileRefused({ status, reasons }: DeliveryError): DeliveryError {
  const why = reasons.length === 0 ? '' : `: ${reasons.join('; ')}`;
  const message = `OneSignal refused the profile${why}. The tags were written without it.`;
  return new DeliveryError('profile_refused', message, {
    operation: 'update_user',
    reasons,
    ...(status === undefined ? {} : { status }),
  });
}
