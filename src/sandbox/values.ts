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
