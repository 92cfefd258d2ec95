import { createDestination, type Transport } from 'segment-onesignal';
import { isSmoke, progress, report } from './program.js';

const appId = '00000000-0000-4000-8000-000000000001';
const calls = isSmoke ? 20_000 : 1_000_000;
const users = isSmoke ? 4_000 : 200_000;
const inFlight = 1_000;
const sampleEvery = calls / 20;

/** In process and trivial: what is measured is what delivery keeps, not a client's buffers. */
const transport: Transport = {
  send: () =>
    new Promise((resolve) => {
      setImmediate(() => resolve({ status: 202, headers: {}, body: {} }));
    }),
};
const delivery = { concurrency: inFlight, requestsPerSecond: Number.POSITIVE_INFINITY } as const;
const destination = createDestination({ appId, transport, delivery });

const startedAt = Date.now();
const eventOf = (index: number) => ({
  type: 'track',
  event: 'Order Completed',
  messageId: `m${index}`,
  // Users in turn: nobody has to wait for his second.
  userId: `user-${index % users}`,
  timestamp: new Date(startedAt + index).toISOString(),
  properties: {
    plan: `plan ${index % 7}`,
    seats: index % 100,
    city: `city ${index % 1000}`,
    note: null,
    products: [{}],
  },
});

const residentMb = (): number => process.memoryUsage.rss() / 1e6;
const samples: number[] = [];
let next = 0;
let done = 0;
const worker = async (): Promise<void> => {
  for (let index = next++; index < calls; index = next++) {
    const [outcome] = await destination.deliver([eventOf(index)]);
    if (outcome.status !== 'delivered') throw new Error(`not delivered: ${outcome.status}`);
    if (++done % sampleEvery === 0) {
      samples.push(residentMb());
      if (samples.length % 5 === 0) progress(`${done} calls, ${residentMb().toFixed(0)} MB`);
    }
  }
};
const emptyMb = residentMb();
await Promise.all(Array.from({ length: inFlight }, worker));
const seconds = (Date.now() - startedAt) / 1000;

/** The first tenth fills what is bounded: the order guard's memory. */
const [, afterFirstTenth = Number.NaN, ...rest] = samples;
const largest = Math.max(...rest);
report([
  {
    what: `resident memory at the most, ${calls} calls for ${users} users`,
    value: largest,
    unit: 'MB',
    bar: { atMost: 250 },
    detail: `${emptyMb.toFixed(0)} MB before, ${inFlight} in flight, ${(calls / seconds).toFixed(0)} calls a second`,
  },
  {
    what: 'resident memory, at the most : after the first tenth',
    value: largest / afterFirstTenth,
    unit: '×',
    bar: { atMost: 1.1 },
    detail: [afterFirstTenth, ...rest].map((mb) => mb.toFixed(0)).join(' '),
  },
]);
