import type { DeliveryOptions } from 'segment-onesignal';
import { calls, inFlight, makeCalls, users } from './calls.js';
import type { Figure } from './figure.js';
import { progress, report } from './program.js';

/** The live heap in MB. Collects garbage first: the heap is otherwise as large as the collector lets it grow. */
const liveMb = (): number => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 1e6;
};
const emptyMb = liveMb();
report([...(await measure('default order memory', {}, 40)), ...(await measure('order: false', { order: false }, 20))]);

async function measure(name: string, delivery: DeliveryOptions, atMost: number): Promise<Figure[]> {
  const samples: number[] = [];
  await makeCalls(delivery, (done) => {
    samples.push(liveMb());
    if (samples.length % 5 === 0) progress(`${name}: ${done} calls, ${samples.at(-1)?.toFixed(1)} MB live`);
  });
  /** During the first tenth, the bounded memory of the order guard fills up. */
  const [, afterFirstTenth = Number.NaN, ...rest] = samples;
  const largest = Math.max(...rest);
  return [
    {
      what: `peak live heap, ${name}, ${calls} calls for ${users} users`,
      value: largest,
      unit: 'MB',
      bar: { atMost },
      detail: `${emptyMb.toFixed(1)} MB before, ${inFlight} in flight`,
    },
    {
      what: `peak live heap, ${name} : after the first tenth`,
      value: largest / afterFirstTenth,
      unit: '×',
      bar: { atMost: 1.1 },
      detail: [afterFirstTenth, ...rest].map((mb) => mb.toFixed(1)).join(' '),
    },
  ];
}
