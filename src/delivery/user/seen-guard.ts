import type { SeenStore } from '../options.js';
import type { PendingInput } from '../pending-input.js';
import { withStore } from './with-store.js';

const seen = { name: 'store of seen events', operation: 'add_purchases' } as const;

/** Keeps a redelivery from counting purchases twice. */
export interface SeenGuard {
  /** Takes the purchases out of events that were delivered before. */
  dropSeen(inputs: readonly PendingInput[]): void | Promise<void>;
  /** Remembers events whose purchases OneSignal accepted. */
  remember(inputs: readonly PendingInput[]): void | Promise<void>;
}

/**
 * Purchases increment, so a repeat counts twice. An event whose `messageId` the store knows keeps its tags and loses
 * its purchases (S6).
 *
 * This is not a guarantee: if the process dies between OneSignal's answer and the store's, the event stays unknown.
 *
 * @internal
 */
export function createSeenGuard(store: SeenStore): SeenGuard {
  return {
    dropSeen(inputs) {
      const inBatch = new Set<string>();
      return forEachPurchase(inputs, (input, messageId) => {
        if (inBatch.has(messageId)) return input.removeWrites('add_purchases');
        inBatch.add(messageId);
        return withStore(
          seen,
          [input],
          () => store.has(messageId),
          (isSeen) => isSeen && input.removeWrites('add_purchases'),
        );
      });
    },
    remember: (inputs) =>
      forEachPurchase(inputs, (input, messageId) => withStore(seen, [input], () => store.add(messageId))),
  };
}

function forEachPurchase(
  inputs: readonly PendingInput[],
  act: (input: PendingInput, messageId: string) => void | Promise<void>,
): void | Promise<void> {
  const waiting: Promise<void>[] = [];
  for (const input of inputs) {
    const { messageId } = input.plan;
    if (messageId === undefined || !input.writes.some(({ type }) => type === 'add_purchases')) continue;
    const acting = act(input, messageId);
    if (acting !== undefined) waiting.push(acting);
  }
  if (waiting.length > 0) return Promise.all(waiting).then(() => {});
}
