/** A bounded memory: what is too old counts as absent, and the oldest make room for the newest. */
export interface ExpiringMap<Value> {
  /** The value, unless it is too old. */
  get(key: string): Value | undefined;
  /** Remembers a value for so many milliseconds. */
  set(key: string, value: Value, forMs: number): void;
}

/** No timer: what is too old is found when it is asked for, or pushed out. @internal */
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
  };
}
