import { createStrictBackend } from './backend.js';
import { check, initialTags } from './check.js';
import { createClock } from './clock.js';
import { play, type Run } from './host.js';
import type { Scenario } from './scenario.js';

const startMs = Date.parse('2026-03-01T12:00:00.000Z');

/**
 * Plays a scenario against a strict OneSignal and compares its end with the model. Returns the differences.
 *
 * @param observe - Called with the run, to inspect it.
 */
export async function runScenario(scenario: Scenario, observe: (run: Run) => void = () => {}): Promise<string[]> {
  const backend = createStrictBackend(scenario);
  const clock = createClock(startMs);
  try {
    for (const user of scenario.existing) backend.addUser(user, initialTags(user));
    const run = await play(scenario, backend, clock);
    observe(run);
    return check(scenario, run, backend.state());
  } finally {
    clock.restore();
  }
}
