/** A bounded memory: entries that are too old count as absent, and the oldest make room for new ones. */
export interface ExpiringMap<Value> {
  /** The value, unless it is absent or too old. */
  get(key: string): Value | undefined;
  /** Remembers a value for this many milliseconds. */
  set(key: string, value: Value, forMs: number): void;
  /** Forgets a value. */
  delete(key: string): void;
}

/** Uses no timer: entries that are too old are found on access, or pushed out. @internal */
export function createExpiringMap<Value>(maxSize: number): ExpiringMap<Value> {
  const entries = new Map<string, { value: Value; until: number }>();
  return {
    get(key) {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      if (Date.now() < entry.until) return entry.value;
      entries.delete(key);
      return undefined;
    },
    set(key, value, forMs) {
      entries.delete(key);
      entries.set(key, { value, until: Date.now() + forMs });
      if (entries.size <= maxSize) return;
      for (const oldest of entries.keys()) {
        entries.delete(oldest);
        return;
      }
    },
    delete: (key) => void entries.delete(key),
  };
}
