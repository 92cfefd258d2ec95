/**
 * M5: whether a trait is the user's e-mail address or phone number, in any case; OneSignal keeps those as subscriptions.
 *
 * @see {@link https://segment.com/docs/connections/destinations/catalog/onesignal-new/#faqs | Segment: OneSignal doesn't store email and phone properties}
 */
export function isIdentifier(name: string): boolean {
  if (name.length !== 5) return false;
  const lower = name.toLowerCase();
  return lower === 'email' || lower === 'phone';
}

/**
 * M4: `first_name` for `firstName` in whatever case and with whatever underscores, `last_name` likewise.
 *
 * @see {@link https://segment.com/docs/connections/destinations/catalog/onesignal-new/#faqs | Segment: OneSignal stores firstName and lastName as first_name and last_name}
 */
export function personNameKey(name: string): 'first_name' | 'last_name' | undefined {
  // Most names begin otherwise, and need not be copied to see it.
  if (name.length < 8 || !/^[fl_]/i.test(name)) return undefined;
  const letters = name.replaceAll('_', '').toLowerCase();
  if (letters === 'firstname') return 'first_name';
  return letters === 'lastname' ? 'last_name' : undefined;
}
