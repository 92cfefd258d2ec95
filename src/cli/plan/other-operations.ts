import type { Operation } from 'segment-onesignal';

/** What events do besides updating users, such as `{ name: 'segments', count: 1, examples: ['Big Spenders'] }`. */
export interface OtherOperations {
  readonly name: string;
  readonly count: number;
  readonly examples: readonly string[];
}

/** Counts operations of each event, before they are merged. */
export interface OtherOperationsCounter {
  add(operation: Operation): void;
  /** The most frequent first. */
  entries(): OtherOperations[];
}

const names: Readonly<Record<Exclude<Operation['type'], 'update_user' | 'ensure_segment'>, string>> = {
  send_custom_events: 'custom events',
  add_subscription: 'subscriptions',
  add_alias: 'aliases',
  add_purchases: 'purchases',
  delete_user: 'deletions',
};
/** An archive names few audiences. Memory stays flat if it does not. */
const maxSegments = 10_000;

export function createOtherOperationsCounter(): OtherOperationsCounter {
  const counts = new Map<string, number>();
  const segments = new Set<string>();
  return {
    add(operation) {
      if (operation.type === 'update_user') return;
      if (operation.type === 'ensure_segment') {
        if (segments.size < maxSegments) segments.add(operation.name);
        return;
      }
      const name = names[operation.type];
      counts.set(name, (counts.get(name) ?? 0) + sizeOf(operation));
    },
    entries() {
      const others = [...counts].map(([name, count]): OtherOperations => ({ name, count, examples: [] }));
      if (segments.size > 0) others.push({ name: 'segments', count: segments.size, examples: [...segments] });
      return others.toSorted((one, other) => other.count - one.count);
    },
  };
}

function sizeOf(operation: Operation): number {
  if (operation.type === 'send_custom_events') return operation.events.length;
  return operation.type === 'add_purchases' ? operation.purchases.length : 1;
}
