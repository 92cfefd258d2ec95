import { expect, test } from 'vitest';
import { hasRedis, startRedis } from '../redis-server.js';
import { buildPrograms } from './processes.js';
import { runScenario } from './scenario.js';

// The short form of npm run test:fleet.
test.skipIf(!hasRedis)(
  'a fleet whose processes are killed and frozen loses nothing and ends in the right state',
  { timeout: 120_000 },
  async () => {
    const programs = await buildPrograms();
    try {
      const scenario = { seed: 11, mode: 'mixed' as const, events: 900, users: 150, workers: 2, eventsPerSecond: 100 };
      const run = await runScenario(scenario, programs, await startRedis(['--appendfsync', 'always']));
      expect(run).toMatchObject({ lost: 0, wrong: [], gaps: [] });
      expect(run.mostPerSecond).toBeLessThanOrEqual(1_000);
    } finally {
      await programs.close();
    }
  },
);
