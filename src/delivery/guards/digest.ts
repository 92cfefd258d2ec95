/**
 * A digest of 64 bits: two texts that differ have the same one with a chance of one in 10^19. It hides no secret; it is
 * short and quick to compare.
 *
 * The two halves are 32-bit FNV-1a over UTF-16 code units, of which the second one starts elsewhere.
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
