/** The languages that OneSignal lists as supported (docs/onesignal.md 2.1), without `en-US` and the like. */
const LANGUAGES: readonly string[] = [
  ...['en', 'ar', 'az', 'bg', 'bs', 'ca', 'cs', 'da', 'de', 'el', 'es', 'et', 'fa', 'fi', 'fr', 'he', 'hi', 'hr', 'hu'],
  ...['id', 'it', 'ja', 'ka', 'ko', 'lt', 'lv', 'ms', 'nb', 'nl', 'pa', 'pl', 'pt', 'ro', 'ru', 'sk', 'sr', 'sv', 'th'],
  ...['tr', 'uk', 'vi', 'zh-Hans', 'zh-Hant'],
];

export function isSupportedLanguage(value: unknown): boolean {
  return typeof value === 'string' && LANGUAGES.includes(value);
}
