import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './code-blocks.js';

const page = readFileSync(join(root, 'docs/security.md'), 'utf8');
const cited = [...page.matchAll(/`([\w/.-]+\.ts)`: \*([^*]+)\*/g)].map(([, file = '', name = '']) => ({ file, name }));

test('docs/security.md names only tests that exist', () => {
  const missing = cited.filter(({ file, name }) => {
    const path = join(root, 'test', file);
    return !existsSync(path) || !readFileSync(path, 'utf8').includes(name);
  });
  expect(cited.length).toBeGreaterThan(20);
  expect(missing).toEqual([]);
});

test('every attempt on docs/security.md has a test', () => {
  const rows = page.split('\n').filter((line) => /^\| .+ \| .+ \| .+ \|$/.test(line) && !line.startsWith('| --- '));
  const attempts = rows.filter((row) => !/^\| (Attempt|Party|Your|Holders|Everyone|OneSignal's|Redis and) /.test(row));
  expect(attempts.filter((row) => !/`[\w/.-]+\.ts`: \*/.test(row))).toEqual([]);
});
