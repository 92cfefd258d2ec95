/** Java and Android still write the codes that ISO 639-1 had until 1989. */
const formerCodes: Readonly<Record<string, string>> = { iw: 'he', in: 'id', ji: 'yi' };

/**
 * S3: the ISO 639-1 code of a locale: `zh` for `zh-Hant-TW`, `en` for `en_US`, `he` for Android's `iw-IL`.
 *
 * @returns `undefined` where the language has no code of two letters, or the locale is none.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc5646#section-2.1 | BCP 47, Syntax}
 */
export function languageOf(locale: unknown): string | undefined {
  const code = typeof locale === 'string' ? /^([A-Za-z]{2})(?:[-_.@]|$)/.exec(locale)?.[1]?.toLowerCase() : undefined;
  if (code === undefined) return undefined;
  return Object.hasOwn(formerCodes, code) ? formerCodes[code] : code;
}
