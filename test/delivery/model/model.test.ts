import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runScenario } from './run-scenario.js';
import { scenario } from './scenario.js';

const numRuns = Number(process.env.MODEL_RUNS ?? 200);
const seed = Number(process.env.MODEL_SEED ?? 1);
const path = process.env.MODEL_PATH;

test('random streams end as the model says, whatever fails on the way', { timeout: 3_600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async (given) => {
      expect(await runScenario(given)).toEqual([]);
    }),
    { numRuns, seed, endOnFailure: true, ...(path === undefined ? {} : { path, endOnFailure: true }) },
  );
});
