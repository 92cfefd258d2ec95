/**
 * M5: whether a field is the user's email address or phone number, in any case. OneSignal stores those as
 * subscriptions.
 *
 * @see {@link https://segment.com/docs/connections/destinations/catalog/onesignal-new/#faqs | Segment: OneSignal, FAQs}
 */
export function isIdentifier(name: string): boolean {
  if (name.length !== 5) return false;
  const lower = name.toLowerCase();
  return lower === 'email' || lower === 'phone';
}

/** M4: `first_name` for `firstName` in any case and with any underscores, likewise `last_name`. */
export function personNameKey(name: string): 'first_name' | 'last_name' | undefined {
  // Most names start differently, and are not worth a copy.
  if (name.length < 8 || !/^[fl_]/i.test(name)) return undefined;
  const letters = name.replaceAll('_', '').toLowerCase();
  if (letters === 'firstname') return 'first_name';
  return letters === 'lastname' ? 'last_name' : undefined;
}
