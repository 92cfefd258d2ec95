import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { publicApi, publicApiFile } from './public-api.js';

test('test/public-api.md lists the public API of the build (npm run public-api writes it)', () => {
  expect(readFileSync(publicApiFile, 'utf8')).toBe(publicApi());
});
