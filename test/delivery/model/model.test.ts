import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../code-blocks.js';
import { bugs } from './bugs.js';
import { runMany } from './run-many.js';

const count = Number(process.env.MODEL_RUNS ?? 300);
const seed = Number(process.env.MODEL_SEED ?? 1);

test('random streams end as the model predicts, whatever fails along the way', { timeout: 3_600_000 }, async () => {
  expect(await runMany({ count, seed, shrinkMs: 30_000 })).toEqual({ runs: count });
});

test.each(bugs)('"$name" still has one place in the source to be planted in', ({ find }) => {
  const directory = join(root, 'src');
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
  const places = files.map((path) => readFileSync(join(directory, path), 'utf8').split(find).length - 1);
  expect(places.reduce((sum, count) => sum + count, 0)).toBe(1);
});
