/**
 * The size of a string in UTF-8, in bytes. Counted by hand because Segment's Functions runtime has no `TextEncoder`.
 *
 * @internal
 */
export function utf8Bytes(text: string): number {
  let bytes = 0;
  // By character: of a surrogate pair, only the pair has a size. A lone surrogate is written as U+FFFD, 3 bytes as well.
  for (const character of text) {
    const code = Number(character.codePointAt(0));
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
