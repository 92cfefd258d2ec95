import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isUuid } from '../../src/onesignal/is-uuid.js';
import { uuidV5 } from '../../src/onesignal/uuid.js';
import { nodeUuidV5 } from './uuid.js';

const dns = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';

test("the example of RFC 9562 gives the RFC's id", () => {
  expect(uuidV5('www.example.com', dns)).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
});

test('any name in any namespace gives the same UUID as SHA-1 of node:crypto', () => {
  const text = fc.string({ unit: 'grapheme' });
  fc.assert(
    fc.property(text, fc.uuid(), (name, namespace) => {
      expect(uuidV5(name, namespace)).toBe(nodeUuidV5(name, namespace));
      expect(uuidV5(name, namespace.toUpperCase())).toBe(nodeUuidV5(name, namespace));
    }),
  );
});

test('never throws: neither for a namespace that is not a UUID nor for ill-formed Unicode', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (name, namespace) => {
      expect(isUuid(uuidV5(`\ud800${name}`, namespace))).toBe(true);
      expect(isUuid(uuidV5(`\ud800${name}`, dns))).toBe(true);
    }),
  );
});

test('names in different namespaces that are not UUIDs get different ids', () => {
  expect(uuidV5('a', 'x')).not.toBe(uuidV5('a', 'y'));
  expect(uuidV5('a', 'x')).not.toBe(uuidV5('b', 'x'));
});

test.each([
  ['7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a', true],
  ['7D3C7A1E-5F0B-4C43-9A55-1F2E3D4C5B6A', true],
  ['00000000-0000-0000-0000-000000000000', true],
  ['7d3c7a1e5f0b4c439a551f2e3d4c5b6a', false],
  ['{7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a}', false],
  ['7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a\n', false],
  ['7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6', false],
  ['', false],
])('%j is a UUID: %s', (text, is) => {
  expect(isUuid(text)).toBe(is);
});
