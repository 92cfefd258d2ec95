import { calls, inFlight, makeCalls, users } from './calls.js';
import { progress, report } from './program.js';

const residentMb = (): number => process.memoryUsage.rss() / 1e6;
const emptyMb = residentMb();
const samples: number[] = [];
const startedAt = process.cpuUsage();
await makeCalls({}, (done) => {
  samples.push(residentMb());
  if (samples.length % 5 === 0) progress(`${done} calls, ${residentMb().toFixed(0)} MB resident`);
});
const { user, system } = process.cpuUsage(startedAt);

/** During the first tenth, the bounded memory of the order guard fills up. */
const [, afterFirstTenth = Number.NaN, ...rest] = samples;
const largest = Math.max(...rest);
report([
  {
    what: `peak resident memory, ${calls} calls for ${users} users`,
    value: largest,
    unit: 'MB',
    bar: { atMost: 220 },
    detail: `${emptyMb.toFixed(0)} MB before, ${inFlight} in flight, ${((user + system) / calls).toFixed(1)} µs of CPU per call`,
  },
  {
    what: 'peak resident memory : after the first tenth',
    value: largest / afterFirstTenth,
    unit: '×',
    bar: { atMost: 1.1 },
    detail: [afterFirstTenth, ...rest].map((mb) => mb.toFixed(0)).join(' '),
  },
]);
