/**
 * A short text to compare in place of a long one. Two texts that differ hardly ever share a digest by chance. It is not
 * made to withstand an attacker, and does not hide the text.
 *
 * It consists of two 32-bit FNV-1a hashes over UTF-16 code units; the second also mixes in their positions.
 *
 * @see {@link https://datatracker.ietf.org/doc/html/draft-eastlake-fnv | FNV-1a}
 * @internal
 */
export function digestOf(text: string): string {
  let one = 0x811c9dc5;
  let other = 0x5bd1e995;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    one = Math.imul(one ^ unit, 0x01000193);
    other = Math.imul(other ^ (unit + index), 0x01000193);
  }
  return (one >>> 0).toString(36) + (other >>> 0).toString(36).padStart(7, '0');
}
