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
const programs = await buildPrograms();
let failed = 0;
for (let run = 0; run < Number(values.runs); run++) {
  const seed = Number(values.seed) + run;
  const mode: Mode = modes.find((one) => one === values.mode) ?? modes[seed % modes.length] ?? 'mixed';
  const redis = await launchRedis(['--appendfsync', 'always']);
  const { wrong, gaps, ...rest } = await runScenario(
    {
      seed,
      mode,
      events: Number(values.events),
      users: Number(values.users),
      workers: Number(values.workers),
      eventsPerSecond: Number(values.rate),
    },
    programs,
    redis,
  );
  await redis.close();
  // In the mode `gaps` writes leave late on purpose, and nobody can keep them a second away from others.
  const keepsInterval = gaps.length === 0 || mode === 'gaps';
  const isGood = rest.lost === 0 && wrong.length === 0 && keepsInterval && rest.mostPerSecond <= 1_000;
  if (!isGood) failed++;
  console.log(
    isGood ? 'ok  ' : 'FAIL',
    `seed ${seed}`,
    mode,
    JSON.stringify({ ...rest, wrong: wrong.length, gaps: gaps.length }),
  );
  for (const one of [...wrong.slice(0, 5), ...gaps.slice(0, 5)]) console.log('    ', one);
}
await programs.close();
process.exitCode = failed === 0 ? 0 : 1;
