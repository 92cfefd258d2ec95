import fc from 'fast-check';
import { expect, test } from 'vitest';
import { utf8Bytes } from '../../src/onesignal/utf8.js';

const encoded = (text: string) => new TextEncoder().encode(text).length;

test.each([
  ['nothing', '', 0],
  ['ASCII', 'plan', 4],
  ['two bytes', 'ä', 2],
  ['three bytes', '猫', 3],
  ['a pair of surrogates', '😀', 4],
  ['a high surrogate alone', '\ud800', 3],
  ['a low surrogate alone', '\udc00', 3],
  ['surrogates in the wrong order', '\udc00\ud800', 6],
  ['two high ones and a low one', '\ud800\ud800\udc00', 7],
  ['the last of one byte and the first of two', '\u007f\u0080', 3],
  ['the last of two bytes and the first of three', '\u07ff\u0800', 5],
])('counts the bytes of %s', (_, text, bytes) => {
  expect(utf8Bytes(text)).toBe(bytes);
  expect(encoded(text)).toBe(bytes);
});

test('returns the same size as TextEncoder for any string, well-formed or not', () => {
  const units = fc.array(fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0xd7f0, max: 0xe010 })), {
    maxLength: 40,
  });
  fc.assert(
    fc.property(units, (codes) => {
      const text = String.fromCharCode(...codes);
      expect(utf8Bytes(text)).toBe(encoded(text));
    }),
    { numRuns: 2_000 },
  );
});
