import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ErrorCause } from '../../src/errors.js';
import { createRedactor } from '../../src/redact/redactor.js';
import { textsIn } from '../../src/redact/texts-in.js';

const redact = (words: string, ids: Iterable<string>): string => createRedactor({ ids, values: [] }).redact(words);

const plainCause = (thrown: unknown, ids: Iterable<string> = []): ErrorCause =>
  createRedactor({ ids, values: [] }).plainCause(thrown);

const mark = '<redacted>';
const longest = 200;
const numRuns = 300;
/** Normalizes a string as a reader would: regardless of case and of the kind of white space. */
const read = (text: string): string =>
  text
    .toLowerCase()
    .toUpperCase()
    .replace(/[\s\p{Cc}\p{Z}]+/gu, ' ');
/** The remaining pieces of the words between the marks, normalized. */
const pieces = (text: string): string[] => text.split(mark).map(read);

/** Words that contain no secret, and are not contained in any secret below. */
const plainWords = fc
  .array(fc.constantFrom('cannot', 'set', 'for', 'is', 'not', 'allowed', 'here', '(', ')', ':', '='), { maxLength: 60 })
  .map((words) => words.join(' '));
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({
    unit: fc.constantFrom('\\', '"', '%', '4', '1', '\ud800', '\udc00', 'u', '0', '(', '$', '&', ' '),
    maxLength: 20,
  }),
  fc.string({ unit: fc.constantFrom('a', 'B', 'ß', 'İ', 'ς', 'Σ', 'ﬁ', 'é', '-', '.', '\n', '\u2028'), maxLength: 20 }),
);
/** Characters that occur in none of the plain words make each secret distinct. */
const secret = fc
  .tuple(fc.constantFrom('zq', 'Zß7', '9猫', '"zq', '7%41z'), text, fc.constantFrom('q9', 'Q"', '7', '猫', ''))
  .map((parts) => parts.join(''))
  .filter((value) => /\S/.test(value) && value.trim().length >= 2);
const longSecret = secret.filter((value) => read(value).trim().length >= 4);
const wellFormed = (value: string): string => value.replace(/\p{Cs}/gu, '\uFFFD');

/** The ways in which the words may write a secret. */
const written: Record<string, (secret: string) => string> = {
  'as it is': (value) => value,
  'in upper case': (value) => value.toUpperCase(),
  'in lower case': (value) => value.toLowerCase(),
  'percent-encoded': (value) => encodeURIComponent(wellFormed(value)),
  'percent-encoded in lower case': (value) => encodeURIComponent(wellFormed(value)).toLowerCase(),
  'escaped as in JSON': (value) => JSON.stringify(value).slice(1, -1),
  'escaped as in JSON in JSON': (value) => JSON.stringify(JSON.stringify(value)).slice(3, -3),
  'percent-encoded JSON': (value) => encodeURIComponent(JSON.stringify(wellFormed(value)).slice(1, -1)),
  'with \\u escapes': (value) =>
    Array.from(
      { length: value.length },
      (_, index) => `\\u${value.charCodeAt(index).toString(16).padStart(4, '0')}`,
    ).join(''),
};
const around = fc.constantFrom('', ' ', '"', "'", '/', '=', '<', '>', '. ', '\n');
/** An id must not follow a letter, a digit or the start of an escape. */
const alone = fc.constantFrom(' ', '"', "'", '=', '(', ': ', '\n');

test.each(Object.entries(written))('a secret written %s is never left', (_, write) => {
  fc.assert(
    fc.property(longSecret, plainWords, plainWords, around, fc.boolean(), (value, before, after, edge, isId) => {
      const form = write(value);
      const words = `${before} ${edge}${form}${edge} ${after}`;
      const left = createRedactor({ ids: isId ? [value] : [], values: isId ? [] : [value] }).redact(words);
      for (const piece of pieces(left))
        for (const hidden of [value, form]) expect(piece).not.toContain(read(hidden.trim()));
    }),
    { numRuns },
  );
});

test('an id of any length is never left where it stands alone', () => {
  const id = fc.oneof(
    fc.string({
      unit: fc.constantFrom('7', '9', 'z', 'Q', '猫', 'ß', '$', '\\', '+', '*'),
      minLength: 1,
      maxLength: 3,
    }),
    secret,
  );
  fc.assert(
    fc.property(id, plainWords, plainWords, alone, (value, before, after, edge) => {
      for (const write of Object.values(written)) {
        const words = `${before}${edge}${write(value)}${edge}${after}`;
        const left = redact(words, [value]);
        for (const piece of pieces(left)) expect(` ${piece} `).not.toContain(read(`${edge}${value.trim()}${edge}`));
        if (/^[7-9zq]+$/i.test(value)) expect(left).not.toMatch(new RegExp(value, 'i'));
      }
    }),
    { numRuns },
  );
});

test('a long secret is never left where it is cut after eight characters or more', () => {
  const long = fc
    .tuple(longSecret, fc.string({ unit: 'grapheme-ascii', minLength: 12, maxLength: 60 }))
    .map((parts) => parts.join('').trim())
    .filter((value) => !/\s{2}/.test(value));
  fc.assert(
    fc.property(long, fc.nat(), plainWords, (value, seed, before) => {
      const characters = Array.from(value);
      const length = 8 + (seed % (characters.length - 7));
      const cut = characters.slice(0, length).join('').trimEnd();
      fc.pre(cut.length >= 8);
      for (const end of ['…', '...', '"', ' is too long'])
        for (const form of [
          cut,
          cut.toUpperCase(),
          encodeURIComponent(wellFormed(cut)),
          JSON.stringify(cut).slice(1, -1),
        ]) {
          const left = createRedactor({ ids: [], values: [value] }).redact(`${before} "${form}${end}`);
          for (const piece of pieces(left)) expect(piece).not.toContain(read(cut));
        }
    }),
    { numRuns },
  );
});

test('the digits of a phone number are never left, however they are separated', () => {
  const separator = fc.constantFrom('', '', ' ', '-', '.', '/', ' (', ') ', '\u00a0', '%20');
  fc.assert(
    fc.property(
      fc.integer({ min: 1_000_000, max: 999_999_999_999_999 }),
      fc.array(separator, { minLength: 15, maxLength: 15 }),
      fc.array(
        separator.filter((between) => between !== '%20'),
        { minLength: 15, maxLength: 15 },
      ),
      plainWords,
      (number, inWords, inSecret, before) => {
        const write = (separators: readonly string[]) =>
          Array.from(String(number), (digit, index) => `${index === 0 ? '' : separators[index]}${digit}`).join('');
        const left = createRedactor({ ids: [], values: [`+${write(inSecret)}`] }).redact(
          `${before} ${write(inWords)} bad`,
        );
        expect(left.replaceAll('%20', '')).not.toMatch(/\d/);
      },
    ),
    { numRuns },
  );
});

/** Without white space and control characters around it: as escapes they may stay, because they reveal nothing. */
function trimmed(value: string): string {
  return value.replace(/^[\p{Cc}\p{Z}]+|[\p{Cc}\p{Z}]+$/gu, '');
}

test('no part of a secret is left where the words are cut', () => {
  fc.assert(
    fc.property(longSecret, fc.nat(1_500), fc.constantFrom(...Object.values(written)), (value, gap, write) => {
      const long = 'a secret of many characters, and of many words, '.repeat(5).trim();
      const words = `${long}${'.'.repeat(gap % 300)}${`${long} `.repeat(gap / 300)}${write(trimmed(value))}${' more'.repeat(400)}`;
      const left = redact(words, [long, value]).replace(/<[redact]*$/, '');
      for (const piece of pieces(left)) expect(piece.replace(/\.| ?MORE|MOR?$/g, '').trim()).toMatch(/^ ?M?O?R?E?$/);
    }),
    { numRuns },
  );
});

test('words without secrets stay unchanged, except that they are cut', () => {
  fc.assert(
    fc.property(
      plainWords,
      fc.array(fc.oneof(secret, fc.constantFrom('pro', 'the', 'is', '1', 'true', 'set', 'for')), { maxLength: 20 }),
      (words, values) => {
        expect(createRedactor({ ids: [], values }).redact(words)).toBe(words.trim().slice(0, longest));
      },
    ),
    { numRuns },
  );
});

test('never throws, and the result is never longer than 200 characters', () => {
  const anything = fc.oneof(
    text,
    fc.tuple(text, fc.nat(2_000)).map(([unit, times]) => unit.repeat(times)),
    fc.string({ unit: 'binary', maxLength: 3_000 }),
    fc.constantFrom('a'.repeat(1_000_000), '"\\u'.repeat(300_000), '%F0%9F'.repeat(200_000), ' '.repeat(1_000_000)),
  );
  fc.assert(
    fc.property(
      anything,
      fc.array(anything, { maxLength: 5 }),
      fc.array(anything, { maxLength: 5 }),
      (words, ids, values) => {
        const redactor = createRedactor({ ids, values });
        const cause = redactor.plainCause(Object.assign(new Error(words), { name: words, code: words }));
        for (const result of [redactor.redact(words), redact(words, ids), cause.name, cause.code ?? '', cause.message])
          expect(result.length).toBeLessThanOrEqual(longest);
      },
    ),
    { numRuns },
  );
});

test('the message of an error shows no secret either', () => {
  fc.assert(
    fc.property(
      longSecret,
      plainWords,
      around,
      fc.constantFrom(...Object.values(written)),
      (value, words, edge, write) => {
        const { message } = plainCause(new Error(`${words} ${edge}${write(value)}${edge} ${words}`), [value]);
        for (const piece of message.split(/<redacted>|<url>|<path>/))
          expect(read(piece)).not.toContain(read(value.trim()));
      },
    ),
    { numRuns },
  );
});

test('every string of a value is collected, at any depth', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1 }), fc.nat(50), (texts, depth) => {
      let value: unknown = texts;
      for (let level = 0; level < depth * 100; level++) value = level % 2 === 0 ? [value] : { value };
      expect(textsIn(value)).toEqual(new Set(texts));
    }),
  );
});
