import { maxTagBytes } from '../../onesignal/limits.js';
import { utf8Bytes } from '../../onesignal/utf8.js';

/** A character in JSON takes at most 6 bytes: `\u0000`. */
const maxBytesPerCharacter = 6;

/** M6: whether a tag is so large that 100 of them do not fit into a request. */
export function isTooLarge(key: string, value: string): boolean {
  const length = key.length + value.length;
  // Almost every tag is short, and need not be measured.
  if (length * maxBytesPerCharacter < maxTagBytes) return false;
  return length > maxTagBytes || utf8Bytes(JSON.stringify(key) + JSON.stringify(value)) > maxTagBytes;
}
