import type { SeenStore } from '../options.js';
import type { Entry } from '../pending-input.js';
import { withStore } from './with-store.js';

const seen = { name: 'store of seen events', operation: 'add_purchases' } as const;

/** Keeps a redelivery from counting purchases twice. */
export interface SeenGuard {
  /** Takes the purchases out of events that were delivered before. */
  dropSeen(entries: readonly Entry[]): void | Promise<void>;
  /** Remembers events whose purchases OneSignal accepted. */
  remember(entries: readonly Entry[]): void | Promise<void>;
}

/**
 * Purchases increment, so a repeat counts twice: an event whose `messageId` the store knows keeps its tags and loses its purchases (spec S6).
 *
 * Not a guarantee: a process that dies between OneSignal's answer and the store's leaves the event unknown.
 *
 * @internal
 */
export function createSeenGuard(store: SeenStore): SeenGuard {
  return {
    dropSeen(entries) {
      const inBatch = new Set<string>();
      return forEachPurchase(entries, (entry, messageId) => {
        if (inBatch.has(messageId)) return dropPurchases(entry);
        inBatch.add(messageId);
        return withStore(
          seen,
          [entry],
          () => store.has(messageId),
          (isSeen) => isSeen && dropPurchases(entry),
        );
      });
    },
    remember: (entries) =>
      forEachPurchase(entries, (entry, messageId) => withStore(seen, [entry], () => store.add(messageId))),
  };
}

function forEachPurchase(
  entries: readonly Entry[],
  act: (entry: Entry, messageId: string) => void | Promise<void>,
): void | Promise<void> {
  const waiting: Promise<void>[] = [];
  for (const entry of entries) {
    const { messageId } = entry.plan;
    if (messageId === undefined || !entry.writes.some(({ type }) => type === 'add_purchases')) continue;
    const acting = act(entry, messageId);
    if (acting !== undefined) waiting.push(acting);
  }
  if (waiting.length > 0) return Promise.all(waiting).then(() => {});
}

function dropPurchases(entry: Entry): void {
  entry.writes = entry.writes.filter(({ type }) => type !== 'add_purchases');
}
