import type { Clock } from '../clock.js';

/** A bounded memory: entries that are too old count as absent, and the oldest make room for new ones. */
export interface ExpiringMap<Value> {
  /** The value, unless it is absent or too old. */
  get(key: string): Value | undefined;
  /** Remembers a value for this many milliseconds. */
  set(key: string, value: Value, forMs: number): void;
  /** Forgets a value. */
  delete(key: string): void;
}

interface Entry<Value> {
  readonly value: Value;
  readonly until: number;
}

/**
 * Never holds more than `capacity` entries, and at least the newest half of that. It uses no timer: entries that are
 * too old are found on access, or go with their generation.
 *
 * Two generations, because a search for the oldest entry of a `Map` that shrinks at its head gets slower and slower.
 *
 * @internal
 */
export function createExpiringMap<Value>(capacity: number, clock: Clock): ExpiringMap<Value> {
  let young = new Map<string, Entry<Value>>();
  let old = new Map<string, Entry<Value>>();
  const perGeneration = Math.ceil(capacity / 2);
  const forget = (key: string): void => {
    young.delete(key);
    old.delete(key);
  };
  return {
    get(key) {
      // Spares most calls the hash of a long key.
      if (young.size === 0 && old.size === 0) return undefined;
      const entry = young.get(key) ?? old.get(key);
      if (entry === undefined || clock.now() < entry.until) return entry?.value;
      forget(key);
      return undefined;
    },
    set(key, value, forMs) {
      if (young.size >= perGeneration && !young.has(key)) {
        old = young;
        young = new Map();
      }
      young.set(key, { value, until: clock.now() + forMs });
    },
    delete: forget,
  };
}
