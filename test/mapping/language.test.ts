import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { languageOf } from '../../src/mapping/opt-ins/language.js';

/** Documented by OneSignal, https://documentation.onesignal.com/docs/multi-language-messaging#supported-languages. */
const documented = (
  'en ar az bs ca zh-Hans zh-Hant hr cs da nl et fi fr ka bg de el hi he hu id it ja ko lv lt ms nb fa pl pt pa ro ru ' +
  'sr sk es sv th tr uk vi'
).split(' ');

describe('the language of a locale', () => {
  test.each(documented)('%s is supported', (language) => {
    expect(languageOf(language)).toBe(language);
    expect(languageOf(`${language.toUpperCase()}_XX`)).toBe(language);
  });

  test('is one that OneSignal documents, for any locale', () => {
    const letter = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz');
    const code = fc.tuple(letter, letter).map((letters) => letters.join(''));
    const locale = fc.oneof(
      code,
      fc.tuple(code, fc.constantFrom('-', '_', '.', '@'), fc.string({ maxLength: 8 })).map((parts) => parts.join('')),
      fc.string(),
      fc.anything(),
    );
    fc.assert(
      fc.property(locale, (value) => {
        expect([...documented, undefined]).toContain(languageOf(value));
      }),
      { numRuns: 3_000 },
    );
  });

  test.each([
    ['iw-IL', 'he'],
    ['in_ID', 'id'],
    ['no', 'nb'],
    ['nn-NO', 'nb'],
    ['zh-Hant-TW', 'zh-Hant'],
    ['zh-Hans-TW', 'zh-Hans'],
    ['zh_TW', 'zh-Hant'],
    ['zh-hk', 'zh-Hant'],
    ['zh-MO', 'zh-Hant'],
    ['zh-SG', 'zh-Hans'],
    ['zh_CN.UTF-8', 'zh-Hans'],
    ['fil-PH', undefined],
    ['sl', undefined],
    ['se', undefined],
    ['english', undefined],
    ['e', undefined],
    ['', undefined],
    ['__proto__', undefined],
  ])('of %s is %s', (locale, language) => {
    expect(languageOf(locale)).toBe(language);
  });
});
