/** Accepts any version: OneSignal's examples contain v1 and v4, and the ids that this library generates are v5. */
export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value);
}

/**
 * Whether the tz database has this name or alias. Newer engines also accept offsets such as `+01:00`, which are not
 * names.
 */
export function isTimeZone(value: unknown): boolean {
  if (typeof value !== 'string' || !/^[A-Za-z]/.test(value)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return true;
  } catch {
    return false;
  }
}

/** The length in code points, so that most emoji count as one. */
export function lengthOf(text: string): number {
  return text.length <= 64 ? text.length : [...text].length;
}
