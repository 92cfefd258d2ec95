const minPhoneDigits = 7;

const phone = /^[\d ().+/\-\u2010-\u2015]+$/;
/** What may stand between the digits of a phone number. */
export const separators = /[ ().+/\-\u2010-\u2015]+/g;

/** The digits of a text that is written like a phone number. */
export function digitsOf(text: string): string | undefined {
  if (!phone.test(text)) return undefined;
  const digits = text.replace(separators, '');
  return digits.length < minPhoneDigits ? undefined : digits;
}
