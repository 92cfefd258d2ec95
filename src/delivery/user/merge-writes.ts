import { coalesce } from '../../onesignal/coalesce/coalesce.js';
import type { PendingInput } from '../pending-input.js';
import { contributionOf, type UserWrite } from '../user-write.js';

type Writing = Pick<PendingInput, 'plan' | 'writes'>;

/** Merges the writes of several inputs to one user into as few operations as give the same result. */
export function mergeWrites(inputs: readonly Writing[]): { operation: UserWrite; inputs: number[] }[] {
  const plans = inputs.map(({ plan, writes }) => ({ ...plan, operations: [...writes] }));
  return coalesce(plans).flatMap(({ operation, inputs }) =>
    operation.type === 'ensure_segment' || operation.type === 'send_custom_events' ? [] : [{ operation, inputs }],
  );
}

/** Reduces a merged operation to what these inputs, some of those it was merged from, contributed to it. */
export function narrow(operation: UserWrite, inputs: readonly PendingInput[]): UserWrite[] {
  const contributed = inputs.map(({ plan, writes }) => ({
    plan,
    writes: writes.flatMap((write) => contributionOf(write, operation)),
  }));
  return mergeWrites(contributed).map((merged) => merged.operation);
}
