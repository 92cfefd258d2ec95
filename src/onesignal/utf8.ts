/**
 * The size of a string in UTF-8, in bytes. Counted by hand because Segment's Functions runtime has no `TextEncoder`.
 *
 * @internal
 */
export function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) continue;
    // A surrogate pair is two units and four bytes: two bytes per unit. Any other unit past 0x7ff is three bytes.
    bytes += unit < 0x800 || isPaired(text, index, unit) ? 1 : 2;
  }
  return bytes;
}

function isPaired(text: string, index: number, unit: number): boolean {
  if (unit < 0xd800 || unit > 0xdfff) return false;
  const other = text.charCodeAt(unit < 0xdc00 ? index + 1 : index - 1);
  return unit < 0xdc00 ? other >= 0xdc00 && other <= 0xdfff : other >= 0xd800 && other < 0xdc00;
}
