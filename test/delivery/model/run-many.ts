import fc from 'fast-check';
import { runScenario } from './run-scenario.js';
import { type Scenario, scenario } from './scenario.js';

/** What random scenarios showed. */
export interface Finding {
  /** How many scenarios ran before one failed; all of them if none did. */
  readonly runs: number;
  /** What is wrong in the failing scenario. */
  readonly complaints: readonly string[];
  readonly failing: Scenario | undefined;
}

/** Runs random scenarios until one fails. The same seed gives the same scenarios. */
export async function runMany(count: number, seed: number, onRun: () => void = () => {}): Promise<Finding> {
  let runs = 0;
  for (const failing of fc.sample(scenario, { numRuns: count, seed })) {
    const complaints = await runScenario(failing);
    runs++;
    onRun();
    if (complaints.length > 0) return { runs, complaints, failing };
  }
  return { runs, complaints: [], failing: undefined };
}
