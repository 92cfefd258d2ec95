/** Any version: OneSignal's examples hold v1 and v4, and the ids that this library chooses are v5. */
export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value);
}

/** Characters as people count them: one emoji is one, not two. */
export function lengthOf(text: string): number {
  return text.length <= 64 ? text.length : [...text].length;
}
