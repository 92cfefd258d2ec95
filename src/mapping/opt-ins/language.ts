/** All but Chinese. For any other language, OneSignal refuses the whole request or stores English. */
const supported =
  'en ar az bs ca hr cs da nl et fi fr ka bg de el hi he hu id it ja ko lv lt ms nb fa pl pt pa ro ru sr sk es sv th tr uk vi';
/** Codes of languages that OneSignal lists under another code. Java and Android still write the former ones. */
const otherCodes: Readonly<Record<string, string>> = { iw: 'he', in: 'id', no: 'nb', nn: 'nb' };
const traditionalRegions = ['tw', 'hk', 'mo'];
/** Longer than any real locale. */
const maxLocaleCharacters = 85;

/**
 * OneSignal's code for the language of a locale: `en` for `en_US`, `zh-Hant` for `zh-TW`, `he` for Android's `iw-IL`.
 *
 * @returns `undefined` if OneSignal does not support the language, or the value is not a locale.
 *
 * @see {@link https://documentation.onesignal.com/docs/multi-language-messaging#supported-languages | OneSignal: Supported languages}
 * @see {@link https://www.rfc-editor.org/rfc/rfc5646#section-2.1 | BCP 47, Syntax}
 */
export function languageOf(locale: unknown): string | undefined {
  if (typeof locale !== 'string' || locale.length > maxLocaleCharacters) return undefined;
  const [code = '', ...subtags] = locale.toLowerCase().split(/[-_.@]/);
  if (code === 'zh') return chineseOf(subtags);
  const language = Object.hasOwn(otherCodes, code) ? otherCodes[code] : code;
  return language !== undefined && /^[a-z]{2}$/.test(language) && supported.includes(language) ? language : undefined;
}

/** Chinese by its script, or else by the region. OneSignal has no plain `zh`. */
function chineseOf(subtags: readonly string[]): string {
  if (subtags.includes('hans')) return 'zh-Hans';
  const isTraditional = subtags.includes('hant') || traditionalRegions.some((region) => subtags.includes(region));
  return isTraditional ? 'zh-Hant' : 'zh-Hans';
}
