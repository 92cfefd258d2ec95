import { spawnSync } from 'node:child_process';
import { interleave } from './interleave.js';
import { isSmoke, report } from './program.js';

const start = (code: string) => () => {
  const { status } = spawnSync(process.execPath, ['--input-type=module', '-e', code]);
  if (status !== 0) throw new Error(`The process exited with ${status}`);
  return 1000;
};
const [empty, entryPoint, nodeRequest] = await interleave(
  [
    { name: 'empty', run: start('') },
    { name: 'entry point', run: start("import 'segment-onesignal'") },
    { name: 'Request', run: start('void globalThis.Request') },
  ],
  { rounds: isSmoke ? 2 : 21, warmUps: 1, time: 'wall' },
);
const over = (rounds: readonly number[] = []) => rounds.map((ms, round) => ms - (empty?.rounds[round] ?? Number.NaN));
const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
const requestMs = median(over(nodeRequest?.rounds)).toFixed(0);
report([
  {
    what: "import 'segment-onesignal', on top of an empty process",
    value: median(over(entryPoint?.rounds)),
    unit: 'ms',
    bar: { atMost: 45 },
    detail: `an empty process takes ${empty?.us.toFixed(0)} ms; of the rest, Node's own Request takes ${requestMs} ms`,
  },
]);
