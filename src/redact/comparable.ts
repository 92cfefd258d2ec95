import { searchedLength } from './limits.js';

const plainAscii = /^[!-~]*$/;
const betweenSpaces = /[^\p{Cc}\p{Z}]+/gu;
/** White space and control characters. */
export const space = /[\p{Cc}\p{Z}]/u;

/** A secret as it is compared: without case, with one space for all white space, no longer than the searched text. */
export function comparable(secret: string): string {
  if (secret.length <= searchedLength && plainAscii.test(secret)) return secret.toUpperCase();
  let start = '';
  for (const [part] of secret.matchAll(betweenSpaces)) {
    start += start === '' ? part : ` ${part}`;
    if (start.length >= searchedLength) break;
  }
  return fold(start.slice(0, searchedLength));
}

/** Removes case. Lone surrogates become U+FFFD, as they do in UTF-8. */
export function fold(text: string): string {
  // Lower case alone keeps "ς" apart from "σ" and "ß" from "SS"; upper case alone keeps "İ" apart from "i̇".
  return text
    .replace(/\p{Cs}/gu, '\uFFFD')
    .toLowerCase()
    .toUpperCase();
}
