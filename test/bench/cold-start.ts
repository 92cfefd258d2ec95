import { spawnSync } from 'node:child_process';
import { interleave } from './interleave.js';
import { isSmoke, report } from './program.js';

const start = (code: string) => () => {
  const { status } = spawnSync(process.execPath, ['--input-type=module', '-e', code]);
  if (status !== 0) throw new Error(`the process ended with ${status}`);
  return 1000;
};
const [empty, frontDoor, mapping] = await interleave(
  [
    { name: 'empty', run: start('') },
    { name: 'front door', run: start("import 'segment-onesignal'") },
    { name: 'Request', run: start('void globalThis.Request') },
  ],
  isSmoke ? 2 : 21,
  1,
);
const over = (rounds: readonly number[] = []) => rounds.map((ms, round) => ms - (empty?.rounds[round] ?? Number.NaN));
const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
report([
  {
    what: "import 'segment-onesignal', over an empty process",
    value: median(over(frontDoor?.rounds)),
    unit: 'ms',
    bar: { atMost: 60 },
    detail: `${empty?.us.toFixed(0)} ms an empty process; Node's own Request alone is ${median(over(mapping?.rounds)).toFixed(0)} ms`,
  },
]);
