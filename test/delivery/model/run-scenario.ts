import { vi } from 'vitest';
import { type Backend, createSandboxBackend } from './backend.js';
import { check, initialTags } from './check.js';
import { createClock } from './clock.js';
import { play } from './host.js';
import type { Scenario } from './scenario.js';

const startMs = Date.parse('2026-03-01T12:00:00.000Z');

/** Plays a scenario against a backend and compares its end with the model. Returns what is wrong. */
export async function runScenario(
  scenario: Scenario,
  createBackend: (options: { visibleAfterMs: number }) => Backend = createSandboxBackend,
): Promise<string[]> {
  const backend = createBackend({ visibleAfterMs: scenario.visibleAfterMs });
  const clock = createClock(startMs, backend.isBusy);
  try {
    for (const user of scenario.existing) backend.addUser(user, initialTags(user));
    const run = await play(scenario, backend, clock);
    const state = await backend.state();
    if (process.env.MODEL_TRACE) {
      for (const e of run.events)
        console.log(
          e.number,
          JSON.stringify(e.input),
          'first',
          e.firstAt - startMs,
          'at',
          e.atMs === undefined ? undefined : e.atMs - startMs,
          'final',
          (e.finalAt ?? 0) - startMs,
          'n',
          e.deliveries,
          JSON.stringify(e.outcome),
        );
      for (const x of run.exchanges)
        console.log(
          x.sentAt - startMs,
          (x.arrivedAt ?? 0) - startMs,
          x.request.method,
          x.request.path.slice(42),
          JSON.stringify(x.request.body),
          x.isApplied,
          x.status,
        );
      console.log(JSON.stringify([...state.users]), JSON.stringify(state.subscriptions));
    }
    return check(scenario, run, state);
  } finally {
    vi.useRealTimers();
  }
}
