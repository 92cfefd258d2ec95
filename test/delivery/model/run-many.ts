import fc from 'fast-check';
import { runScenario } from './run-scenario.js';
import { type Scenario, scenario } from './scenario.js';

/** The result of random scenarios. */
export interface Finding {
  /** How many scenarios ran until one failed; all of them if none did. */
  readonly runs: number;
  /** Absent if every scenario ended as the model predicts. */
  readonly failing?: { readonly scenario: Scenario; readonly complaints: readonly string[] };
}

export interface RunOptions {
  count: number;
  /** The same seed gives the same scenarios. */
  seed: number;
  /** Milliseconds to spend on looking for a smaller scenario that fails. */
  shrinkMs: number;
  onRun?: () => void;
}

/** Runs random scenarios until one fails. */
export async function runMany({ count, seed, shrinkMs, onRun }: RunOptions): Promise<Finding> {
  let runs = 0;
  let failing: Finding['failing'];
  let shrinksUntil = Number.POSITIVE_INFINITY;
  const property = fc.asyncProperty(scenario, async (given) => {
    if (performance.now() > shrinksUntil) return;
    if (failing === undefined) runs++;
    const complaints = await runScenario(given);
    onRun?.();
    if (complaints.length === 0) return;
    if (failing === undefined) shrinksUntil = performance.now() + shrinkMs;
    failing = { scenario: given, complaints };
    throw new Error('It failed.');
  });
  await fc.check(property, { numRuns: count, seed, endOnFailure: shrinkMs === 0 });
  return failing === undefined ? { runs } : { runs, failing };
}
