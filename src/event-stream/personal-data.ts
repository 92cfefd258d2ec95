import { isUuid } from '../onesignal/is-uuid.js';
import { maxEventBytes } from './limits.js';

const mark = '<redacted>';

// All patterns take linear time: what they repeat cannot match the characters before it, or is bounded.
const email = /[^\s"'<>,;:()[\]{}=?&@%]{1,256}(?:@|%40)[^\s"'<>,;:()[\]{}=?&@%]{1,256}/gi;
/** E.164, `00…` and national numbers, in the usual ways to write them. Dates and prices are none. */
const phones = [
  /(?<![\w+])(?:\+|%2b|00[1-9])[ \d().\-\u2010-\u2015/]{6,30}\d/gi,
  /(?<![\w.])\d{10,15}(?![\w.]\d)/g,
  /(?<![\w.])\(?\d{3}\)?[ .-]{1,2}\d{3}[ .-]\d{4}(?!\d)/g,
  /(?<![\w.])0\d{2,4}[ /-]\d{2,4}[ \d-]{3,12}\d(?!\d)/g,
];
/** The tokens of APNs, and anything long enough to be one of FCM or Huawei. */
const hexToken = /(?<![\w-])[\da-f]{32,}(?![\w-])/gi;
const longWord = /[\w:.-]{60,}/g;

/**
 * Removes email addresses, phone numbers and push tokens from a text, since a template can put any of them anywhere.
 *
 * A failed email, for one, names its address in `failure_reason`.
 */
export function hidePersonalData(text: string): string {
  // Its track is too large to be sent, so it need not be searched.
  if (text.length > maxEventBytes) return text;
  const [first, ...others] = [email, ...phones];
  if (first === undefined) return text;
  const hidden = others.reduce((words, pattern) => words.replace(pattern, mark), text.replace(first, mark));
  return hidden.replace(hexToken, mark).replace(longWord, (word) => (isMixed(word) ? mark : word));
}

/** Whether an id is an email address, a phone number or a token instead. */
export function isPersonal(id: string): boolean {
  return !isUuid(id) && hidePersonalData(id) !== id;
}

/** A name of 60 characters has words in it; a token has letters of both cases and digits. */
function isMixed(word: string): boolean {
  return /[a-z]/.test(word) && /[A-Z]/.test(word) && /\d/.test(word);
}
