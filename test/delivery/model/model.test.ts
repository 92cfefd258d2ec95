import { expect, test } from 'vitest';
import { runMany } from './run-many.js';

const count = Number(process.env.MODEL_RUNS ?? 300);
const seed = Number(process.env.MODEL_SEED ?? 1);

test('random streams end as the model predicts, whatever fails along the way', { timeout: 3_600_000 }, async () => {
  expect(await runMany({ count, seed, shrinkMs: 30_000 })).toEqual({ runs: count });
});
