/** A getter of a foreign error may throw, and that must not break the outcome that reports the error. */
export function readField(owner: object, key: string): unknown {
  try {
    return Reflect.get(owner, key);
  } catch {
    return undefined;
  }
}

/** The names of a foreign object's fields. A proxy may refuse to list them. */
export function fieldNamesOf(owner: object): string[] {
  try {
    return Object.keys(owner);
  } catch {
    return [];
  }
}
