import type { Alias, UpdateUser } from '../../onesignal/operation.js';
import type { OrderStore } from '../options.js';
import { come, dropTags, type Entry, membershipKey, type UserWrite } from '../pending-input.js';
import { keysOf, withoutKeys } from './update-keys.js';
import { withStore } from './with-store.js';

const order = { name: 'order store', operation: 'update_user' } as const;

/** Keeps late events from undoing newer ones. */
export interface OrderGuard {
  /** Takes from the inputs' writes the tags and fields that something newer has written. */
  dropStale(user: Alias, entries: readonly Entry[]): void | Promise<void>;
  /** Remembers what was written. */
  record(operation: UpdateUser, entries: readonly Entry[]): void | Promise<void>;
  /** Forgets a user who was deleted. */
  forget(user: Alias, entries: readonly Entry[]): void | Promise<void>;
}

/**
 * The order guard (spec D9): strictly older writes are dropped `stale`, per tag and field of the profile, across calls, retries and redeliveries.
 *
 * An event whose time is not known is neither guarded nor remembered. A store that fails makes its events `retryable`: nothing is written that might be out of order.
 *
 * @internal
 */
export function createOrderGuard(store: OrderStore): OrderGuard {
  return {
    dropStale(user, entries) {
      const keys = guardedKeys(entries);
      if (keys.length === 0) return;
      return withStore(
        order,
        entries,
        () => store.newest(user.id, keys),
        (times) => {
          // Nearly always: nothing was written to these tags yet.
          if (times.length === 0) return;
          const newest = new Map(keys.map((key, index) => [key, times[index]]));
          for (const entry of entries) dropStaleOf(entry, newest);
        },
      );
    },
    record(operation, entries) {
      const written = writtenBy(operation, entries);
      if (Object.keys(written).length === 0) return;
      return withStore(order, entries, () => store.record(operation.user.id, written));
    },
    forget(user, entries) {
      return withStore(order, entries, () => store.forget(user.id));
    },
  };
}

/** The keys that the store is asked for, each once. */
function guardedKeys(entries: readonly Entry[]): string[] {
  const keys = entries.flatMap((entry) => (entry.atMs === undefined ? [] : keysIn(entry.writes)));
  return entries.length === 1 ? keys : [...new Set(keys)];
}

function keysIn(writes: readonly UserWrite[]): string[] {
  return writes.flatMap((write) => (write.type === 'update_user' ? keysOf(write) : []));
}

function dropStaleOf(entry: Entry, newest: ReadonlyMap<string, number | undefined>): void {
  const { atMs } = entry;
  if (atMs === undefined) return;
  const stale = new Set(keysIn(entry.writes).filter((key) => atMs < (newest.get(key) ?? atMs)));
  if (stale.size === 0) return;

  dropTags(entry, stale, 'stale');
  const membership = membershipKey(entry);
  if (membership !== undefined && stale.has(membership)) entry.withoutSegment = true;
  entry.writes = withoutKeys(entry.writes, stale);
  const shared = entry.plan.operations.some(
    ({ type }) => type === 'send_custom_events' || (type === 'ensure_segment' && !entry.withoutSegment),
  );
  if (entry.writes.length === 0 && !shared) {
    come(entry, { status: 'skipped', reason: 'stale' });
    entry.stopped = true;
  }
}

/** Per key the newest time of those that wrote it; entries stand in the order of time. One without a time leaves it as it was: what is older stays stale. */
function writtenBy(operation: UpdateUser, entries: readonly Entry[]): Record<string, number> {
  const [only] = entries;
  if (only !== undefined && entries.length === 1) {
    const { atMs } = only;
    return Object.fromEntries(atMs === undefined ? [] : keysOf(operation).map((key) => [key, atMs]));
  }
  const written = new Map<string, number>();
  const sent = new Set(keysOf(operation));
  for (const { atMs, writes } of entries) {
    if (atMs === undefined) continue;
    for (const key of keysIn(writes)) if (sent.has(key)) written.set(key, atMs);
  }
  return Object.fromEntries(written);
}
