import type { Verdict } from './judging/verdict.js';
import type { PendingInput } from './pending-input.js';

/** The verdicts that mean the same for every operation. */
export type FinalVerdict = Extract<Verdict, { kind: 'warned' | 'refused' | 'retryable' | 'unauthorized' }>;

/** Tells the inputs of a request what its verdict means for them. @internal */
export function conclude(inputs: readonly PendingInput[], verdict: FinalVerdict): void {
  for (const input of inputs) {
    if (verdict.kind === 'warned') input.warn(verdict.error);
    else if (verdict.kind === 'refused') input.fail(verdict.error);
    else input.defer(verdict.error, verdict.retryAfterMs);
  }
}

/** Both halves of an array, the first one not smaller: a refused request is sent again in halves (D1). @internal */
export function halvesOf<Item>(items: readonly Item[]): [first: readonly Item[], second: readonly Item[]] {
  const middle = Math.ceil(items.length / 2);
  return [items.slice(0, middle), items.slice(middle)];
}
