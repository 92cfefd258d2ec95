import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createContainerCounter, firstItemOf, readStringField } from '../../src/receiving/scan-json.js';

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array | undefined) => (bytes === undefined ? undefined : new TextDecoder().decode(bytes));

/** A value and its JSON text, compact or formatted. Strings contain what could confuse a scanner. */
const string = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('"', '\\', '[', '{', ']', '}', ',', ':', ' ', 'writeKey') }),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, true, -1.5e3),
    string,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(string, fc.constant('writeKey')), tie('value'), { maxKeys: 4 }),
  ),
}));
const indent = fc.constantFrom('', '  ', '\t');

function containersIn(given: unknown): number {
  if (typeof given !== 'object' || given === null) return 0;
  return Object.values(given).reduce((sum: number, inner) => sum + containersIn(inner), 1);
}

function depthOf(given: unknown): number {
  if (typeof given !== 'object' || given === null) return 0;
  return 1 + Math.max(0, ...Object.values(given).map(depthOf));
}

test('objects and arrays are counted as a parser finds them, however the text is split into pieces', () => {
  fc.assert(
    fc.property(value, indent, fc.integer({ min: 1, max: 9 }), (given, space, size) => {
      const bytes = bytesOf(JSON.stringify(given, null, space));
      const count = createContainerCounter();
      let total = 0;
      for (let start = 0; start < bytes.length; start += size) total = count(bytes.subarray(start, start + size));
      expect(total).toBe(containersIn(given));
    }),
    { numRuns: 500 },
  );
});

test('the first item of an array is the one that a parser finds', () => {
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 3 }), indent, (items, space) => {
      const first = firstItemOf(bytesOf(` ${JSON.stringify(items, null, space)}\n`), 1_000);
      expect(JSON.parse(textOf(first?.bytes) ?? '')).toEqual(JSON.parse(JSON.stringify(items[0])));
      expect(first).toMatchObject({ isOnly: items.length === 1, depth: depthOf(items[0]) });
      // In compact JSON, it equals what JSON.stringify returns, to the byte.
      if (space === '') expect(textOf(first?.bytes)).toBe(JSON.stringify(items[0]));
    }),
    { numRuns: 500 },
  );
});

test('a text that is not an array has no first item', () => {
  fc.assert(
    fc.property(value, (given) => {
      fc.pre(!Array.isArray(given));
      expect(firstItemOf(bytesOf(JSON.stringify(given)), 1_000)).toBeUndefined();
    }),
  );
});

test.each(['', '[', '[]', '[ ]', '[,1]', '[1', '["a', '["a\\', '[[1]', '[{"a":1}'])('%j has no first item', (text) => {
  expect(firstItemOf(bytesOf(text), 1_000)).toBeUndefined();
});

test('a field of the outermost object is the one that a parser finds', () => {
  fc.assert(
    fc.property(value, indent, (given, space) => {
      const parsed: unknown = JSON.parse(JSON.stringify(given));
      const wanted: unknown = Array.isArray(parsed) ? undefined : Object(parsed).writeKey;
      const found = readStringField(bytesOf(JSON.stringify(given, null, space)), 'writeKey');
      expect(found).toBe(typeof wanted === 'string' ? wanted : undefined);
    }),
    { numRuns: 500 },
  );
});

test('no text makes a scan throw', () => {
  const unit = fc.constantFrom('"', '\\', '[', '{', ']', '}', ',', ':', ' ', 'a', '"writeKey"');
  fc.assert(
    fc.property(fc.string({ unit }), (text) => {
      const bytes = bytesOf(text);
      createContainerCounter()(bytes);
      firstItemOf(bytes, 1_000);
      readStringField(bytes, 'writeKey');
    }),
    { numRuns: 1_000 },
  );
});

test('a value longer than 1,000 bytes is not read', () => {
  const field = (length: number) => readStringField(bytesOf(JSON.stringify({ a: 'x'.repeat(length) })), 'a');
  expect(field(998)).toHaveLength(998);
  expect(field(999)).toBeUndefined();
});
