// Runs the fleet under kills and freezes:
//
//   npm run test:fleet [-- --seed 1 --runs 3 --mode mixed --events 6000]
import { parseArgs } from 'node:util';
import { launchRedis } from '../redis-process.js';
import { buildPrograms } from './processes.js';
import { type Mode, modes, runScenario } from './scenario.js';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '1' },
    mode: { type: 'string' },
    events: { type: 'string', default: '6000' },
    users: { type: 'string', default: '600' },
    workers: { type: 'string', default: '3' },
    rate: { type: 'string', default: '400' },
  },
});
let failed = 0;
for (let run = 0; run < Number(values.runs); run++) {
  const seed = Number(values.seed) + run;
  const mode: Mode = modes.find((one) => one === values.mode) ?? modes[seed % modes.length] ?? 'mixed';
  if (!(await runOne(seed, mode))) failed++;
}
process.exitCode = failed === 0 ? 0 : 1;

/** Runs one scenario and prints its result. Returns whether it passed. */
async function runOne(seed: number, mode: Mode): Promise<boolean> {
  const programs = await buildPrograms();
  const redis = await launchRedis(['--appendfsync', 'always']);
  try {
    const scenario = {
      seed,
      mode,
      events: Number(values.events),
      users: Number(values.users),
      workers: Number(values.workers),
      eventsPerSecond: Number(values.rate),
    };
    const { wrong, gaps, ...rest } = await runScenario(scenario, programs, redis);
    // In the mode `gaps`, writes leave late on purpose, so they cannot be kept a second apart from others.
    const keepsInterval = gaps.length === 0 || mode === 'gaps';
    const isGood = rest.lost === 0 && wrong.length === 0 && keepsInterval && rest.mostPerSecond <= 1_000;
    const figures = JSON.stringify({ ...rest, wrong: wrong.length, gaps: gaps.length });
    console.log(isGood ? 'ok  ' : 'FAIL', `seed ${seed}`, mode, figures);
    for (const one of [...wrong.slice(0, 5), ...gaps.slice(0, 5)]) console.log('    ', one);
    return isGood;
  } catch (thrown) {
    console.log('FAIL', `seed ${seed}`, mode, thrown);
    return false;
  } finally {
    await programs.close();
    await redis.close();
  }
}
